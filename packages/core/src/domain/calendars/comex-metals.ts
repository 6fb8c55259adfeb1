import type { SessionCalendar } from '../session-calendar.js';
import { yearOf } from './civil-day.js';
import { cmeHolidays, cmeWeek } from './cme-week.js';
import { closes } from './date-table.js';
import { christmasEve, goodFriday, isFriday, thanksgiving, usBankHolidays } from './us-holidays.js';
import type { DayException } from './weekly-calendar.js';
import { WeeklyCalendar, byYear } from './weekly-calendar.js';
import { ZoneClock } from './zone-clock.js';

/** Early closes of 2024 to 2026 in New York time. */
const EARLY_CLOSES = closes({
  '13:00':
    '2025-07-04 2026-06-19 2026-07-03',
  '13:45':
    '2024-12-24 2025-12-24 2026-12-24',
  '14:30':
    '2024-01-15 2024-02-19 2024-05-27 2024-06-19 2024-07-04 2024-09-02 2024-11-28 2025-01-20 2025-02-17 2025-05-26 ' +
    '2025-06-19 2025-09-01 2025-11-27 2026-01-19 2026-02-16 2026-05-25 2026-09-07 2026-11-26',
  '14:45':
    '2025-11-28 2026-11-27',
});
const LAST_LISTED_YEAR = 2026;

/** Later years follow the pattern of the last listed ones. */
export function comexMetalsRule(year: number): ReadonlyMap<number, DayException> {
  const days = new Map<number, DayException>();
  for (const day of usBankHolidays(year)) days.set(day, { close: isFriday(day) ? 13 * 60 : 14 * 60 + 30 });
  days.set(thanksgiving(year) + 1, { close: 14 * 60 + 45 });
  const eve = christmasEve(year);
  if (eve !== undefined) days.set(eve, { close: 13 * 60 + 45 });
  for (const day of [...cmeHolidays(year), goodFriday(year)]) days.set(day, 'closed');
  return days;
}

function exceptions(year: number): ReadonlyMap<number, DayException> {
  if (year > LAST_LISTED_YEAR) return comexMetalsRule(year);
  const days = new Map<number, DayException>();
  for (const [day, early] of EARLY_CLOSES) if (yearOf(day) === year) days.set(day, early);
  for (const day of [...cmeHolidays(year), goodFriday(year)]) days.set(day, 'closed');
  return days;
}

/**
 * Metal futures of COMEX on CME Globex (GC, MGC, SI, HG …): 18:00 the evening before to 17:00 New York time,
 * Monday to Friday. Today's hours: the close at 17:15 until September 2015 is not in it, nor are early closes
 * before 2024 and on 29 November 2024; those sessions run to 17:00 here.
 *
 * 252 sessions a year, the number of daily settlements: a shortened holiday is a session of its own here,
 * but belongs to the next day's settlement.
 * Source of hours and dates: https://www.cmegroup.com/tools-information/holiday-calendar.html
 */
export function comexMetals(): SessionCalendar {
  return new WeeklyCalendar('comex-metals', new ZoneClock('America/New_York'), 252, cmeWeek(18, 17), byYear(yearOf, exceptions));
}
