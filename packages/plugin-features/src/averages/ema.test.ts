import { describe, expect, it } from 'vitest';
import { barsOfCloses, createFeature, runFeature } from '@keelson/test-kit/features';
import { ema } from './ema.js';

const values = (closes: readonly number[], params: Record<string, unknown>, tickSize = 0.01): number[] => Array.from(runFeature(createFeature(ema, params, { tickSize }), barsOfCloses(closes))[0] as Float64Array);

describe('ema', () => {
  it('starts with the simple mean of its first closes and then moves by 2 / (period + 1) of the distance', () => {
    // (1 + 2 + 6) / 3 = 3, then half of the distance: 3 + (5 - 3) / 2, 4 + (8 - 4) / 2
    expect(values([1, 2, 6, 5, 8], { period: 3 })).toEqual([NaN, NaN, 3, 4, 6]);
  });

  it('is the close itself for a period of one', () => {
    expect(values([1.1, 2.2, 0.7], { period: 1 })).toEqual([1.1, 2.2, 0.7]);
  });

  it('equals a still price bit by bit, whatever the period', () => {
    const still = Array.from({ length: 100 }, () => 1.10775);
    expect(values(still, { period: 12 }, 0.00005).slice(11)).toEqual(still.slice(11));
    expect(values(still, { period: 26 }, 0.00005).slice(25)).toEqual(still.slice(25));
    expect(values(still, { period: 7, source: 'hlc3' }, 0.00005).slice(6)).toEqual(still.slice(6));
  });

  it('reads a source that is a mean of prices', () => {
    const bars = barsOfCloses([10, 10, 10]);
    bars.high.set([12, 14, 20]);
    bars.low.set([8, 10, 12]);
    expect(Array.from(runFeature(createFeature(ema, { period: 3, source: 'hl2' }), bars)[0] as Float64Array)[2]).toBeCloseTo((10 + 12 + 16) / 3, 12);
    expect(runFeature(createFeature(ema, { period: 1, source: 'hl2' }), bars)[0]).toEqual(Float64Array.of(10, 12, 16));
  });
});
