import { seeded } from '@keelson/test-kit/bars';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RollingOrder } from './rolling-order.js';

/** Many equal values, some NaN, some of all sizes. */
const values = fc.array(fc.oneof({ weight: 6, arbitrary: fc.integer({ min: -3, max: 3 }) }, { weight: 2, arbitrary: fc.constant(NaN) }, { weight: 3, arbitrary: fc.double({ min: -1e6, max: 1e6 }) }), { minLength: 1, maxLength: 200 });

function medianOf(sorted: readonly number[]): number {
  const half = sorted.length >> 1;
  return sorted.length === 0 ? NaN : sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

describe('RollingOrder', () => {
  it('knows the median of the window and the rank of any value, also after a clear', () => {
    fc.assert(
      fc.property(values, values, fc.integer({ min: 1, max: 50 }), fc.constantFrom(0, 2.5, -7), (before, list, period, other) => {
        const order = new RollingOrder(period);
        Float64Array.from(before).forEach((_, i, column) => order.push(column, i));
        order.clear();
        const column = Float64Array.from(list);
        for (let i = 0; i < list.length; i++) {
          order.push(column, i);
          const sorted = list.slice(Math.max(0, i + 1 - period), i + 1).filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
          order.findMedian();
          expect(order.median + 0).toBe(medianOf(sorted) + 0);
          expect([order.count, order.full]).toEqual([sorted.length, i + 1 >= period]);
          for (const value of [list[i]!, other]) {
            order.findRank(Float64Array.of(value), 0);
            expect([order.below, order.equal]).toEqual([sorted.filter((each) => each < value).length, sorted.filter((each) => each === value).length]);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('does so in windows of many blocks, gaps and rising, falling and equal values included', () => {
    const random = seeded(7);
    const period = 5_000;
    // sorted runs take from one end and fill the other, noise moves between all blocks, NaN shortens the last one
    const of = [(i: number) => i, (i: number) => 20_000 - i, () => 1, (i: number) => i % 3, () => random(), () => (random() < 0.3 ? NaN : Math.floor(random() * 2_000))];
    const column = Float64Array.from({ length: of.length * 9_000 }, (_, i) => of[Math.floor(i / 9_000)]!(i % 9_000));
    const order = new RollingOrder(period);
    for (let pass = 0; pass < 2; pass++) {
      for (let i = 0; i < column.length; i++) {
        order.push(column, i);
        if (i % 701 !== 0) continue;
        const sorted = column.slice(Math.max(0, i + 1 - period), i + 1).filter((value) => !Number.isNaN(value)).sort();
        order.findMedian();
        expect([order.count, order.median]).toEqual([sorted.length, medianOf(Array.from(sorted))]);
        for (const at of [i, Math.max(0, i - 3_000)]) {
          const value = column[at]!;
          order.findRank(column, at);
          expect([order.below, order.equal]).toEqual([sorted.filter((each) => each < value).length, sorted.filter((each) => each === value).length]);
        }
      }
      order.clear();
    }
  });

  it('takes in 200,000 values of a window of 50,000, whatever their order', () => {
    const length = 200_000;
    for (const of of [(i: number) => i, (i: number) => -i, () => 1, (i: number) => i % 3]) {
      const column = Float64Array.from({ length }, (_, i) => of(i));
      const order = new RollingOrder(50_000);
      for (let i = 0; i < length; i++) order.push(column, i);
      order.findMedian();
      expect(order.median).toBe(medianOf(Array.from(column.slice(-50_000)).sort((a, b) => a - b)));
    }
  });
});
