import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RollingSum } from './rolling-sum.js';

function run(sum: RollingSum, values: readonly number[]): number[] {
  const column = Float64Array.from(values);
  return values.map((_, i) => {
    sum.push(column, i);
    return sum.value;
  });
}

describe('RollingSum', () => {
  it('has no value until the window is full, and then the sum of the newest numbers', () => {
    expect(run(new RollingSum(3), [1, 2, 3, 4, -5])).toEqual([NaN, NaN, 6, 9, 2]);
  });

  it('is exactly 0 over zeros and exactly one number among zeros, whatever left the window', () => {
    expect(run(new RollingSum(3), [1e60, 1e30 / 3, 1 / 7, 0, 0, 0, 0.1, 0, 0]).slice(5)).toEqual([0, 0.1, 0.1, 0.1]);
  });

  it('finds its way back from numbers that are not finite', () => {
    expect(run(new RollingSum(2), [1, NaN, 2, 3, Infinity, NaN, 4, 0.5])).toEqual([NaN, NaN, NaN, 5, NaN, NaN, NaN, 4.5]);
  });

  it('equals the exact sum of any window of whole numbers and of fractions, also after it was cleared', () => {
    // multiples of 2^-40 below 2^40, whose exact sum a bigint holds
    const value = fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }).map((n) => BigInt(Number(n)));
    fc.assert(
      fc.property(fc.array(fc.oneof(value, fc.constant(0n)), { maxLength: 120 }), fc.integer({ min: 1, max: 30 }), (values, period) => {
        const sum = new RollingSum(period);
        run(sum, [0.1, 0.2, 1e9]);
        sum.clear();
        run(sum, values.map((n) => Number(n) / 2 ** 40)).forEach((found, i) => {
          if (i + 1 < period) expect(found).toBeNaN();
          else expect(found).toBe(Number(values.slice(i + 1 - period, i + 1).reduce((a, b) => a + b, 0n)) / 2 ** 40);
        });
      }),
    );
  });

  it('keeps its digits over 5 million numbers with spikes', () => {
    const period = 20;
    const sum = new RollingSum(period);
    const column = Float64Array.from({ length: 1_009 }, (_, i) => (i === 500 ? 1e12 / 3 : Math.sin(i)));
    for (let i = 0; i < 5_000_000; i++) sum.push(column, i % column.length);
    const at = 4_999_999 % column.length;
    const exact = Array.from(column.subarray(at - period + 1, at + 1)).reduce((a, b) => a + b, 0);
    expect(Math.abs(sum.value - exact)).toBeLessThan(1e-14);
  });
});
