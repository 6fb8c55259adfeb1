import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DrawdownTracker } from './drawdown-tracker.js';

function track(start: number, equity: readonly number[]): DrawdownTracker {
  const tracker = new DrawdownTracker(0, start);
  equity.forEach((value, i) => tracker.update(Float64Array.of(i + 1, value)));
  return tracker;
}

describe('DrawdownTracker', () => {
  it('measures depth from the peak before it and time from peak to recovery', () => {
    // peak 120 at 2, down to 90 at 4, back at 120 at 6; then 130 at 7 and 117 at 8
    const tracker = track(100, [110, 120, 100, 90, 110, 120, 130, 117]);
    expect(tracker.maxDrawdown).toBe(0.25);
    expect(tracker.maxDrawdownMs).toBe(4);
    expect(tracker.drawdown(117)).toBe(0.1);
    expect(tracker.drawdown(131)).toBe(0);
  });

  it('counts a drawdown that is not over', () => {
    expect(track(100, [99, 99, 99.5]).maxDrawdownMs).toBe(3);
  });

  it('counts a drawdown from the start equity, and from the last time at the peak', () => {
    expect(track(100, [90, 95]).maxDrawdown).toBe(0.1);
    expect(track(100, [100, 100, 100, 99]).maxDrawdownMs).toBe(1);
  });

  it('sees nothing in equity that never falls', () => {
    const tracker = track(100, [100, 101, 101, 102]);
    expect([tracker.maxDrawdown, tracker.maxDrawdownMs]).toEqual([0, 0]);
  });

  it('goes beyond 1 when equity becomes negative', () => {
    expect(track(100, [200, -20]).maxDrawdown).toBe(1.1);
  });

  it('prefers the deepest fraction, not the deepest amount', () => {
    expect(track(100, [50, 1000, 800]).maxDrawdown).toBe(0.5);
  });

  it('comes to the same, whether it takes bars one by one or many at once from a ring', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.integer({ min: -5, max: 30 }), { minLength: 1, maxLength: 8 }), { maxLength: 10 }), (pieces) => {
        const tracker = new DrawdownTracker(0, 15);
        const times = new Float64Array(8);
        let seen = 0;
        for (const piece of pieces) {
          piece.forEach((_, i) => (times[(seen + i) & 7] = seen + i + 1));
          tracker.updateAll(times, seen, 7, Float64Array.from(piece), piece.length);
          seen += piece.length;
        }
        const single = track(15, pieces.flat());
        expect([tracker.maxDrawdown, tracker.maxDrawdownMs, tracker.drawdown(0)]).toEqual([single.maxDrawdown, single.maxDrawdownMs, single.drawdown(0)]);
      }),
    );
  });

  it('agrees with the definition over all pairs of times', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 40 }), (equity) => {
        const all = [15, ...equity];
        let deepest = 0;
        let longest = 0;
        all.forEach((peak, i) => {
          if (peak < Math.max(...all.slice(0, i + 1))) return;
          for (let j = i + 1; j < all.length; j++) {
            deepest = Math.max(deepest, (peak - (all[j] as number)) / peak);
            if (all.slice(i + 1, j).every((value) => value < peak) && (all[j] as number) < peak) longest = Math.max(longest, j - i);
            if (j > i + 1 && all.slice(i + 1, j).every((value) => value < peak) && (all[j] as number) >= peak) longest = Math.max(longest, j - i);
          }
        });
        const tracker = track(15, equity);
        expect(tracker.maxDrawdown).toBeCloseTo(deepest, 12);
        expect(tracker.maxDrawdownMs).toBe(longest);
      }),
    );
  });
});
