import { dayOf } from './calendar-day.js';
import { isZone, localDay, utcOf, zoneOffsetMs } from './zone-offset.js';

/** Zones by the names that the venue's servers write. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  'America/New_York': 'EST', 'US/Eastern': 'EST', 'America/Chicago': 'CST', 'US/Central': 'CST', 'America/Los_Angeles': 'PST', 'US/Pacific': 'PST',
  'Europe/London': 'GMT', 'Europe/Berlin': 'CET', 'Europe/Zurich': 'CET', 'Asia/Tokyo': 'JST', 'Asia/Hong_Kong': 'HKT',
};

/** `20260504`, in the zone. */
export function dateText(timeMs: number, zone: string): string {
  return iso(timeMs, zone).slice(0, 10).replaceAll('-', '');
}

/** `20260504 09:30:00`, in the zone. */
export function dateTimeText(timeMs: number, zone: string): string {
  return `${dateText(timeMs, zone)} ${iso(timeMs, zone).slice(11, 19)}`;
}

/** `20260504 09:30:00 EST`, as in the answer to the handshake: the short name is the zone's, summer or winter. */
export function connectionTime(timeMs: number, zone: string): string {
  return `${dateTimeText(timeMs, zone)} ${SHORT_NAMES[zone] ?? zone}`;
}

/**
 * Reads a time as clients write it in orders and filters: `20261120 15:30:00 US/Eastern`,
 * `20261120-15:30:00` (UTC), or without a date (the day of `nowMs`).
 * @param zone the IANA zone of times that name none
 * @returns `undefined` when the text is no time
 */
export function parseVenueTime(text: string, zone: string, nowMs: number): number | undefined {
  const match = /^(?:(\d{4})(\d{2})(\d{2})([ -]+))?(\d{1,2}):(\d{2})(?::(\d{2}))?(?: +(\S.*))?$/.exec(text.trim());
  if (match === null) return undefined;
  const timeZone = match[8] ?? (match[4]?.includes('-') === true ? 'UTC' : zone);
  if (!isZone(timeZone)) return undefined;
  const [month, day, hour, minute, second] = [Number(match[2] ?? 1), Number(match[3] ?? 1), Number(match[5]), Number(match[6]), Number(match[7] ?? 0)];
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 59) return undefined;
  const date = match[1] === undefined ? localDay(nowMs, timeZone) : dayOf(Number(match[1]), month, day);
  return utcOf(date, hour * 60 + minute, timeZone) + second * 1000;
}

/** `20261120 15:30:00 US/Eastern`, as the venue writes times of executions. */
export const formatVenueTime = (timeMs: number, zone: string): string => `${dateTimeText(timeMs, zone)} ${zone}`;

/** `2026-11-20 15:30:00 US/Eastern`, as the venue writes times in texts. */
export function formatTextTime(timeMs: number, zone: string): string {
  const text = dateTimeText(timeMs, zone);
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)} ${zone}`;
}

const iso = (timeMs: number, zone: string): string => new Date(timeMs + zoneOffsetMs(timeMs, zone)).toISOString();
