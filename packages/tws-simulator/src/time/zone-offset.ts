import { DAY_MS, type CalendarDay } from './calendar-day.js';

const MINUTE_MS = 60_000;
const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, Map<number, number>>();

/** Ms that the zone's wall clock is ahead of UTC, exact to the hour in which the clocks change. */
export function zoneOffsetMs(timeMs: number, zone: string): number {
  let known = offsets.get(zone);
  if (known === undefined) {
    known = new Map();
    offsets.set(zone, known);
  }
  const hour = Math.floor(timeMs / 3_600_000);
  let offset = known.get(hour);
  if (offset === undefined) {
    offset = askOffset(hour * 3_600_000, zone);
    known.set(hour, offset);
  }
  return offset;
}

/** UTC of a wall time. A time that the clocks skip is taken with the offset before the change. */
export function utcOf(day: CalendarDay, minutes: number, zone: string): number {
  const local = day * DAY_MS + minutes * MINUTE_MS;
  const guess = local - zoneOffsetMs(local, zone);
  return local - zoneOffsetMs(guess, zone);
}

/** The day on the zone's calendar. */
export function localDay(timeMs: number, zone: string): CalendarDay {
  return Math.floor((timeMs + zoneOffsetMs(timeMs, zone)) / DAY_MS);
}

/** Whether the text names a zone of the IANA database. */
export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

function askOffset(timeMs: number, zone: string): number {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' });
    formats.set(zone, format);
  }
  const parts: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(timeMs)) parts[type] = Number(value);
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(timeMs / 1000) * 1000;
}
