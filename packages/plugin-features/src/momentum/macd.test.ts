import { describe, expect, it } from 'vitest';
import { randomBars } from '@keelson/test-kit/bars';
import { barsOfCloses, createFeature, runFeature } from '@keelson/test-kit/features';
import { ema } from '../averages/ema.js';
import { macd } from './macd.js';

describe('macd', () => {
  it('is the fast average less the slow one, with all outputs from bar slow + signal - 2', () => {
    const bars = randomBars(3, 120);
    const [line, signal, histogram] = runFeature(createFeature(macd), bars, 3) as [Float64Array, Float64Array, Float64Array];
    const [fast] = runFeature(createFeature(ema, { period: 12 }), bars) as [Float64Array];
    const [slow] = runFeature(createFeature(ema, { period: 26 }), bars) as [Float64Array];
    for (let i = 0; i < bars.length; i++) {
      if (i < 33) {
        expect([line[i], signal[i], histogram[i]]).toEqual([NaN, NaN, NaN]);
      } else {
        expect(line[i]).toBe(fast[i] - slow[i]);
        expect(histogram[i]).toBe(line[i] - signal[i]);
      }
    }
    let first = 0;
    for (let i = 25; i <= 33; i++) first += (fast[i] - slow[i]) / 9;
    expect(signal[33]).toBeCloseTo(first, 10);
    expect(signal[34]).toBeCloseTo(first + 0.2 * (line[34] - first), 10);
  });

  it('is exactly zero while the price stands still', () => {
    const columns = runFeature(createFeature(macd, {}, { tickSize: 0.00005 }), barsOfCloses(Array.from({ length: 60 }, () => 1.10775)), 3);
    expect(columns.map((column) => column[59])).toEqual([0, 0, 0]);
  });

  it('refuses a fast period that is not below the slow one', () => {
    expect(() => createFeature(macd, { fast: 26 })).toThrow('fast was 26, expected less than slow (26): lower fast or raise slow');
  });
});
