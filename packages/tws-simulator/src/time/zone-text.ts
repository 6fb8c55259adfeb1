/** Zones by the names that the venue's servers write. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  'America/New_York': 'EST', 'US/Eastern': 'EST', 'America/Chicago': 'CST', 'US/Central': 'CST', 'America/Los_Angeles': 'PST', 'US/Pacific': 'PST',
  'Europe/London': 'GMT', 'Europe/Berlin': 'CET', 'Europe/Zurich': 'CET', 'Asia/Tokyo': 'JST', 'Asia/Hong_Kong': 'HKT',
};

const formats = new Map<string, Intl.DateTimeFormat>();

/** Wall time of a zone, in two-digit parts. */
export interface LocalTime {
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly hour: string;
  readonly minute: string;
  readonly second: string;
}

export function localTime(timeMs: number, zone: string): LocalTime {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' });
    formats.set(zone, format);
  }
  const parts = { year: '', month: '', day: '', hour: '', minute: '', second: '' };
  for (const { type, value } of format.formatToParts(timeMs)) if (type in parts) parts[type as keyof typeof parts] = value;
  return parts;
}

/** `20260504` */
export function dateText(timeMs: number, zone: string): string {
  const { year, month, day } = localTime(timeMs, zone);
  return year + month + day;
}

/** `20260504 09:30:00` */
export function dateTimeText(timeMs: number, zone: string): string {
  const { hour, minute, second } = localTime(timeMs, zone);
  return `${dateText(timeMs, zone)} ${hour}:${minute}:${second}`;
}

/** `20260504 09:30:00 EST`, as in the answer to the handshake: the short name is the zone's, summer or winter. */
export function connectionTime(timeMs: number, zone: string): string {
  return `${dateTimeText(timeMs, zone)} ${SHORT_NAMES[zone] ?? zone}`;
}
