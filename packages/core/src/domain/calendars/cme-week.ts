import { christmas, newYear } from './us-holidays.js';
import type { DayHours } from './weekly-calendar.js';

/** Monday to Friday from `openHour` the evening before to `closeHour`; indexed by weekday from Sunday. */
export function cmeWeek(openHour: number, closeHour: number): ReadonlyArray<DayHours | undefined> {
  const hours = { open: (openHour - 24) * 60, close: closeHour * 60 };
  return [undefined, hours, hours, hours, hours, hours, undefined];
}

/** Days without a session on CME Globex, besides most Good Fridays. The evening opens for the next day. */
export function cmeHolidays(year: number): readonly number[] {
  return [newYear(year), christmas(year)];
}
