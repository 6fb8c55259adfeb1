import { DataError } from '@keelson/core/errors';

/** Zones by the short names that the gateway uses besides IANA's. */
const ZONES: Readonly<Record<string, string>> = { 'US/Central': 'America/Chicago', 'US/Eastern': 'America/New_York', 'US/Pacific': 'America/Los_Angeles', CST: 'America/Chicago', EST: 'America/New_York', EST5EDT: 'America/New_York', MET: 'Europe/Berlin', JST: 'Asia/Tokyo', GMT: 'UTC', GB: 'Europe/London' };

const formats = new Map<string, Intl.DateTimeFormat>();

/** Offset of a zone from UTC in ms at an instant. */
function offsetAt(time: number, zone: string): number {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' });
    formats.set(zone, format);
  }
  const parts: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(time)) if (type !== 'literal') parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(time / 1000) * 1000;
}

/** IANA name of a zone as the gateway writes it. @throws DataError `DATA_TIME` for one that is unknown */
export function zoneOf(name: string): string {
  const zone = ZONES[name] ?? name;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone });
    return zone;
  } catch {
    throw new DataError('DATA_TIME', `the gateway named the time zone '${name}', expected an IANA name such as America/Chicago`, { hint: 'set another language or zone in its settings' });
  }
}

/** UtcMs of a wall-clock time in a zone; in an hour that comes twice the first of the two, in one that is left out the later. */
export function wallTime(zone: string, year: number, month: number, day: number, hour = 0, minute = 0, second = 0): number {
  const asUtc = Date.UTC(year, month - 1, day, hour, minute, second);
  const guess = asUtc - offsetAt(asUtc, zone);
  const candidates = [guess, asUtc - offsetAt(guess - 3_600_000, zone), asUtc - offsetAt(guess + 3_600_000, zone)];
  const exact = candidates.filter((time) => time + offsetAt(time, zone) === asUtc);
  return exact.length > 0 ? Math.min(...exact) : Math.max(...candidates);
}

/**
 * Reads a time of the gateway: `20260504 10:15:30 US/Central`, `20260504-15:15:30` (UTC), `20260504 10:15:30` (in
 * `zone`), seconds since 1970, or `20260504` for the start of a day.
 * @returns UtcMs
 * @throws DataError `DATA_TIME`
 */
export function readTime(text: string, zone: string): number {
  if (/^\d{9,11}$/.test(text)) return Number(text) * 1000;
  const match = /^(\d{4})(\d{2})(\d{2})(?:(-|\s+)(\d{2}):(\d{2})(?::(\d{2}))?(?:\s+(\S+))?)?$/.exec(text.trim());
  if (match === null) throw new DataError('DATA_TIME', `the gateway gave the time '${text}', expected one such as 20260504 10:15:30 US/Central`, { hint: 'update the gateway' });
  const [, year, month, day, gap, hour, minute, second, named] = match;
  const place = gap === '-' ? 'UTC' : named === undefined ? zone : zoneOf(named);
  return wallTime(place, Number(year), Number(month), Number(day), Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0));
}
