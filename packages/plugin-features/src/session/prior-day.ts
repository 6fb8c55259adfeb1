import type { BarWindow, SessionCalendar } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { PriorSession } from './prior-session.js';
import { SessionClock } from './session-clock.js';

/**
 * `prior-day`: high, low and close of the session before.
 *
 * Outputs: `high` (its highest price), `low` (its lowest), `close` (its last).
 *
 * Unit: price. Range: the prices of the session before; no value on a bar outside of sessions. Warm-up: 2 bars at
 * the earliest, of two sessions. A first session that the data begin in the middle of does not count: its high
 * and low are not known.
 *
 * Formula: max of highs, min of lows and the last close over the bars of the last session before that had any.
 *
 * Source: the levels that floor traders began a day with; J. L. Person, *A Complete Guide to Technical Trading
 * Tactics* (2004), chapter 6.
 */
export const priorDay = defineFeature({
  params: z.strictObject({}),
  outputs: ['high', 'low', 'close'],
  ahead: true,
  create: ({ calendar }) => new PriorDay(calendar),
});

class PriorDay implements Feature {
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
    const known = clock.inside && prior.high === prior.high;
    out[0] = known ? prior.high : NaN;
    out[1] = known ? prior.low : NaN;
    out[2] = known ? prior.close : NaN;
  }

  reset(): void {
    this.clock.clear();
    this.prior.clear();
  }
}
