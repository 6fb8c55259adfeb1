import type { BarWindow, SessionCalendar } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { PriorSession } from './prior-session.js';
import { SessionClock } from './session-clock.js';

/**
 * `pivot-points`: the classic floor-trader levels for a session, from the high, low and close of the one before.
 *
 * Outputs: `pivot` (P), `r1` (first resistance), `r2` (second), `r3` (third), `s1` (first support), `s2` (second),
 * `s3` (third).
 *
 * Unit: price. Range: s3 ≤ s2 ≤ s1 ≤ pivot ≤ r1 ≤ r2 ≤ r3 for bars whose close lies between low and high; no value
 * on a bar outside of sessions. Warm-up: 2 bars at the earliest, of two sessions, as for `prior-day`.
 *
 * Formula: P = (H + L + C) / 3; r1 = 2P − L, s1 = 2P − H; r2 = P + (H − L), s2 = P − (H − L); r3 = H + 2 (P − L),
 * s3 = L − 2 (H − P). They stand still for the whole session.
 *
 * Source: J. L. Person, *A Complete Guide to Technical Trading Tactics* (2004), chapter 6.
 */
export const pivotPoints = defineFeature({
  params: z.strictObject({}),
  outputs: ['pivot', 'r1', 'r2', 'r3', 's1', 's2', 's3'],
  ahead: true,
  create: ({ calendar }) => new PivotPoints(calendar),
});

class PivotPoints implements Feature {
  readonly warmupBars = 2;
  private readonly clock: SessionClock;
  private readonly prior = new PriorSession();

  constructor(calendar: SessionCalendar) {
    this.clock = new SessionClock(calendar);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { clock, prior } = this;
    clock.update(bars);
    prior.update(bars, clock);
    if (!clock.inside) {
      out.fill(NaN);
      return;
    }
    const { high, low, close } = prior;
    const pivot = (high + low + close) / 3;
    out[0] = pivot;
    out[1] = 2 * pivot - low;
    out[2] = pivot + (high - low);
    out[3] = high + 2 * (pivot - low);
    out[4] = 2 * pivot - high;
    out[5] = pivot - (high - low);
    out[6] = low - 2 * (high - pivot);
  }

  reset(): void {
    this.clock.clear();
    this.prior.clear();
  }
}
