import type { BarWindow, SessionCalendar } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { SessionClock } from './session-clock.js';

/**
 * `overnight-gap`: how far the session opened from the close of the session before.
 *
 * Outputs: `gap` (in price), `fraction` (of that close: 0.01 is 1% up).
 *
 * Unit: price; a fraction. Range: unbounded, around 0; no value on a bar outside of sessions. Warm-up: 2 bars at the
 * earliest, of two sessions. Where the data begin in the middle of a session, that one has no value.
 *
 * Formula: gap = o − c, fraction = gap / c, with o the open of the session's first bar and c the last close of the
 * last session before that had bars. Both stand still for the whole session.
 *
 * Source: M. Cliff, M. J. Cooper and H. Gulen, "Return Differences between Trading and Non-trading Hours: Like Night and
 * Day" (2008).
 */
export const overnightGap = defineFeature({
  params: z.strictObject({}),
  outputs: ['gap', 'fraction'],
  ahead: true,
  create: ({ calendar }) => new OvernightGap(calendar),
});

class OvernightGap implements Feature {
  readonly warmupBars = 2;
  private readonly clock: SessionClock;
  private lastClose = NaN;
  private gap = NaN;
  private fraction = NaN;

  constructor(calendar: SessionCalendar) {
    this.clock = new SessionClock(calendar);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { clock } = this;
    const i = bars.index;
    clock.update(bars);
    if (!clock.inside) {
      out[0] = NaN;
      out[1] = NaN;
      return;
    }
    if (clock.begins) {
      this.gap = bars.open[i] - this.lastClose;
      this.fraction = this.gap / this.lastClose;
    }
    this.lastClose = bars.close[i];
    out[0] = this.gap;
    out[1] = this.fraction;
  }

  reset(): void {
    this.clock.clear();
    this.lastClose = NaN;
    this.gap = NaN;
    this.fraction = NaN;
  }
}
