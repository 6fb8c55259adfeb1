import { describe, expect, it } from 'vitest';
import { logRatio } from './log-ratio.js';

describe('logRatio', () => {
  it.each([[2, 1], [1, 2], [1.05, 1], [100, 104.08], [100, 104.09], [100.01, 100], [5e-8, 5.01e-8]])('is ln(%d / %d)', (a, b) => {
    expect(logRatio(a, b) / Math.log1p((a - b) / b)).toBeCloseTo(1, 14);
  });

  it('keeps the digits of a move of one part in 10^12', () => {
    // ln(1 + x) = x − x²/2 …, x the exact difference
    const x = 1 + 1e-12 - 1;
    expect(logRatio(1 + 1e-12, 1) / (x - (x * x) / 2)).toBeCloseTo(1, 15);
  });

  it('turns its sign with the order of the prices', () => {
    expect(logRatio(3, 7)).toBeCloseTo(-logRatio(7, 3), 15);
    expect(logRatio(7, 7)).toBe(0);
  });

  it.each([[0, 1], [1, 0], [-1, -1], [-37, 20], [NaN, 1]])('has no value for %d / %d', (a, b) => {
    expect(logRatio(a, b)).toBeNaN();
  });
});
