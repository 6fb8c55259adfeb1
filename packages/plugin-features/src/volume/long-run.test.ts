import type { SessionCalendar } from '@keelson/core/domain';
import { toUtcMs } from '@keelson/core/domain';
import type { FeatureDefinition } from '@keelson/core/ports';
import { BarRing, allocateBars } from '@keelson/core/series';
import { seeded } from '@keelson/test-kit/bars';
import { createFeature } from '@keelson/test-kit/features';
import { describe, expect, it } from 'vitest';
import { vwap } from '../averages/vwap.js';
import { accumulationDistribution } from './accumulation-distribution.js';
import { chaikinOscillator } from './chaikin-oscillator.js';
import { obv } from './obv.js';
import { priceVolumeTrend } from './price-volume-trend.js';
import { negativeVolumeIndex, positiveVolumeIndex } from './volume-index.js';

/** A bar in whole numbers: prices in quarters, volume in sixteenths. The range is a power of two, so that every term has an exact double. */
type Whole = { close: number; low: number; range: number; volume: number; before: number; volumeBefore: number };

const CHECKS = 40;
/** One session for the whole run. */
const session = { date: '2100-01-01', open: toUtcMs(0), close: toUtcMs(1e15) };
const forever: SessionCalendar = { id: '24/7', timeZone: 'UTC', sessionsPerYear: 1, sessionAt: () => session, nextSession: () => session, previousSession: () => session };

/** Greatest difference of a feature from `exact`, relative to it, over bars whose volumes lie five orders of magnitude apart. */
function worst(definition: FeatureDefinition, length: number, exact: (bar: Whole, check: boolean) => number | undefined, params: Record<string, unknown> = {}): number {
  const feature = createFeature(definition, params, { tickSize: 0.25, calendar: forever });
  const out = new Float64Array(definition.outputs.length);
  const ring = new BarRing(16);
  const row = allocateBars(1);
  const next = seeded(7);
  const bar: Whole = { close: 40_000, low: 0, range: 0, volume: 0, before: Number.NaN, volumeBefore: Number.NaN };
  let most = 0;
  let checks = 0;
  for (let i = 0; i < length; i++) {
    bar.before = i === 0 ? Number.NaN : bar.close;
    bar.volumeBefore = i === 0 ? Number.NaN : bar.volume;
    bar.close = Math.min(60_000, Math.max(20_000, bar.close + Math.floor(next() * 41) - 20));
    bar.range = 2 ** Math.floor(next() * 7);
    bar.low = bar.close - Math.floor(next() * (bar.range + 1));
    bar.volume = next() < 0.01 ? Math.floor(next() * 1e9) : Math.floor(next() * 5_000);
    row.time[0] = i * 60_000;
    row.open[0] = row.close[0] = bar.close / 4;
    row.low[0] = bar.low / 4;
    row.high[0] = (bar.low + bar.range) / 4;
    row.volume[0] = bar.volume / 16;
    ring.push(row, 0);
    feature.update(ring, out);
    const check = (i + 1) % (length / CHECKS) === 0;
    const value = exact(bar, check);
    if (!check || value === undefined) continue;
    checks++;
    most = Math.max(most, Math.abs((out[0] as number) - value) / Math.abs(value));
  }
  expect(checks).toBe(CHECKS);
  return most;
}

/** The quotient of two whole numbers, rounded once or so. */
const over = (sum: bigint, unit: bigint): number => Number((sum << 80n) / unit) / 2 ** 80;
const money = (bar: Whole): number => (2 * (bar.close - bar.low) - bar.range) * bar.volume * (64 / bar.range);

describe('over millions of bars', () => {
  it('obv is the exact sum', { timeout: 60_000 }, () => {
    let sum = 0n;
    expect(worst(obv, 5_000_000, ({ close, before, volume }, check) => {
      if (!(close < before) && close !== before) sum += BigInt(volume);
      else if (close < before) sum -= BigInt(volume);
      return check ? over(sum, 16n) : undefined;
    })).toBeLessThan(1e-12);
  });

  it('accumulation-distribution is the exact sum', { timeout: 60_000 }, () => {
    let sum = 0n;
    expect(worst(accumulationDistribution, 5_000_000, (bar, check) => {
      sum += BigInt(money(bar));
      return check ? over(sum, 1_024n) : undefined;
    })).toBeLessThan(1e-12);
  });

  it('session vwap is the exact quotient of the sums', { timeout: 60_000 }, () => {
    let [traded, volume] = [0n, 0n];
    expect(worst(vwap, 5_000_000, (bar, check) => {
      traded += BigInt(bar.close * bar.volume);
      volume += BigInt(bar.volume);
      return check ? over(traded, volume * 4n) : undefined;
    }, { source: 'close' })).toBeLessThan(1e-12);
  });

  it('chaikin-oscillator is the weighted sum of the newest flows alone', { timeout: 60_000 }, () => {
    const flows = new Float64Array(1_024);
    let count = 0;
    expect(worst(chaikinOscillator, 1_000_000, (bar, check) => {
      flows[count++ & 1_023] = money(bar) / 1_024;
      if (!check) return undefined;
      // an average that keeps k of its value lags the line by the sum of k, k², k³ … of the flows, the newest first
      let [sum, fast, slow] = [0, 1, 1];
      for (let back = 0; back < 1_024; back++) {
        fast *= 1 - 2 / 4;
        slow *= 1 - 2 / 11;
        sum += (slow - fast) * (flows[(count - 1 - back) & 1_023] as number);
      }
      return sum;
    })).toBeLessThan(1e-12);
  });

  it('price-volume-trend is the exact sum', { timeout: 60_000 }, () => {
    let sum = 0n;
    expect(worst(priceVolumeTrend, 1_000_000, ({ close, before, volume }, check) => {
      if (!Number.isNaN(before)) sum += (BigInt(volume * (close - before)) << 100n) / BigInt(before);
      return check ? over(sum, 16n << 100n) : undefined;
    })).toBeLessThan(1e-12);
  });

  it.each([
    ['negative-volume-index', negativeVolumeIndex, -1],
    ['positive-volume-index', positiveVolumeIndex, 1],
  ] as const)('%s is the exact product', { timeout: 60_000 }, (_, definition, sign) => {
    let product = 1_000n << 200n;
    expect(worst(definition, 1_000_000, ({ close, before, volume, volumeBefore }, check) => {
      if (sign * (volume - volumeBefore) > 0) product = (product * BigInt(close)) / BigInt(before);
      return check ? over(product, 1n << 200n) : undefined;
    })).toBeLessThan(1e-12);
  });
});
