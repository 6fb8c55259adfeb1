import { toUtcMs, type UtcMs } from '@keelson/core/domain';

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2}))?$/;
const EARLIEST_S = 1e8;
const EARLIEST_MS = 1e11;

/** What is understood, for messages. */
export const TIME_FORMS = 'a time such as 2024-01-31T13:30:00Z, 2024-01-31 (midnight UTC), or an epoch in seconds or milliseconds';

/**
 * Reads a point in time that is beyond doubt: ISO-8601 with a zone, a date (midnight UTC), or an epoch in seconds
 * or milliseconds, told apart by size. Undefined for anything else, a time without a zone among them.
 */
export function readTime(value: unknown): UtcMs | undefined {
  if (typeof value === 'number') return epoch(value);
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (/^\d{9,14}(\.\d+)?$/.test(text)) return epoch(Number(text));
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = match;
  const local = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second), Math.floor(Number(fraction || 0) * 1000));
  const moment = new Date(local);
  if (moment.getUTCMonth() !== Number(month) - 1 || moment.getUTCDate() !== Number(day) || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  return toUtcMs(local - offsetOf(zone));
}

/** Milliseconds that a zone such as `+02:00` is ahead of UTC. */
export function offsetOf(zone: string): number {
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
  if (match === null) return 0;
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * 60_000;
}

function epoch(value: number): UtcMs | undefined {
  if (!Number.isFinite(value) || value < EARLIEST_S) return undefined;
  return toUtcMs(value < EARLIEST_MS ? Math.round(value * 1000) : value);
}
