import type { BarWindow, SessionCalendar } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { SessionClock } from './session-clock.js';

/**
 * `session-range`: how far the session has gone so far.
 *
 * Outputs: `high` (highest price of the session so far), `low` (lowest), `open` (its first), `return` (of the close
 * since the open, as a fraction).
 *
 * Unit: price; a fraction for `return`. Range: `low` ≤ close ≤ `high`; no value on a bar outside of sessions.
 * Warm-up: 1 bar; a first session that the data begin in the middle of has no value.
 *
 * Formula: max of highs and min of lows from the session's first bar to this one; `return` = close / open − 1.
 *
 * Source: the session calendar, see [time](../../concepts/time.md#sessions).
 */
export const sessionRange = defineFeature({
  params: z.strictObject({}),
  outputs: ['high', 'low', 'open', 'return'],
  ahead: true,
  create: ({ calendar }) => new SessionRange(calendar),
});

class SessionRange implements Feature {
  readonly warmupBars = 1;
  private readonly clock: SessionClock;
  private high = NaN;
  private low = NaN;
  private open = NaN;

  constructor(calendar: SessionCalendar) {
    this.clock = new SessionClock(calendar);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { clock } = this;
    const i = bars.index;
    clock.update(bars);
    if (!clock.inside || !clock.whole) {
      out[0] = out[1] = out[2] = out[3] = NaN;
      return;
    }
    if (clock.begins) {
      this.high = this.low = NaN;
      this.open = bars.open[i];
    }
    const high = bars.high[i];
    const low = bars.low[i];
    // negated, so that the first of a session counts
    if (!(high <= this.high)) this.high = high;
    if (!(low >= this.low)) this.low = low;
    out[0] = this.high;
    out[1] = this.low;
    out[2] = this.open;
    out[3] = bars.close[i] / this.open - 1;
  }

  reset(): void {
    this.clock.clear();
  }
}
