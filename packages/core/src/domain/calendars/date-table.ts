import { parseDate, parseMinutes } from './civil-day.js';
import type { DayException } from './weekly-calendar.js';

/** Day numbers of a blank-separated list of `YYYY-MM-DD`. */
export function dates(text: string): readonly number[] {
  return text.split(' ').map((date) => {
    const day = parseDate(date);
    if (day === undefined) throw new RangeError(`date was ${date}, expected YYYY-MM-DD`);
    return day;
  });
}

/** Early closes by day from lists of dates by time of close. */
export function closes(table: Readonly<Record<string, string>>): ReadonlyMap<number, DayException> {
  const days = new Map<number, DayException>();
  for (const [time, list] of Object.entries(table)) {
    const close = parseMinutes(time);
    if (close === undefined) throw new RangeError(`time was ${time}, expected HH:MM`);
    for (const day of dates(list)) days.set(day, { close });
  }
  return days;
}
