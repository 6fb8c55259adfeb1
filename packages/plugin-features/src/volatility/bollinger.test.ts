import { describe, expect, it } from 'vitest';
import { randomBars, seeded } from '@keelson/test-kit/bars';
import { barsOfCloses, createFeature, runFeature } from '@keelson/test-kit/features';
import { bollinger } from './bollinger.js';

const last = (closes: readonly number[], params: Record<string, unknown>, tickSize = 0.01): number[] =>
  runFeature(createFeature(bollinger, params, { tickSize }), barsOfCloses(closes), 5).map((column) => column[closes.length - 1]);

describe('bollinger', () => {
  it('is the average with a band of population deviations around it', () => {
    // mean 5, squares 9 + 1 + 1 + 9 over 4: deviation sqrt(5)
    const [middle, upper, lower, width, percentB] = last([2, 4, 6, 8], { period: 4, deviations: 1.5 }) as [number, number, number, number, number];
    const spread = 1.5 * Math.sqrt(5);
    expect(middle).toBe(5);
    expect(upper).toBeCloseTo(5 + spread, 12);
    expect(lower).toBeCloseTo(5 - spread, 12);
    expect(width).toBeCloseTo((2 * spread) / 5, 12);
    expect(percentB).toBeCloseTo((8 - 5 + spread) / (2 * spread), 12);
  });

  it('has no value before the window is full', () => {
    const columns = runFeature(createFeature(bollinger, { period: 3 }), barsOfCloses([1, 2, 3]), 5);
    for (const column of columns) expect([column[0], column[1], Number.isNaN(column[2])]).toEqual([NaN, NaN, false]);
  });

  it('has a width of exactly zero over equal prices, whatever came before', () => {
    for (const tickSize of [0.00005, 0.01]) {
      const still = Array.from({ length: 20 }, () => 1.10775);
      expect(last([900.5, 0.33333, 1e6, ...still], {}, tickSize)).toEqual([1.10775, 1.10775, 1.10775, 0, 0.5]);
    }
  });

  it.each([0.01, 3])('keeps its digits for 300,000 bars far from where it began, for ticks of %s', (tickSize) => {
    const next = seeded(3);
    const period = 20;
    const closes = Array.from({ length: 300_000 }, (_, i) => Math.round((100 + i * 0.05 + 2 * next()) * 100) / 100);
    const [middle, upper] = runFeature(createFeature(bollinger, { period }, { tickSize }), barsOfCloses(closes), 5) as [Float64Array, Float64Array];
    for (let i = 19; i < closes.length; i += 997) {
      const window = closes.slice(i - period + 1, i + 1);
      const mean = window.reduce((a, b) => a + b, 0) / period;
      const deviation = Math.sqrt(window.reduce((a, b) => a + (b - mean) ** 2, 0) / period);
      expect(Math.abs(upper[i] - middle[i] - 2 * deviation)).toBeLessThan(1e-9 * deviation);
    }
  });

  it('finds its way back from a price that is not a number', () => {
    const columns = runFeature(createFeature(bollinger, { period: 2 }), barsOfCloses([NaN, 1, 2, NaN, 4, 6]), 5);
    expect(columns.map((column) => column[5])).toEqual([5, 7, 3, 0.8, 0.75]);
  });

  it('reads a source that is a mean of prices', () => {
    const bars = randomBars(1, 40);
    const means = Float64Array.from(bars.close, (close, i) => (close + bars.high[i] + bars.low[i]) / 3);
    const columns = runFeature(createFeature(bollinger, { source: 'hlc3' }), bars, 5);
    const direct = runFeature(createFeature(bollinger, {}), barsOfCloses(means), 5);
    columns.forEach((column, k) => expect(column[39]).toBeCloseTo(direct[k]?.[39], 9));
  });
});
