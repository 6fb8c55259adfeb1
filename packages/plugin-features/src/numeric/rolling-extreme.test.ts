import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RollingExtreme } from './rolling-extreme.js';

function run(extreme: RollingExtreme, values: readonly number[]): Array<readonly [value: number, age: number]> {
  const column = Float64Array.from(values);
  return values.map((_, i) => {
    extreme.push(column, i);
    return [extreme.value, extreme.age] as const;
  });
}

describe('RollingExtreme', () => {
  it('has no value until the window is full, and then the highest of the newest values', () => {
    expect(run(new RollingExtreme('highest', 3), [5, 9, 2, 3, 4, 1])).toEqual([[NaN, 0], [NaN, 0], [9, 1], [9, 2], [4, 0], [4, 1]]);
  });

  it('finds the lowest likewise, zeros and negative values included', () => {
    expect(run(new RollingExtreme('lowest', 2), [0, 1, 0, -3, -2]).map(([value]) => value)).toEqual([NaN, 0, 0, -3, -3]);
  });

  it('counts the newest of equal values', () => {
    expect(run(new RollingExtreme('highest', 3), [7, 7, 7, 7, 1]).at(-1)).toEqual([7, 1]);
    expect(run(new RollingExtreme('lowest', 3), [7, 7, 7, 7, 8]).at(-1)).toEqual([7, 1]);
  });

  it('is the value itself for a period of one', () => {
    expect(run(new RollingExtreme('highest', 1), [3, 1, 2])).toEqual([[3, 0], [1, 0], [2, 0]]);
  });

  it('leaves NaN out, and has no extreme where there is nothing else', () => {
    expect(run(new RollingExtreme('highest', 2), [3, NaN, NaN, 2, 1]).map(([value]) => value)).toEqual([NaN, 3, NaN, 2, 2]);
  });

  it('equals a plain search through any window, also after it was cleared', () => {
    const value = fc.oneof({ weight: 9, arbitrary: fc.integer({ min: -9, max: 9 }) }, { weight: 1, arbitrary: fc.constant(NaN) });
    fc.assert(
      fc.property(fc.array(value, { maxLength: 120 }), fc.integer({ min: 1, max: 40 }), fc.constantFrom('highest' as const, 'lowest' as const), (values, period, kind) => {
        const extreme = new RollingExtreme(kind, period);
        run(extreme, [1, 2, 3]);
        extreme.clear();
        run(extreme, values).forEach(([found, age], i) => {
          const window = values.slice(Math.max(0, i + 1 - period), i + 1).filter((x) => !Number.isNaN(x));
          if (i + 1 < period || window.length === 0) {
            expect(found).toBeNaN();
          } else {
            expect(found).toBe((kind === 'highest' ? Math.max(...window) : Math.min(...window)) + 0);
            expect(age).toBe(i - values.lastIndexOf(found, i));
          }
        });
      }),
    );
  });

  it('takes in 10 million values of any order, where a look at the window for each would never end', () => {
    const period = 100_000;
    const extreme = new RollingExtreme('highest', period);
    // falling runs fill the deque, the value at the end of each empties it: the worst case
    const column = Float64Array.from({ length: period }, (_, i) => (i === period - 1 ? 1e9 : period - i));
    for (let i = 0; i < 10_000_000; i++) extreme.push(column, i % period);
    expect(extreme.value).toBe(1e9);
  });
});
