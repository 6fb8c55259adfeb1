const formats = new Map<string, Intl.DateTimeFormat>();

/** True for a zone of the IANA database. */
export function isZone(zone: string): boolean {
  try {
    return formatOf(zone) !== undefined;
  } catch {
    return false;
  }
}

/**
 * UTC of a local time, both in ms (`local` as if it were UTC). A time that stands twice in autumn is the earlier
 * one; one that the clocks skip in spring lies as long after the jump.
 */
export function toUtc(local: number, zone: string): number {
  if (zone === 'UTC') return local;
  const before = offsetAt(local - 86_400_000, zone);
  const early = local - before;
  if (offsetAt(early, zone) === before) return early;
  const late = local - offsetAt(local + 86_400_000, zone);
  return offsetAt(late, zone) === local - late ? late : early;
}

function offsetAt(utc: number, zone: string): number {
  const parts = Object.fromEntries(formatOf(zone).formatToParts(utc).map(({ type, value }) => [type, Number(value)])) as Record<string, number>;
  const { year, month, day, hour, minute, second } = parts as { year: number; month: number; day: number; hour: number; minute: number; second: number };
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(utc / 1000) * 1000;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' });
    formats.set(zone, format);
  }
  return format;
}
