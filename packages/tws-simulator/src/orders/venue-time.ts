import { dayOf } from '../time/calendar-day.js';
import { localDay, utcOf } from '../time/zone-offset.js';
import { dateTimeText } from '../time/zone-text.js';

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

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
