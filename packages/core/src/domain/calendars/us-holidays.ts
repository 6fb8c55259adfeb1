import { dayOf, easterSunday, lastWeekday, nthWeekday, weekdayOf } from './civil-day.js';

const MONDAY = 1;
const THURSDAY = 4;
const FRIDAY = 5;
const SATURDAY = 6;
const SUNDAY = 0;

/** A holiday on Saturday is kept on Friday, one on Sunday on Monday. */
function observed(day: number): number {
  const weekday = weekdayOf(day);
  return weekday === SATURDAY ? day - 1 : weekday === SUNDAY ? day + 1 : day;
}

/** 1 January, or Monday when that is a Sunday. A Saturday is not made up for: the year has not ended before it. */
export function newYear(year: number): number {
  const day = dayOf(year, 1, 1);
  return weekdayOf(day) === SUNDAY ? day + 1 : day;
}

export function goodFriday(year: number): number {
  return easterSunday(year) - 2;
}

/** 25 December as observed. */
export function christmas(year: number): number {
  return observed(dayOf(year, 12, 25));
}

/** 4 July as observed. */
export function independenceDay(year: number): number {
  return observed(dayOf(year, 7, 4));
}

export function thanksgiving(year: number): number {
  return nthWeekday(year, 11, THURSDAY, 4);
}

/** Days on which New York's stock exchanges rest and Chicago's futures trade a shortened day or a whole one. */
export function usBankHolidays(year: number): readonly number[] {
  const days = [
    nthWeekday(year, 1, MONDAY, 3), // Martin Luther King
    nthWeekday(year, 2, MONDAY, 3), // Washington
    lastWeekday(year, 5, MONDAY), // Memorial
    independenceDay(year),
    nthWeekday(year, 9, MONDAY, 1), // Labor
    thanksgiving(year),
  ];
  // Juneteenth became a federal holiday in June 2021, the exchanges keep it since 2022.
  if (year >= 2022) days.push(observed(dayOf(year, 6, 19)));
  return days;
}

/** 24 December from Monday to Thursday: a Friday is Christmas itself, observed. */
export function christmasEve(year: number): number | undefined {
  const day = dayOf(year, 12, 24);
  return weekdayOf(day) >= MONDAY && weekdayOf(day) <= THURSDAY ? day : undefined;
}

/** 3 July from Monday to Thursday: a Friday is Independence Day, observed. */
export function independenceEve(year: number): number | undefined {
  const day = dayOf(year, 7, 3);
  return weekdayOf(day) >= MONDAY && weekdayOf(day) <= THURSDAY ? day : undefined;
}

export function isFriday(day: number): boolean {
  return weekdayOf(day) === FRIDAY;
}
