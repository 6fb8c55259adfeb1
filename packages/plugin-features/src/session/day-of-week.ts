import type { BarWindow, SessionCalendar } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { SessionClock } from './session-clock.js';

const DAY_MS = 86_400_000;

/**
 * `day-of-week`: the weekday of the session's trading date, 1 for Monday to 7 for Sunday.
 *
 * Unit: none; a whole number. Range: 1 to 7; no value on a bar outside of sessions. Warm-up: 1 bar.
 *
 * Formula: the weekday of the date that the instrument's calendar gives the session. A session that opens on
 * Sunday evening has Monday's date, and is a 1.
 *
 * Source: ISO 8601, weekday numbers.
 */
export const dayOfWeek = defineFeature({
  params: z.strictObject({}),
  outputs: ['day'],
  ahead: true,
  create: ({ calendar }) => new DayOfWeek(calendar),
});

class DayOfWeek implements Feature {
  readonly warmupBars = 1;
  private readonly clock: SessionClock;
  private day = NaN;

  constructor(calendar: SessionCalendar) {
    this.clock = new SessionClock(calendar);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { clock } = this;
    clock.update(bars);
    if (clock.begins) this.day = weekdayOf(clock);
    out[0] = clock.inside ? this.day : NaN;
  }

  reset(): void {
    this.clock.clear();
    this.day = NaN;
  }
}

/** 1970-01-01 was a Thursday, the fourth day. */
function weekdayOf({ session }: SessionClock): number {
  return session === undefined ? NaN : ((((Date.parse(session.date) / DAY_MS + 3) % 7) + 7) % 7) + 1;
}
