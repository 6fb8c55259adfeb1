import { zoneOffsetMs } from './zone-offset.js';

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

const iso = (timeMs: number, zone: string): string => new Date(timeMs + zoneOffsetMs(timeMs, zone)).toISOString();
