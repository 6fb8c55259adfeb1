const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, format);
  }
  return format;
}

/** Wall time of the zone at `utc`, read as if it were UTC. */
function wallTime(utc: number, zone: string): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(utc)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/**
 * Start of a day in a zone, as UTC milliseconds.
 * @param date `YYYY-MM-DD` or `YYYYMMDD`
 * @returns undefined when the text is not a date
 */
export function zoneMidnight(date: string, zone: string): number | undefined {
  const match = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(date);
  if (match === null) return undefined;
  const [, year, month, day] = match as unknown as [string, string, string, string];
  const wall = Date.UTC(Number(year), Number(month) - 1, Number(day));
  if (new Date(wall).toISOString().slice(0, 10) !== `${year}-${month}-${day}`) return undefined;
  // twice, because the first guess may lie on the other side of a change of the clocks
  const guess = wall - (wallTime(wall, zone) - wall);
  return wall - (wallTime(guess, zone) - guess);
}
