import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EquityCurve } from './equity-curve.js';

function curveOf(values: readonly number[], capacity: number): EquityCurve {
  const curve = new EquityCurve(capacity);
  values.forEach((value, i) => curve.update(Float64Array.of(i, value)));
  return curve;
}

describe('EquityCurve', () => {
  it('keeps every bar while there is room', () => {
    const points = curveOf([3, 1, 2], 4).points();
    expect([...points.time]).toEqual([0, 1, 2]);
    expect([...points.last]).toEqual([3, 1, 2]);
  });

  it('merges neighbours when full, and keeps lows, highs and the last value', () => {
    const points = curveOf([5, 1, 9, 4, 6, 7], 4).points();
    expect([...points.time]).toEqual([1, 3, 5]);
    expect([...points.min]).toEqual([1, 4, 6]);
    expect([...points.max]).toEqual([5, 9, 7]);
    expect([...points.last]).toEqual([1, 4, 7]);
  });

  it('stays within its capacity over any length, with no bar lost', () => {
    for (const length of [1, 15, 16, 17, 1000, 4097]) {
      const values = Array.from({ length }, (_, i) => Math.sin(i / 3) * i);
      const points = curveOf(values, 16).points();
      expect(points.length).toBeLessThanOrEqual(16);
      expect(Math.min(...points.min)).toBe(Math.min(...values));
      expect(Math.max(...points.max)).toBe(Math.max(...values));
      expect(points.last.at(-1)).toBe(values.at(-1));
      expect(points.time.at(-1)).toBe(length - 1);
      // each point covers the bars since the one before
      let at = 0;
      points.time.forEach((time, i) => {
        const covered = values.slice(at, time + 1);
        expect(points.min[i]).toBe(Math.min(...covered));
        expect(points.last[i]).toBe(covered.at(-1));
        at = time + 1;
      });
    }
  });

  it('comes to the same, whether it takes bars one by one or many at once from a ring', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 8 }), { maxLength: 20 }), (pieces) => {
        const curve = new EquityCurve(4);
        const times = new Float64Array(8);
        let seen = 0;
        for (const piece of pieces) {
          piece.forEach((_, i) => (times[(seen + i) & 7] = seen + i));
          curve.updateAll(times, seen, 7, Float64Array.from(piece), piece.length);
          seen += piece.length;
        }
        expect(curve.points()).toEqual(curveOf(pieces.flat(), 4).points());
      }),
    );
  });

  it('keeps every session close exactly, the newest value where a time comes twice', () => {
    const curve = new EquityCurve(2);
    for (let i = 0; i < 1000; i++) curve.closeSession(i * 10, i);
    curve.closeSession(9990, 5);
    expect(curve.sessionEquity()).toHaveLength(1000);
    expect([...curve.sessionTimes().slice(-2), ...curve.sessionEquity().slice(-2)]).toEqual([9980, 9990, 998, 5]);
  });

  it('refuses a capacity that cannot be halved', () => {
    expect(() => new EquityCurve(3)).toThrow('capacity was 3, expected an even number');
  });
});
