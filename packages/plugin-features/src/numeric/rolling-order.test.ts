import { seeded } from '@keelson/test-kit/bars';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RollingOrder } from './rolling-order.js';

const double = fc.double({ min: -1e6, max: 1e6 });
/** Many equal values, some NaN, some of all sizes; or hardly any that are equal. */
const values = fc.oneof(
  fc.array(fc.oneof({ weight: 6, arbitrary: fc.integer({ min: -3, max: 3 }) }, { weight: 2, arbitrary: fc.constant(NaN) }, { weight: 3, arbitrary: double }), { minLength: 1, maxLength: 200 }),
  fc.array(fc.oneof({ weight: 20, arbitrary: double }, { weight: 1, arbitrary: fc.constantFrom(NaN, 0, Infinity, -Infinity) }), { minLength: 100, maxLength: 300 }),
);

/** What the order says of the newest value, beside a plain search through the window. */
function expectOrder(order: RollingOrder, window: readonly number[]): void {
  const newest = window.at(-1)!;
  const sorted = window.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  order.findMedian();
  order.findRank();
  order.findEnds();
  expect([order.lowest + 0, order.highest + 0]).toEqual([(sorted[0] ?? NaN) + 0, (sorted.at(-1) ?? NaN) + 0]);
  expect([order.count, order.median + 0, order.below, order.equal]).toEqual([sorted.length, medianOf(sorted) + 0, sorted.filter((each) => each < newest).length, sorted.filter((each) => each === newest).length]);
}

function medianOf(sorted: readonly number[]): number {
  const half = sorted.length >> 1;
  return sorted.length === 0 ? NaN : sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

describe('RollingOrder', () => {
  it('knows the median and the ends of the window and the rank of the newest value, also after a clear', () => {
    fc.assert(
      fc.property(values, values, fc.integer({ min: 1, max: 50 }), (before, list, period) => {
        const order = new RollingOrder(period);
        Float64Array.from(before).forEach((_, i, column) => order.push(column, i));
        order.clear();
        const column = Float64Array.from(list);
        for (let i = 0; i < list.length; i++) {
          order.push(column, i);
          expectOrder(order, list.slice(Math.max(0, i + 1 - period), i + 1));
          expect(order.full).toBe(i + 1 >= period);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('does so in large windows, gaps and rising, falling and equal values included', () => {
    const random = seeded(7);
    const period = 5_000;
    const of = [(i: number) => i, (i: number) => 20_000 - i, () => 1, (i: number) => i % 3, () => random(), () => (random() < 0.3 ? NaN : Math.floor(random() * 2_000))];
    const column = Float64Array.from({ length: of.length * 9_000 }, (_, i) => of[Math.floor(i / 9_000)]!(i % 9_000));
    const order = new RollingOrder(period);
    for (let pass = 0; pass < 2; pass++) {
      for (let i = 0; i < column.length; i++) {
        order.push(column, i);
        if (i % 701 !== 0) continue;
        expectOrder(order, Array.from(column.slice(Math.max(0, i + 1 - period), i + 1)));
      }
      order.clear();
    }
  });

  it('does so where crowds wander on and one value of each stays behind, so that ever more ranges hold a single value', () => {
    const period = 64;
    const list = Array.from({ length: 46 }, (_, crowd) => [...Array.from({ length: crowd }, (_each, left) => 100 * left + 12), ...Array.from({ length: 16 }, (_each, k) => 100 * crowd + k)]).flat();
    const column = Float64Array.from(list);
    const order = new RollingOrder(period);
    for (let i = 0; i < list.length; i++) {
      order.push(column, i);
      expectOrder(order, list.slice(Math.max(0, i + 1 - period), i + 1));
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
