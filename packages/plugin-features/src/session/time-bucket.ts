import type { BarWindow, SessionCalendar } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { SessionClock } from './session-clock.js';

/**
 * `time-bucket`: the part of the session that a bar lies in, counted from 0 at the session's open.
 *
 * Unit: none; a whole number. Range: 0 up to the session's length over `minutes`; no value on a bar outside of
 * sessions. Warm-up: 1 bar.
 *
 * Formula: floor((t − open) / (`minutes` × 60000)) with t the bar's open. Counted from the open, a bucket means the
 * same part of the day in summer and in winter.
 *
 * Source: seasonality of the trading day: R. A. Wood, T. H. McInish and J. K. Ord, "An Investigation of
 * Transactions Data for NYSE Stocks", *Journal of Finance* 40 (1985).
 */
export const timeBucket = defineFeature({
  params: z.strictObject({ minutes: z.int().min(1).max(1_440).default(30).describe('Length of a bucket.') }),
  outputs: ['bucket'],
  ahead: true,
  create: ({ params, calendar }) => new TimeBucket(calendar, params.minutes * 60_000),
});

class TimeBucket implements Feature {
  readonly warmupBars = 1;
  private readonly clock: SessionClock;

  constructor(
    calendar: SessionCalendar,
    private readonly bucketMs: number,
  ) {
    this.clock = new SessionClock(calendar);
  }

  update(bars: BarWindow, out: Float64Array): void {
    this.clock.update(bars);
    out[0] = Math.floor((bars.time[bars.index] - this.clock.open) / this.bucketMs);
  }

  reset(): void {
    this.clock.clear();
  }
}
