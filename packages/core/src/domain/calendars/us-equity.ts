import type { SessionCalendar } from '../session-calendar.js';
import { dayOf, yearOf } from './civil-day.js';
import { dates } from './date-table.js';
import { christmas, christmasEve, goodFriday, independenceEve, isFriday, newYear, thanksgiving, usBankHolidays } from './us-holidays.js';
import type { DayException } from './weekly-calendar.js';
import { WeeklyCalendar, byYear } from './weekly-calendar.js';
import { ZoneClock } from './zone-clock.js';

const HOURS = { open: 9 * 60 + 30, close: 16 * 60 };
const EARLY_CLOSE = { close: 13 * 60 };

/** Days on which New York did not open for other reasons than a holiday. */
const CLOSURES = dates(
  '2001-09-11 2001-09-12 2001-09-13 2001-09-14 ' + // attacks of 11 September
    '2004-06-11 2007-01-02 2018-12-05 2025-01-09 ' + // mourning for Reagan, Ford, G. H. W. Bush, Carter
    '2012-10-29 2012-10-30', // hurricane Sandy
);

function exceptions(year: number): ReadonlyMap<number, DayException> {
  const days = new Map<number, DayException>();
  days.set(thanksgiving(year) + 1, EARLY_CLOSE);
  const christmasEarly = christmasEve(year);
  if (christmasEarly !== undefined) days.set(christmasEarly, EARLY_CLOSE);
  // Before 2013 a Wednesday 3 July was a whole day, and the Friday after the holiday was short.
  const julyEarly = independenceEve(year);
  const thursdayHoliday = isFriday(dayOf(year, 7, 5));
  if (thursdayHoliday && year < 2013) days.set(dayOf(year, 7, 5), EARLY_CLOSE);
  else if (julyEarly !== undefined) days.set(julyEarly, EARLY_CLOSE);
  if (year === 2003) days.set(dayOf(2003, 12, 26), EARLY_CLOSE);
  if (year === 2002) days.set(dayOf(2002, 9, 11), { open: 12 * 60 }); // first anniversary of the attacks

  for (const day of usBankHolidays(year)) days.set(day, 'closed');
  for (const day of [newYear(year), goodFriday(year), christmas(year)]) days.set(day, 'closed');
  for (const day of CLOSURES) if (yearOf(day) === year) days.set(day, 'closed');
  return days;
}

/**
 * Regular hours of New York's stock exchanges (NYSE, Nasdaq), 09:30 to 16:00, early closes at 13:00. Holidays
 * follow the exchange's rules as they stand since 1998 (https://www.nyse.com/markets/hours-calendars),
 * unscheduled closures are listed since 2000.
 *
 * 252 sessions a year: 365.25 × 5/7 weekdays less nine to ten holidays, the usual convention.
 */
export function usEquity(): SessionCalendar {
  const weekday = [undefined, HOURS, HOURS, HOURS, HOURS, HOURS, undefined];
  return new WeeklyCalendar('us-equity', new ZoneClock('America/New_York'), 252, weekday, byYear(yearOf, exceptions));
}
