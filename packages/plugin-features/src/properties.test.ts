import type { BarColumns } from '@keelson/core/domain';
import type { FeatureDefinition } from '@keelson/core/ports';
import { BarRing, sliceBars } from '@keelson/core/series';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomBars } from '@keelson/test-kit/bars';
import { createFeature, runFeature } from '@keelson/test-kit/features';
import { atr } from './volatility/atr.js';
import { bollinger } from './volatility/bollinger.js';
import { ema } from './averages/ema.js';
import { macd } from './momentum/macd.js';
import { rsi } from './momentum/rsi.js';
import { sma } from './averages/sma.js';
import { vwap } from './averages/vwap.js';

type Params = Record<string, number | string>;
type Case = { readonly name: string; readonly definition: FeatureDefinition; readonly params: fc.Arbitrary<Params>; readonly batch: (bars: BarColumns, params: Params) => number[] };

const period = fc.integer({ min: 1, max: 40 });
const source = fc.constantFrom('close', 'open', 'high', 'low', 'hl2', 'hlc3', 'ohlc4');

function pricesOf({ open, high, low, close, length }: BarColumns, name: unknown): number[] {
  const pick: Record<string, (i: number) => number> = {
    open: (i) => open[i],
    high: (i) => high[i],
    low: (i) => low[i],
    close: (i) => close[i],
    hl2: (i) => (high[i] + low[i]) / 2,
    hlc3: (i) => (high[i] + low[i] + close[i]) / 3,
    ohlc4: (i) => (open[i] + high[i] + low[i] + close[i]) / 4,
  };
  return Array.from({ length }, (_, i) => pick[String(name)](i));
}
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** The textbook formulas over whole columns: the first output, NaN where there is none. */
function exponential(values: readonly number[], length: number): number[] {
  const first = values.findIndex((value) => !Number.isNaN(value)) + length - 1;
  const result = values.map(() => NaN);
  result[first] = mean(values.slice(first - length + 1, first + 1));
  for (let i = first + 1; i < values.length; i++) result[i] = (2 / (length + 1)) * values[i] + (1 - 2 / (length + 1)) * result[i - 1];
  return result;
}
function wilder(values: readonly number[], length: number): number[] {
  const result = values.map(() => NaN);
  result[length] = mean(values.slice(1, length + 1));
  for (let i = length + 1; i < values.length; i++) result[i] = (result[i - 1] * (length - 1) + values[i]) / length;
  return result;
}
const rolling = (values: readonly number[], length: number, of: (window: readonly number[]) => number): number[] => values.map((_, i) => (i + 1 < length ? NaN : of(values.slice(i + 1 - length, i + 1))));

const cases: readonly Case[] = [
  { name: 'sma', definition: sma, params: fc.record({ period, source }), batch: (bars, p) => rolling(pricesOf(bars, p['source']), Number(p['period']), mean) },
  { name: 'ema', definition: ema, params: fc.record({ period, source }), batch: (bars, p) => exponential(pricesOf(bars, p['source']), Number(p['period'])) },
  {
    name: 'rsi',
    definition: rsi,
    // not the means of several prices: where those are equal on paper, the plain formula sees moves of one rounding
    params: fc.record({ period, source: fc.constantFrom('close', 'open', 'high', 'low') }),
    batch(bars, p) {
      const changes = pricesOf(bars, p['source']).map((price, i, prices) => price - (prices[i - 1] ?? NaN));
      const up = wilder(changes.map((change) => Math.max(change, 0)), Number(p['period']));
      const down = wilder(changes.map((change) => Math.max(-change, 0)), Number(p['period']));
      return up.map((rise, i) => (rise + down[i] === 0 ? 50 : 100 - 100 / (1 + rise / down[i])));
    },
  },
  {
    name: 'macd',
    definition: macd,
    params: fc.record({ fast: fc.integer({ min: 1, max: 12 }), slow: fc.integer({ min: 13, max: 30 }), signal: fc.integer({ min: 1, max: 10 }), source }),
    batch(bars, p) {
      const prices = pricesOf(bars, p['source']);
      const slow = exponential(prices, Number(p['slow']));
      const line = exponential(prices, Number(p['fast'])).map((fast, i) => fast - slow[i]);
      return exponential(line, Number(p['signal'])).map((signal, i) => (Number.isNaN(signal) ? NaN : line[i]));
    },
  },
  {
    name: 'atr',
    definition: atr,
    params: fc.record({ period }),
    batch: ({ high, low, close, length }, p) =>
      wilder(Array.from({ length }, (_, i) => Math.max(high[i] - low[i], Math.abs(high[i] - close[i - 1]), Math.abs(low[i] - close[i - 1]))), Number(p['period'])),
  },
  { name: 'bollinger', definition: bollinger, params: fc.record({ period, source }), batch: (bars, p) => rolling(pricesOf(bars, p['source']), Number(p['period']), mean) },
  {
    name: 'vwap',
    definition: vwap,
    params: fc.record({ window: fc.constantFrom('bars', 'session'), period, source }),
    batch(bars, p) {
      const prices = pricesOf(bars, p['source']);
      return prices.map((_, i) => {
        const [end, start] = [i + 1, p['window'] === 'session' ? 0 : i + 1 - Number(p['period'])];
        if (start < 0) return NaN;
        const volumes = Array.from(bars.volume.slice(start, end));
        return volumes.reduce((sum, volume, k) => sum + volume * prices[start + k], 0) / volumes.reduce((a, b) => a + b, 0);
      });
    },
  },
];

describe.each(cases)('$name', ({ definition, params, batch }) => {
  const outputs = definition.outputs.length;
  /** Bars on the grid of the tick 0.01, off it, and coarse ones with many equal prices. */
  const anyBars = fc.record({ seed: fc.integer(), denominator: fc.constantFrom(100, 97.3, 1), step: fc.constantFrom(2, 8) }).map(({ seed, ...options }) => randomBars(seed, 150, options));
  const check = (property: (bars: BarColumns, params: Params) => void) => fc.assert(fc.property(anyBars, params, property), { numRuns: 60 });

  it('gives bar by bar what the formula gives over whole columns', () => {
    check((bars, p) => {
      const expected = batch(bars, p);
      const [values] = runFeature(createFeature(definition, p), bars, outputs) as [Float64Array];
      values.forEach((value, i) => {
        if (Number.isNaN(expected[i])) expect(value).toBeNaN();
        else expect(Math.abs(value - expected[i])).toBeLessThan(1e-9 * Math.max(1, Math.abs(expected[i])));
      });
    });
  });

  it('has its first value on the bar that warmupBars names', () => {
    check((bars, p) => {
      bars.volume.fill(1);
      const feature = createFeature(definition, p);
      for (const column of runFeature(feature, bars, outputs)) expect(column.findIndex((value) => !Number.isNaN(value)) + 1).toBe(feature.warmupBars);
    });
  });

  it('gives the same values again after a reset', () => {
    check((bars, p) => {
      const feature = createFeature(definition, p);
      const first = runFeature(feature, bars, outputs);
      feature.reset();
      expect(runFeature(feature, bars, outputs)).toEqual(first);
      feature.reset();
      expect(runFeature(feature, sliceBars(bars, 70, 150), outputs)).toEqual(runFeature(createFeature(definition, p), sliceBars(bars, 70, 150), outputs));
    });
  });

  it('never changes the past when bars are appended', () => {
    check((bars, p) => {
      const all = runFeature(createFeature(definition, p), bars, outputs);
      const some = runFeature(createFeature(definition, p), sliceBars(bars, 0, 90), outputs);
      expect(some).toEqual(all.map((column) => column.slice(0, 90)));
    });
  });

  it('needs no more of the window than the newest bar', () => {
    check((bars, p) => {
      const [narrow, out] = [new BarRing(1), new Float64Array(outputs)];
      const feature = createFeature(definition, p);
      const expected = runFeature(createFeature(definition, p), bars, outputs);
      for (let row = 0; row < bars.length; row++) {
        narrow.push(bars, row);
        feature.update(narrow, out);
        expect(Array.from(out)).toEqual(expected.map((column) => column[row]));
      }
    });
  });
});
