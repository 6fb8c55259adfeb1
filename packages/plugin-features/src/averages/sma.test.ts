import { BarRing, allocateBars } from '@keelson/core/series';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomBars, seeded } from '@keelson/test-kit/bars';
import { barsOfCloses, createFeature, runFeature } from '@keelson/test-kit/features';
import { sma } from './sma.js';

const closesOf = (closes: readonly number[], period: number, tickSize = 0.01): number[] => Array.from(runFeature(createFeature(sma, { period }, { tickSize }), barsOfCloses(closes))[0] as Float64Array);

describe('sma', () => {
  it('is the mean of the newest closes and has no value before', () => {
    expect(closesOf([1, 2, 3, 4, 6], 3)).toEqual([NaN, NaN, 2, 3, 13 / 3]);
  });

  it('is the close itself for a period of one', () => {
    const closes = [1.1076, 1.10785, 0.00005, 12345.6789, 1.1];
    expect(closesOf(closes, 1, 0.00005)).toEqual(closes);
  });

  it.each([
    ['open', 10],
    ['high', 16],
    ['low', 7],
    ['close', 13],
    ['hl2', 11.5],
    ['hlc3', 12],
    ['ohlc4', 11.5],
  ])('reads the source %s', (source, expected) => {
    const bars = allocateBars(1);
    bars.open[0] = 10;
    bars.high[0] = 16;
    bars.low[0] = 7;
    bars.close[0] = 13;
    expect(runFeature(createFeature(sma, { period: 1, source }), bars)[0]?.[0]).toBe(expected);
    // the same off the grid
    expect(runFeature(createFeature(sma, { period: 1, source }, { tickSize: 100 }), bars)[0]?.[0]).toBe(expected);
  });

  it.each([
    { tick: '0.00005', numerator: 1, denominator: 20_000, start: 22_000 },
    { tick: '0.01', numerator: 1, denominator: 100, start: 5_000 },
    { tick: '0.25', numerator: 1, denominator: 4, start: 18_000 },
    { tick: '0.03125', numerator: 1, denominator: 32, start: 3_500 },
    { tick: '5', numerator: 5, denominator: 1, start: 9_000 },
  ])('orders a fast and a slow average as whole numbers would, ties included, for ticks of $tick', ({ tick, numerator, denominator, start }) => {
    const next = seeded(7);
    const ticks: number[] = [];
    let level = start;
    for (let i = 0; i < 20_000; i++) {
      if (next() < 0.1) level += next() < 0.5 ? -1 : 1;
      ticks.push(level);
    }
    const closes = ticks.map((n) => (n * numerator) / denominator);
    const fast = closesOf(closes, 10, Number(tick));
    const slow = closesOf(closes, 30, Number(tick));
    let ties = 0;
    for (let i = 29; i < ticks.length; i++) {
      let ten = 0;
      let thirty = 0;
      for (let k = 0; k < 30; k++) {
        thirty += ticks[i - k];
        if (k < 10) ten += ticks[i - k];
      }
      const expected = Math.sign(ten * 3 - thirty);
      if (expected === 0) ties++;
      if (Math.sign(fast[i] - slow[i]) !== expected) expect.fail(`bar ${i}: ${fast[i]} against ${slow[i]}, expected sign ${expected}`);
    }
    expect(ties).toBeGreaterThan(300);
  });

  it('takes a price with the noise of one multiplication as the tick it means', () => {
    const noisy = [0.1 * 3, 0.7 * 3, 1.1 * 3, 2.3 * 3];
    const clean = [0.3, 2.1, 3.3, 6.9];
    expect(noisy).not.toEqual(clean);
    expect(closesOf(noisy, 2, 0.1)).toEqual(closesOf(clean, 2, 0.1));
  });

  it('equals a still price bit by bit, also off the grid', () => {
    const still = 12.345678901;
    const values = closesOf([3.3, 99.7, ...Array.from({ length: 40 }, () => still)], 30);
    expect(values.slice(-10)).toEqual(Array.from({ length: 10 }, () => still));
  });

  it('is exact after 10 million bars on the grid', () => {
    const period = 30;
    const feature = createFeature(sma, { period }, { tickSize: 0.00005 });
    const row = allocateBars(1);
    const ring = new BarRing(1);
    const out = new Float64Array(1);
    const next = seeded(11);
    const window = new Int32Array(period);
    let sum = 0n;
    let level = 22_000;
    let wrong = 0;
    for (let i = 0; i < 10_000_000; i++) {
      level += next() < 0.5 ? -1 : 1;
      if (level < 10_000) level = 22_000;
      sum += BigInt(level - window[i % period]);
      window[i % period] = level;
      row.close[0] = level / 20_000;
      ring.push(row, 0);
      feature.update(ring, out);
      if (i % 997 === 0 && i > period && out[0] !== Number(sum) / (period * 20_000)) wrong++;
    }
    expect(wrong).toBe(0);
    expect(out[0]).toBe(Number(sum) / (period * 20_000));
  });

  it('stays within 1e-15 of the exact sum for 10 million bars off the grid, spikes included', () => {
    const period = 50;
    const feature = createFeature(sma, { period });
    const row = allocateBars(1);
    const ring = new BarRing(1);
    const out = new Float64Array(1);
    const next = seeded(13);
    const window = Array.from({ length: period }, () => 0n);
    let sum = 0n;
    let worst = 0;
    for (let i = 0; i < 10_000_000; i++) {
      // doubles of at least 64 are whole multiples of 2^-46
      const price = next() < 1e-5 ? 1e9 * (1 + next()) : 64 + 64 * next();
      const units = BigInt(price * 2 ** 46);
      sum += units - (window[i % period] as bigint);
      window[i % period] = units;
      row.close[0] = price;
      ring.push(row, 0);
      feature.update(ring, out);
      if (i % 997 === 0 && i > period) {
        const exact = Number(sum) / 2 ** 46 / period;
        worst = Math.max(worst, Math.abs(out[0] / exact - 1));
      }
    }
    expect(worst).toBeLessThan(1e-15);
  });

  it('is exact again once a price off the grid has left', () => {
    const values = closesOf([1e15 / 3, NaN, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6], 3);
    expect(values.slice(4)).toEqual([0.2, 0.3, 0.4, 0.5]);
  });

  it('recovers from a price that is not a number among prices off the grid', () => {
    const values = closesOf([1 / 3, NaN, 1 / 7, 1 / 3, 1 / 3, 1 / 3], 2);
    expect(values.slice(4)).toEqual([1 / 3, 1 / 3]);
  });

  it('equals a plain mean on any window', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 60 }), (seed, period) => {
        const bars = randomBars(seed, 200);
        const [values] = runFeature(createFeature(sma, { period }), bars) as [Float64Array];
        for (let i = period - 1; i < bars.length; i++) {
          const mean = bars.close.subarray(i - period + 1, i + 1).reduce((a, b) => a + b, 0) / period;
          expect(values[i]).toBeCloseTo(mean, 9);
        }
      }),
      { numRuns: 30 },
    );
  });

  it.each([0, -1, 2.5, 100_001, '10', undefined])('refuses a period of %s', (period) => {
    expect(() => createFeature(sma, { period })).toThrow();
  });
});
