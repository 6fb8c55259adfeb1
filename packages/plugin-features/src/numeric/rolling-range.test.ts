import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RollingRange } from './rolling-range.js';

function run(range: RollingRange, highs: readonly number[], lows: readonly number[]): Array<readonly [highest: number, lowest: number]> {
  const columns = [Float64Array.from(highs), Float64Array.from(lows)] as const;
  return highs.map((_, i) => {
    range.push(columns[0], i, columns[1], i);
    return [range.highest, range.lowest];
  });
}

describe('RollingRange', () => {
  it('has no value until the window is full, and then the highest and the lowest in it', () => {
    expect(run(new RollingRange(3), [5, 9, 7, 8, 6, 6], [4, 3, 6, 5, 5, 6])).toEqual([[NaN, NaN], [NaN, NaN], [9, 3], [9, 3], [8, 5], [8, 5]]);
  });

  it('leaves NaN out, and has no value where there is nothing else', () => {
    expect(run(new RollingRange(2), [3, NaN, NaN, 2, 1], [NaN, 1, NaN, NaN, 0])).toEqual([[NaN, NaN], [3, 1], [NaN, 1], [2, NaN], [2, 0]]);
  });

  it('equals a look at each whole window, whatever is in it, also after it was cleared', () => {
    const value = fc.oneof({ weight: 6, arbitrary: fc.integer({ min: -9, max: 9 }) }, { weight: 1, arbitrary: fc.constant(NaN) });
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { maxLength: 120 }), fc.integer({ min: 1, max: 30 }), (pairs, period) => {
        const range = new RollingRange(period);
        run(range, [100, 50, NaN], [-100, 20, -70]);
        range.clear();
        const [highs, lows] = [pairs.map(([high]) => high), pairs.map(([, low]) => low)];
        run(range, highs, lows).forEach(([highest, lowest], i) => {
          const windowOf = (values: readonly number[]) => (i + 1 < period ? [] : values.slice(i + 1 - period, i + 1).filter((each) => !Number.isNaN(each)));
          const [above, below] = [windowOf(highs), windowOf(lows)];
          expect(highest).toBe(above.length === 0 ? NaN : Math.max(...above));
          expect(lowest).toBe(below.length === 0 ? NaN : Math.min(...below));
        });
      }),
    );
  });
});
