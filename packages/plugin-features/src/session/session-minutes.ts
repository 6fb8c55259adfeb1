import type { BarWindow, SessionCalendar } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { SessionClock, lengthOf } from './session-clock.js';

const MINUTE_MS = 60_000;

/**
 * `session-minutes`: how long the session has been open when a bar closes, and how long it still will be.
 *
 * Outputs: `sinceOpen` (minutes from the session's open to the bar's close), `untilClose` (minutes from there to
 * the session's close).
 *
 * Unit: minutes. Range: 0 to the length of the session; no value on a bar outside of sessions. Warm-up: 1 bar.
 *
 * Formula: (c − open) / 60000 and (close − c) / 60000, c = min(t + timeframe, close), with the session's open and
 * close from the instrument's calendar: days on which clocks change and early closes are in it.
 *
 * Source: the session calendar, see [time](../../concepts/time.md#sessions).
 */
export const sessionMinutes = defineFeature({
  params: z.strictObject({}),
  outputs: ['sinceOpen', 'untilClose'],
  ahead: true,
  create: ({ calendar, timeframe }) => new SessionMinutes(calendar, lengthOf(timeframe)),
});

class SessionMinutes implements Feature {
  readonly warmupBars = 1;
  private readonly clock: SessionClock;

  constructor(
    calendar: SessionCalendar,
    private readonly barMs: number,
  ) {
    this.clock = new SessionClock(calendar);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { clock } = this;
    clock.update(bars);
    const end = bars.time[bars.index] + this.barMs;
    const close = end < clock.close ? end : clock.close;
    out[0] = (close - clock.open) / MINUTE_MS;
    out[1] = (clock.close - close) / MINUTE_MS;
  }

  reset(): void {
    this.clock.clear();
  }
}
