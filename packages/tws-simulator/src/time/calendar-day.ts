/** Days of the calendar without time and zone: days since 1970-01-01, so that arithmetic is plain. */
export type CalendarDay = number;

export const DAY_MS = 86_400_000;

export const dayOf = (year: number, month: number, day: number): CalendarDay => Date.UTC(year, month - 1, day) / DAY_MS;

/** 0 is Sunday. */
export const weekday = (day: CalendarDay): number => (((day + 4) % 7) + 7) % 7;

export function dayParts(day: CalendarDay): { readonly year: number; readonly month: number; readonly date: number } {
  const at = new Date(day * DAY_MS);
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, date: at.getUTCDate() };
}

/** `20260504` */
export function dayText(day: CalendarDay): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');
}

/** `20260504` as a day; undefined when the text is none. */
export function parseDay(text: string): CalendarDay | undefined {
  const match = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(text);
  if (match === null) return undefined;
  const day = dayOf(Number(match[1]), Number(match[2]), Number(match[3]));
  return dayText(day) === match[1]! + match[2]! + match[3]! ? day : undefined;
}

/** The nth such weekday of a month; from the end when `nth` is negative. */
export function nthWeekday(year: number, month: number, which: number, nth: number): CalendarDay {
  if (nth > 0) {
    const first = dayOf(year, month, 1);
    return first + ((which - weekday(first) + 7) % 7) + 7 * (nth - 1);
  }
  const last = dayOf(year, month + 1, 1) - 1;
  return last - ((weekday(last) - which + 7) % 7) + 7 * (nth + 1);
}
