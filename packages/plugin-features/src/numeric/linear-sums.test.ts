import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LinearSums } from './linear-sums.js';

function push(sums: LinearSums, values: readonly number[]): void {
  const column = Float64Array.from(values);
  for (let i = 0; i < values.length; i++) sums.push(column, i);
}

describe('LinearSums', () => {
  it('are sums of the newest values, the newest with the greatest weight', () => {
    const sums = new LinearSums(3);
    push(sums, [9, 1, 2, 4]);
    expect(sums.origin * 3 + sums.sum).toBe(7);
    expect(sums.origin * 6 + sums.weighted).toBe(1 + 2 * 2 + 3 * 4);
  });

  it('are exactly 0 from the origin over equal values, whatever came before them', () => {
    const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { maxLength: 60 }), value, fc.integer({ min: 1, max: 30 }), (before, last, period) => {
        const sums = new LinearSums(period);
        push(sums, [...before, ...Array.from({ length: period }, () => last)]);
        expect([sums.isFull, sums.origin === last, sums.sum, sums.weighted]).toEqual([true, true, 0, 0]);
      }),
    );
  });
});
