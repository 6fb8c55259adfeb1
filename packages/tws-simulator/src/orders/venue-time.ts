/**
 * Reads a time as clients write it in orders and filters: `20261120 15:30:00 US/Eastern`,
 * `20261120-15:30:00` (UTC), or without a date (the day of `nowMs`).
 * @param zone the IANA zone of times that name none
 * @returns `undefined` when the text is no time
 */
export function parseVenueTime(text: string, zone: string, nowMs: number): number | undefined {
  const match = /^(?:(\d{4})(\d{2})(\d{2})([ -]+))?(\d{1,2}):(\d{2})(?::(\d{2}))?(?: +(\S.*))?$/.exec(text.trim());
  if (match === null) return undefined;
  const named = match[8];
  const timeZone = named ?? (match[4]?.includes('-') === true ? 'UTC' : zone);
  if (!isZone(timeZone)) return undefined;
  const today = partsIn(timeZone, nowMs);
  const [year, month, day] = match[1] === undefined ? [today.year, today.month, today.day] : [Number(match[1]), Number(match[2]), Number(match[3])];
  const [hour, minute, second] = [Number(match[5]), Number(match[6]), Number(match[7] ?? 0)];
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 59) return undefined;
  return timeIn(timeZone, Date.UTC(year, month - 1, day, hour, minute, second));
}

/** `20261120 15:30:00 US/Eastern`, as the venue writes times of executions. */
export function formatVenueTime(timeMs: number, zone: string): string {
  const parts = partsIn(zone, timeMs);
  return `${pad(parts.year, 4)}${pad(parts.month)}${pad(parts.day)} ${pad(parts.hour)}:${pad(parts.minute)}:${pad(parts.second)} ${zone}`;
}

/** `2026-11-20 15:30:00 US/Eastern`, as the venue writes times in texts. */
export function formatTextTime(timeMs: number, zone: string): string {
  const parts = partsIn(zone, timeMs);
  return `${pad(parts.year, 4)}-${pad(parts.month)}-${pad(parts.day)} ${pad(parts.hour)}:${pad(parts.minute)}:${pad(parts.second)} ${zone}`;
}

interface Parts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
    });
    formats.set(zone, format);
  }
  return format;
}

function isZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

function partsIn(zone: string, timeMs: number): Parts {
  const found: Record<string, number> = {};
  for (const part of formatOf(zone).formatToParts(timeMs)) found[part.type] = Number(part.value);
  const of = (name: string): number => found[name] ?? 0;
  return { year: of('year'), month: of('month'), day: of('day'), hour: of('hour'), minute: of('minute'), second: of('second') };
}

/** The time at which clocks of the zone show what clocks in UTC show at `wallMs`. */
function timeIn(zone: string, wallMs: number): number {
  let timeMs = wallMs;
  // The offset at the guess may differ from the one at the result, next to a change of clocks: correct twice.
  for (let round = 0; round < 2; round += 1) {
    const parts = partsIn(zone, timeMs);
    timeMs += wallMs - Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second);
  }
  return timeMs;
}

const pad = (value: number, width = 2): string => String(value).padStart(width, '0');
