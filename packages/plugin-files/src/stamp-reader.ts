import type { ZoneClock } from './zone-clock.js';

export const TIME_FORMATS = ['auto', 'iso', 'date', 'yyyymmdd', 'dmy', 'mdy', 'epoch-s', 'epoch-ms', 'epoch-us', 'epoch-ns'] as const;
export type TimeFormat = (typeof TIME_FORMATS)[number];
export type StampFailure = 'unreadable' | 'skipped' | 'mixed';

const DAY_MS = 86_400_000;
/** Decimal digits of an epoch number below its milliseconds; negative: digits that are missing. */
const EPOCH_DIGITS = { 'epoch-s': -3, 'epoch-ms': 0, 'epoch-us': 3, 'epoch-ns': 6 } as const;

/** Two digits at `i`, or -1000 (which no sum brings back into range). */
function two(bytes: Uint8Array, i: number): number {
  const high = bytes[i] - 48;
  const low = bytes[i + 1] - 48;
  return high >>> 0 > 9 || low >>> 0 > 9 ? -1000 : high * 10 + low;
}

function isDigit(byte: number): boolean {
  return (byte - 48) >>> 0 <= 9;
}

/**
 * Reads timestamps from bytes. After `read` the fields tell about that stamp; they are reused, so that
 * nothing is allocated for a row.
 */
export class StampReader {
  /** Midnight of the day as written, as if it were UTC, in ms. */
  day = 0;
  /** The stamp is a date without a time of day. */
  dateOnly = false;
  /** The time of day as written is midnight. */
  midnight = false;
  /** Why `read` gave NaN. */
  failure: StampFailure = 'unreadable';
  /** Whether the file's stamps carry a zone; undefined before the first one. */
  zoned: boolean | undefined;

  private previous = NaN;
  private dayKey = -1;
  private dayMs = NaN;
  /** Offset of the stamp from UTC in ms; NaN without a zone. */
  private offset = NaN;

  constructor(readonly format: Exclude<TimeFormat, 'auto'>, private readonly zone: ZoneClock) {}

  get zoneName(): string {
    return this.zone.zone;
  }

  /** UTC ms of the stamp from `start` to before `end`; NaN with `failure` when it cannot be used. */
  read(bytes: Uint8Array, start: number, end: number): number {
    this.offset = NaN;
    this.dateOnly = false;
    this.failure = 'unreadable';
    const format = this.format;
    const local = format === 'iso' || format === 'date' ? this.readIso(bytes, start, end)
      : format === 'yyyymmdd' ? this.readCompact(bytes, start, end)
      : format === 'dmy' || format === 'mdy' ? this.readDayFirst(bytes, start, end, format === 'mdy')
      : this.readEpoch(bytes, start, end, EPOCH_DIGITS[format]);
    return local === local ? this.resolve(local) : NaN;
  }

  /**
   * As `read`, for `YYYY-MM-DD HH:MM:SS` of 19 bytes, whose end need not be looked for first; NaN for any
   * other stamp, which `read` may still understand.
   */
  readPlain(bytes: Uint8Array, start: number): number {
    if (this.format !== 'iso' || bytes[start + 4] !== 45 || bytes[start + 7] !== 45 || bytes[start + 13] !== 58 || bytes[start + 16] !== 58) return NaN;
    const gap = bytes[start + 10];
    if (gap !== 32 && gap !== 84) return NaN;
    const hour = two(bytes, start + 11), minute = two(bytes, start + 14), second = two(bytes, start + 17);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return NaN;
    const day = this.dayOf(two(bytes, start) * 100 + two(bytes, start + 2), two(bytes, start + 5), two(bytes, start + 8));
    if (day !== day) return NaN;
    this.offset = NaN;
    this.dateOnly = false;
    return this.resolve(day + ((hour * 60 + minute) * 60 + second) * 1000);
  }

  /** As `read`, for a local time in ms that was decoded elsewhere (as if it were UTC), or an instant. */
  resolveLocal(local: number, instant: boolean, dateOnly: boolean): number {
    this.failure = 'unreadable';
    if (!Number.isFinite(local)) return NaN;
    this.dateOnly = dateOnly;
    this.offset = instant ? 0 : NaN;
    this.day = Math.floor(local / DAY_MS) * DAY_MS;
    return this.resolve(local);
  }

  private resolve(local: number): number {
    this.midnight = local === this.day;
    const zoned = this.offset === this.offset;
    if (this.zoned === undefined) this.zoned = zoned;
    else if (this.zoned !== zoned) {
      this.failure = 'mixed';
      return NaN;
    }
    const utc = zoned ? local - this.offset : this.zone.toUtc(local, this.previous);
    if (utc !== utc) {
      this.failure = 'skipped';
      // A session bar needs only its date, and midnight is skipped in some zones.
      if (!this.dateOnly) return NaN;
      return local;
    }
    this.previous = utc;
    return utc;
  }

  private readIso(bytes: Uint8Array, start: number, end: number): number {
    if (end - start < 10) return NaN;
    const separator = bytes[start + 4];
    if ((separator !== 45 && separator !== 47 && separator !== 46) || bytes[start + 7] !== separator) return NaN;
    const day = this.dayOf(two(bytes, start) * 100 + two(bytes, start + 2), two(bytes, start + 5), two(bytes, start + 8));
    return day + this.timeOfDay(bytes, start + 10, end);
  }

  /** `YYYYMMDD`, then nothing, or a time of day after an optional blank, `T`, `-` or `_`. */
  private readCompact(bytes: Uint8Array, start: number, end: number): number {
    if (end - start < 8) return NaN;
    const day = this.dayOf(two(bytes, start) * 100 + two(bytes, start + 2), two(bytes, start + 4), two(bytes, start + 6));
    return day + this.timeOfDay(bytes, start + 8, end);
  }

  private readDayFirst(bytes: Uint8Array, start: number, end: number, monthFirst: boolean): number {
    let i = start;
    let first = 0, second = 0;
    for (; i < end && isDigit(bytes[i]) && i < start + 2; i++) first = first * 10 + bytes[i] - 48;
    const separator = bytes[i++];
    if (separator !== 47 && separator !== 46 && separator !== 45) return NaN;
    const from = i;
    for (; i < end && isDigit(bytes[i]) && i < from + 2; i++) second = second * 10 + bytes[i] - 48;
    if (bytes[i++] !== separator || end - i < 4) return NaN;
    const year = two(bytes, i) * 100 + two(bytes, i + 2);
    return this.dayOf(year, monthFirst ? first : second, monthFirst ? second : first) + this.timeOfDay(bytes, i + 4, end);
  }

  /** Whole numbers keep every digit; only what lies below a millisecond is cut. */
  private readEpoch(bytes: Uint8Array, start: number, end: number, digitsBelowMs: number): number {
    let i = start;
    const negative = bytes[i] === 45;
    if (negative) i++;
    let point = i;
    while (point < end && isDigit(bytes[point])) point++;
    if (point === i) return NaN;
    for (let j = point + 1; j < end; j++) if (!isDigit(bytes[j])) return NaN;
    if (point < end && bytes[point] !== 46) return NaN;
    let ms = 0;
    const cut = point - digitsBelowMs;
    for (; i < Math.min(cut, point); i++) ms = ms * 10 + bytes[i] - 48;
    for (let j = point; j < cut; j++) ms = ms * 10 + (j + 1 < end ? bytes[j + 1] - 48 : 0);
    if (ms > 8.64e15) return NaN;
    if (negative) ms = -ms;
    this.offset = 0;
    this.day = Math.floor(ms / DAY_MS) * DAY_MS;
    return ms;
  }

  private dayOf(year: number, month: number, day: number): number {
    const key = year * 10_000 + month * 100 + day;
    if (key !== this.dayKey) {
      this.dayKey = key;
      const ms = Date.UTC(year, month - 1, day);
      const valid = year >= 1800 && month >= 1 && month <= 12 && day >= 1 && new Date(ms).getUTCDate() === day;
      this.dayMs = valid ? ms : NaN;
    }
    this.day = this.dayMs;
    return this.dayMs;
  }

  /** `HH:MM[:SS[.fff]]` or `HHMM[SS[fff]]`, then AM or PM, then a zone; ms since midnight as written. */
  private timeOfDay(bytes: Uint8Array, start: number, end: number): number {
    if (start === end) {
      this.dateOnly = true;
      return 0;
    }
    let i = start;
    const separator = bytes[i];
    if (separator === 32 || separator === 84 || separator === 116 || separator === 45 || separator === 95 || separator === 59) i++;
    let hour = two(bytes, i);
    const colon = bytes[i + 2] === 58;
    let minute = 0, second = 0, ms = 0;
    i += colon ? 3 : 2;
    if (i + 2 > end) return NaN;
    minute = two(bytes, i);
    i += 2;
    if (i < end && (colon ? bytes[i] === 58 : isDigit(bytes[i]))) {
      if (colon) i++;
      if (i + 2 > end) return NaN;
      second = two(bytes, i);
      i += 2;
    }
    if (i < end && (bytes[i] === 46 || bytes[i] === 44 || (!colon && isDigit(bytes[i])))) {
      if (!isDigit(bytes[i])) i++;
      let unit = 100;
      for (; i < end && isDigit(bytes[i]); i++) {
        ms += (bytes[i] - 48) * unit;
        unit = unit >= 10 ? unit / 10 : 0;
      }
    }
    if (i < end) {
      const rest = Buffer.from(bytes.buffer, bytes.byteOffset + i, end - i).toString('latin1').trim();
      const half = /^([AaPp])[Mm]\b/.exec(rest);
      if (half !== null) {
        if (hour < 1 || hour > 12) return NaN;
        hour = (hour % 12) + (half[1].toLowerCase() === 'p' ? 12 : 0);
      }
      const zone = half === null ? rest : rest.slice(2).trim();
      if (zone !== '') this.offset = parseOffset(zone);
      if (zone !== '' && this.offset !== this.offset) return NaN;
    }
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return NaN;
    return ((hour * 60 + minute) * 60 + second) * 1000 + ms;
  }
}

/** ms that a zone at the end of a stamp is ahead of UTC; NaN when it is none. */
function parseOffset(text: string): number {
  if (/^(z|utc|gmt)$/i.test(text)) return 0;
  const match = /^(?:utc|gmt)?([+-])(\d{2}):?(\d{2})?$/i.exec(text);
  if (match === null) return NaN;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return minutes > 18 * 60 || Number(match[3] ?? 0) > 59 ? NaN : (match[1] === '-' ? -1 : 1) * minutes * 60_000;
}

/**
 * The format that a stamp is written in; `ambiguous` when day and month cannot be told apart, undefined when
 * it is no time at all.
 */
export function detectTimeFormat(text: string): Exclude<TimeFormat, 'auto'> | 'ambiguous' | undefined {
  if (/^\d{4}([-/.])\d{2}\1\d{2}/.test(text)) return 'iso';
  const parts = /^(\d{1,2})([-/.])(\d{1,2})\2\d{4}/.exec(text);
  if (parts !== null) {
    const [first, second] = [Number(parts[1]), Number(parts[3])];
    if (first > 12 && second <= 12) return 'dmy';
    if (second > 12 && first <= 12) return 'mdy';
    return 'ambiguous';
  }
  if (/^(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])($|[ T_;-]?([01]\d|2[0-3]):?[0-5]\d)/.test(text) && !/^\d{9,11}$|^\d{13}$|^\d{15,}$/.test(text)) return 'yyyymmdd';
  const epoch = /^-?(\d+)(\.\d*)?$/.exec(text);
  if (epoch === null) return undefined;
  const digits = epoch[1].replace(/^0+/, '').length;
  return digits <= 11 ? 'epoch-s' : digits <= 14 ? 'epoch-ms' : digits <= 17 ? 'epoch-us' : digits <= 20 ? 'epoch-ns' : undefined;
}
