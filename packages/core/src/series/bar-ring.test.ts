import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocateBars, sliceBars } from './bar-columns.js';
import { BarRing } from './bar-ring.js';

const COLUMNS = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;

describe('BarRing', () => {
  it.each([0, -4, 3, 6, 1000, 1.5, NaN])('refuses the capacity %s, which is no power of two', (capacity) => {
    expect(() => new BarRing(capacity)).toThrow(RangeError);
  });

  it('holds nothing at first', () => {
    const ring = new BarRing(4);
    expect([ring.count, ring.index, ring.mask]).toEqual([0, -1, 3]);
  });

  it('gives back the newest bars, as many as it has room for, whatever was pushed before', () => {
    const rows = fc.array(fc.tuple(fc.double({ noNaN: true }), fc.double({ noNaN: true }), fc.double({ noNaN: true }), fc.double({ noNaN: true }), fc.double({ noNaN: true }), fc.double({ noNaN: true })), { maxLength: 60 });
    fc.assert(fc.property(rows, fc.integer({ min: 0, max: 5 }), (bars, power) => {
      const ring = new BarRing(2 ** power);
      const columns = allocateBars(bars.length);
      bars.forEach((bar, i) => COLUMNS.forEach((key, k) => (columns[key][i] = bar[k]!)));
      bars.forEach((_, i) => ring.push(columns, i));
      expect(ring.count).toBe(bars.length);
      for (let back = 0; back < Math.min(bars.length, 2 ** power); back++) {
        const i = (ring.index - back) & ring.mask;
        expect(COLUMNS.map((key) => ring[key][i])).toEqual(bars[bars.length - 1 - back]);
      }
    }));
  });

  it('keeps the depth of each bar beside it, and none for a bar without', () => {
    const ring = new BarRing(2);
    const without = allocateBars(1);
    const bars = allocateBars(3, true);
    ring.push(without, 0);
    expect(ring.depth).toBeUndefined();
    bars.depth!.bid.set([1, 2, 3]);
    bars.depth!.askSize.set([10, 20, 30]);
    const newest = (): readonly number[] => [ring.depth!.bid[ring.index]!, ring.depth!.ask[ring.index]!, ring.depth!.askSize[ring.index]!];
    for (const row of [0, 1, 2]) ring.push(sliceBars(bars, row, row + 1), 0);
    expect(newest()).toEqual([3, NaN, 30]);
    expect(ring.depth!.bid[(ring.index - 1) & ring.mask]).toBe(2);
    ring.push(without, 0);
    expect(newest()).toEqual([NaN, NaN, NaN]);
  });

  it('starts again after clear', () => {
    const ring = new BarRing(2);
    const bars = allocateBars(3);
    bars.close.set([1, 2, 3]);
    for (const row of [0, 1, 2]) ring.push(bars, row);
    ring.clear();
    expect(ring.count).toBe(0);
    ring.push(bars, 1);
    expect([ring.count, ring.index, ring.close[ring.index]]).toEqual([1, 0, 2]);
  });
});

describe('sliceBars', () => {
  it('shares memory with the bars it is taken from', () => {
    const bars = allocateBars(4);
    const part = sliceBars(bars, 1, 3);
    bars.close[2] = 7;
    expect([part.length, part.close[1], part.volume.length]).toEqual([2, 7, 2]);
  });
});
