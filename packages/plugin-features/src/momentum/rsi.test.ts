import { describe, expect, it } from 'vitest';
import { barsOfCloses, createFeature, runFeature } from '@keelson/test-kit/features';
import { rsi } from './rsi.js';

const values = (closes: readonly number[], period: number, tickSize = 0.01): number[] => Array.from(runFeature(createFeature(rsi, { period }, { tickSize }), barsOfCloses(closes))[0] as Float64Array);

describe('rsi', () => {
  it('has its first value on bar `period` and follows Wilder from there', () => {
    // rises 2, 0, 4, 0 and falls 0, 1, 0, 3: means of the first two are 1 and 0.5, then (1 + 4) / 2, 0.5 / 2, then 2.5 / 2, (0.25 + 3) / 2
    const [first, second, third, fourth, fifth] = values([10, 12, 11, 15, 12], 2);
    expect([first, second]).toEqual([NaN, NaN]);
    expect(third).toBeCloseTo((100 * 1) / 1.5, 12);
    expect(fourth).toBeCloseTo((100 * 2.5) / 2.75, 12);
    expect(fifth).toBeCloseTo((100 * 1.25) / (1.25 + 1.625), 12);
  });

  it('is 100 when every move was up, 0 when every move was down, 50 when there was none', () => {
    expect(values([1, 2, 3, 4], 3)[3]).toBe(100);
    expect(values([4, 3, 2, 1], 3)[3]).toBe(0);
    expect(values([4, 4, 4, 4, 4], 3).slice(3)).toEqual([50, 50]);
  });

  it('is exactly 50 when rises and falls are the same number of ticks', () => {
    const ticks = [22_152, 22_153, 22_152, 22_155, 22_152, 22_153, 22_152];
    expect(values(ticks.map((n) => n / 20_000), 6, 0.00005)[6]).toBe(50);
  });

  it('works off the grid', () => {
    expect(values([1 / 3, 2 / 3, 1 / 3, 2 / 3], 3)[3]).toBeCloseTo(200 / 3, 9);
  });
});
