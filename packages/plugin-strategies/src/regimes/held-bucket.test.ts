import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeldBucket, type Hysteresis } from './held-bucket.js';

const walk = (held: HeldBucket, levels: readonly (number | undefined)[]): Array<number | undefined> => levels.map((level) => held.update(level));
const held = (more: Partial<Hysteresis> = {}): HeldBucket => new HeldBucket([0.25, 0.75], { margin: 0.05, holdBars: 1, dwellBars: 1, ...more });

describe('HeldBucket', () => {
  it('begins in the bucket of the first level, edges belonging to the bucket above', () => {
    expect([0, 0.249, 0.25, 0.5, 0.75, 1].map((level) => held().update(level))).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it('is undefined before the first level, and stays as it is where there is none', () => {
    expect(walk(held(), [undefined, 0.5, undefined, undefined, 0.9])).toEqual([undefined, 1, 1, 1, 2]);
  });

  it('leaves a bucket only beyond its threshold by the margin, on both sides', () => {
    expect(walk(held(), [0.5, 0.79, 0.75, 0.8, 0.71, 0.7, 0.69, 0.21, 0.19, 0.29, 0.3])).toEqual([1, 1, 1, 2, 2, 2, 1, 1, 0, 0, 1]);
  });

  it('waits until the level was there for some bars in a row', () => {
    expect(walk(held({ holdBars: 3 }), [0.5, 0.9, 0.9, 0.7, 0.9, 0.9, 0.9, 0.1, 0.1, 0.1])).toEqual([1, 1, 1, 1, 1, 1, 2, 2, 2, 0]);
  });

  it('goes only as far as the level was held', () => {
    // beyond the first threshold on three bars, beyond the second on two
    expect(walk(held({ holdBars: 3 }), [0.1, 0.5, 0.9, 0.9, 0.9, 0.9, 0.9])).toEqual([0, 0, 0, 1, 1, 1, 2]);
  });

  it('keeps a bucket for some bars after a change', () => {
    expect(walk(held({ dwellBars: 4 }), [0.1, 0.9, 0.9, 0.9, 0.9, 0.1, 0.1, 0.1, 0.1])).toEqual([0, 0, 0, 0, 2, 2, 2, 2, 0]);
  });

  it('changes at most once in a dwell, and only after the level stood beyond the threshold by the margin for as long as asked', () => {
    const thresholds = [-1, 0, 0.5, 2];
    fc.assert(
      fc.property(
        fc.record({ margin: fc.constantFrom(0, 0.1, 0.4), holdBars: fc.integer({ min: 1, max: 5 }), dwellBars: fc.integer({ min: 1, max: 12 }) }),
        // levels near the thresholds, where flicker would be
        fc.array(fc.oneof(fc.constantFrom(-1.2, -1, -0.9, 0, 0.05, 0.5, 0.55, 0.95, 2, 2.5), fc.double({ min: -3, max: 3, noNaN: true }), fc.constant(undefined)), { minLength: 1, maxLength: 200 }),
        (hysteresis, levels) => {
          const buckets = walk(new HeldBucket(thresholds, hysteresis), levels);
          let last = buckets.findIndex((bucket) => bucket !== undefined);
          for (let i = last + 1; last >= 0 && i < buckets.length; i++) {
            const [before, now] = [buckets[i - 1] as number, buckets[i] as number];
            if (now === before) continue;
            expect(i - last).toBeGreaterThanOrEqual(hysteresis.dwellBars);
            last = i;
            const run = levels.slice(0, i + 1).filter((level) => level !== undefined).slice(-hysteresis.holdBars);
            expect(run).toHaveLength(hysteresis.holdBars);
            for (const level of run) {
              if (now > before) expect(level).toBeGreaterThanOrEqual((thresholds[now - 1] as number) + hysteresis.margin);
              else expect(level).toBeLessThan((thresholds[now] as number) - hysteresis.margin);
            }
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('comes to every level that stays, whatever was before', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { maxLength: 30 }), fc.constantFrom(-2, -0.5, 0.25, 1.2, 2.9), (before, level) => {
        const bucket = new HeldBucket([-1, 0, 0.5, 2], { margin: 0.1, holdBars: 3, dwellBars: 5 });
        walk(bucket, before);
        expect(walk(bucket, new Array<number>(16).fill(level)).at(-1)).toBe([-1, 0, 0.5, 2].filter((threshold) => level >= threshold).length);
      }),
    );
  });
});
