import { seeded } from '@keelson/test-kit/bars';
import { describe, expect, it } from 'vitest';
import { PairWindow } from './pair-window.js';

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Slope and z-score of the newest pair, from the definitions. */
function plainly(xs: readonly number[], ys: readonly number[], fixed?: number): readonly [slope: number, deviations: number] {
  const [mx, my] = [mean(xs), mean(ys)];
  const slope = fixed ?? mean(xs.map((x, i) => (x - mx) * (ys[i] - my))) / mean(xs.map((x) => (x - mx) ** 2));
  const spreads = xs.map((x, i) => ys[i] - slope * x);
  const middle = mean(spreads);
  return [slope, (spreads[spreads.length - 1] - middle) / Math.sqrt(mean(spreads.map((spread) => (spread - middle) ** 2)))];
}

describe('PairWindow', () => {
  it.each([2, 3, 20, 50])('equals the definitions over any window of %i pairs, far from zero as well', (length) => {
    const next = seeded(3);
    const window = new PairWindow(length);
    const xs: number[] = [];
    const ys: number[] = [];
    for (let i = 0; i < 500; i++) {
      xs.push(10 + i / 100 + next() / 50);
      ys.push(3 + 0.7 * xs[i] + next() / 100);
      window.push(xs[i], ys[i]);
      if (i + 1 < length) {
        expect(window.full).toBe(false);
        expect([window.slope, window.deviationsOf(1)]).toEqual([NaN, NaN]);
        continue;
      }
      const [slope, rolling] = plainly(xs.slice(-length), ys.slice(-length));
      expect(window.slope).toBeCloseTo(slope, 6);
      expect(window.deviationsOf(1)).toBeCloseTo(plainly(xs.slice(-length), ys.slice(-length), 1)[1], 6);
      if (length > 2) expect(window.deviationsOf(window.slope)).toBeCloseTo(rolling, 6);
    }
  });

  it('has no deviations where the spread does not move, and no slope where the first number does not', () => {
    const window = new PairWindow(4);
    for (let i = 0; i < 11; i++) {
      window.push(i / 7, i / 7);
      expect(window.deviationsOf(1)).toBeNaN();
    }
    for (let i = 0; i < 11; i++) window.push(5.3, i / 7);
    expect(window.slope).toBeNaN();
    expect(window.deviationsOf(window.slope)).toBeNaN();
    expect(window.deviationsOf(1)).toBeGreaterThan(0);
  });
});
