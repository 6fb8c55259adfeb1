import { WEEKDAYS, type TradingHoursSettings } from '../config/risk-schema.js';
import { DAY_MINUTES, DAY_MS, parseMinutes, weekdayOf } from '../domain/calendars/civil-day.js';
import { ZoneClock } from '../domain/calendars/zone-clock.js';
import type { SessionCalendar } from '../domain/session-calendar.js';
import type { UtcMs } from '../domain/units.js';

type Window = { readonly weekdays: ReadonlySet<number>; readonly from: number; readonly to: number };

/** When entries may be sent: within sessions, and within the account's own windows on the wall clock of their zone. */
export class TradingHours {
  private readonly windows: readonly Window[];
  private readonly zone: ZoneClock;

  constructor(private readonly settings: TradingHoursSettings) {
    this.zone = new ZoneClock(settings.zone ?? 'UTC');
    this.windows = (settings.windows ?? []).map(({ days, from, to }) => ({ weekdays: new Set(days.map((day) => WEEKDAYS.indexOf(day))), from: parseMinutes(from) as number, to: parseMinutes(to) as number }));
  }

  /** Why an entry may not be sent at `now`; undefined when it may. */
  objection(calendar: SessionCalendar, now: UtcMs): string | undefined {
    if (this.settings.sessions && calendar.sessionAt(now) === undefined) return `tradingHours: ${calendar.id} is closed`;
    return this.windows.length === 0 || this.isWithin(now) ? undefined : `tradingHours: outside of the windows in ${this.zone.timeZone}`;
  }

  private isWithin(now: UtcMs): boolean {
    const wall = now + this.zone.offsetAt(now);
    const day = Math.floor(wall / DAY_MS);
    const minute = ((wall - day * DAY_MS) / DAY_MS) * DAY_MINUTES;
    return this.windows.some(({ weekdays, from, to }) => {
      if (from < to) return minute >= from && minute < to && weekdays.has(weekdayOf(day));
      // over midnight: the evening of its own day, or the morning after
      return (minute >= from && weekdays.has(weekdayOf(day))) || (minute < to && weekdays.has(weekdayOf(day - 1)));
    });
  }
}
