import { allocateBars } from '@keelson/core/series';
import { describe, expect, it } from 'vitest';
import { createFeature, runFeature } from '@keelson/test-kit/features';
import { atr } from './atr.js';

function bars(rows: ReadonlyArray<readonly [high: number, low: number, close: number]>) {
  const columns = allocateBars(rows.length);
  rows.forEach(([high, low, close], i) => {
    columns.open[i] = close;
    columns.high[i] = high;
    columns.low[i] = low;
    columns.close[i] = close;
  });
  return columns;
}

describe('atr', () => {
  it('leaves out bar 0, starts with the simple mean of true ranges and then smooths like Wilder', () => {
    // true ranges: none, 12 - 9 = 3, a gap up 20 - 11 = 9, a gap down 15 - 4 = 11
    const [values] = runFeature(createFeature(atr, { period: 2 }), bars([[50, 1, 10], [12, 9, 11], [20, 18, 15], [6, 4, 5]])) as [Float64Array];
    expect(Array.from(values)).toEqual([NaN, NaN, 6, 8.5]);
  });

  it('is zero where nothing moves', () => {
    const [values] = runFeature(createFeature(atr, { period: 2 }), bars(Array.from({ length: 5 }, () => [7, 7, 7] as const))) as [Float64Array];
    expect(values[4]).toBe(0);
  });
});
