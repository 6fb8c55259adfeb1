import { toUtcMs, type UtcMs } from '@keelson/core/domain';
import { offsetOf, readTime } from '../sources/read-time.js';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** Zones that RFC 822 names, in hours. */
const ZONES: Readonly<Record<string, number>> = { UT: 0, GMT: 0, UTC: 0, Z: 0, EST: -5, EDT: -4, CST: -6, CDT: -5, MST: -7, MDT: -6, PST: -8, PDT: -7 };
const RFC_822 = /^(?:[A-Za-z]{3,9},?\s+)?(\d{1,2})[\s-]+([A-Za-z]{3})[A-Za-z]*[\s-]+(\d{2}|\d{4})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s+([+-]\d{2}:?\d{2}|[A-Za-z]{1,4})$/;

/** A date as feeds write it: RFC 822 (RSS) or RFC 3339 (Atom). Undefined for anything else, and without a zone. */
export function feedDate(text: string): UtcMs | undefined {
  const trimmed = text.trim();
  const iso = /T/.test(trimmed) ? readTime(trimmed) : undefined;
  if (iso !== undefined) return iso;
  const match = RFC_822.exec(trimmed);
  if (match === null) return undefined;
  const [, day, month, year, hour, minute, second = '0', zone] = match as unknown as string[];
  const monthIndex = MONTHS.indexOf((month as string).toLowerCase());
  const hours = ZONES[(zone as string).toUpperCase()];
  if (monthIndex < 0 || (hours === undefined && !/^[+-]/.test(zone as string))) return undefined;
  // two digits are of this century, as RFC 2822 reads 00 to 49
  const fullYear = (year as string).length === 2 ? Number(year) + (Number(year) < 50 ? 2000 : 1900) : Number(year);
  const local = Date.UTC(fullYear, monthIndex, Number(day), Number(hour), Number(minute), Number(second));
  if (new Date(local).getUTCDate() !== Number(day) || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined;
  return toUtcMs(local - (hours === undefined ? offsetOf(zone as string) : hours * 3_600_000));
}
