import { dayOf, nthWeekday, weekday, type CalendarDay } from './calendar-day.js';

/** How a holiday of the United States touches the exchanges: stock exchanges are closed on all of them. */
export type HolidayKind = 'closed' | 'futures-close-early';

/**
 * Holidays of a year as the New York Stock Exchange keeps them (NYSE Rule 7.2). The futures exchanges close for the whole
 * day on those that are `closed`, on the others at noon in Chicago.
 */
export function usHolidays(year: number): ReadonlyMap<CalendarDay, HolidayKind> {
  const known = cache.get(year);
  if (known !== undefined) return known;
  const days = new Map<CalendarDay, HolidayKind>([
    [goodFriday(year), 'closed'],
    [observed(dayOf(year, 12, 25)), 'closed'],
    [nthWeekday(year, 1, 1, 3), 'futures-close-early'],
    [nthWeekday(year, 2, 1, 3), 'futures-close-early'],
    [nthWeekday(year, 5, 1, -1), 'futures-close-early'],
    [observed(dayOf(year, 7, 4)), 'futures-close-early'],
    [nthWeekday(year, 9, 1, 1), 'futures-close-early'],
    [nthWeekday(year, 11, 4, 4), 'futures-close-early'],
  ]);
  if (year >= 2022) days.set(observed(dayOf(year, 6, 19)), 'futures-close-early');
  // New Year's Day is not observed on the Friday before, which is still in the old year's books
  if (weekday(dayOf(year, 1, 1)) !== 6) days.set(observed(dayOf(year, 1, 1)), 'closed');
  cache.set(year, days);
  return days;
}

const cache = new Map<number, ReadonlyMap<CalendarDay, HolidayKind>>();

/** On the Friday before a Saturday, on the Monday after a Sunday. */
function observed(day: CalendarDay): CalendarDay {
  if (weekday(day) === 6) return day - 1;
  return weekday(day) === 0 ? day + 1 : day;
}

/** Two days before Easter by the anonymous Gregorian computus (Nature, 1876). */
function goodFriday(year: number): CalendarDay {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const e = b % 4;
  const g = Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3);
  const h = (19 * a + b - d - g + 15) % 30;
  const l = (32 + 2 * e + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const sum = h + l - 7 * m + 114;
  return dayOf(year, Math.floor(sum / 31), (sum % 31) + 1) - 2;
}
