import { DataError } from '@keelson/core/errors';
import { NO_QUOTE, type BarIntake, type PriceField, type RowSource } from './bar-intake.js';
import type { CsvDialect } from './csv-sniff.js';
import { POWERS, parseDecimal } from './parse-decimal.js';
import type { StampReader } from './stamp-reader.js';

const NEWLINE = 10;
const RETURN = 13;
const BLANK = 32;
const QUOTE = 34;
const HASH = 35;
/** What a column is for; 0 is skipped. */
const ROLES = { time: 1, open: 2, high: 3, low: 4, close: 5, volume: 6, bid: 7, ask: 8, bidSize: 9, askSize: 10, date: 11 } as const;
const ROLE_COUNT = 12;
/** Digits of a number that fits 32 bits: whole-number arithmetic is about twice as fast. */
const MOST_PLAIN = 9;
/** Length of `YYYY-MM-DD HH:MM:SS`. */
const STAMP_BYTES = 19;

/**
 * Reads lines of CSV from bytes, without making strings or objects for a row.
 * A field may be quoted; a line break within quotes is not understood.
 */
export class CsvRows implements RowSource {
  /** 1-based number of the last line that was read. */
  line: number;

  private readonly roles: Uint8Array;
  /** Bounds of the row's fields by role, for what is not a plain number. */
  private readonly starts = new Int32Array(ROLE_COUNT);
  private readonly ends = new Int32Array(ROLE_COUNT);
  /** The row's values by role less one, as `BarIntake.add` takes them; a volume that has no column stays 0. */
  private readonly bar = new Float64Array(ROLE_COUNT - 1);
  private readonly delimiter: number;
  private readonly hasDate: boolean;
  private bytes: Buffer = Buffer.alloc(0);

  constructor(private readonly file: string, dialect: CsvDialect, private readonly decimal: number, private readonly stamps: StampReader, private readonly intake: BarIntake) {
    const entries = Object.entries(dialect.columns) as [keyof typeof ROLES, number][];
    this.roles = new Uint8Array(Math.max(...entries.map(([, column]) => column)) + 1);
    for (const [field, column] of entries) {
      if (this.roles[column] !== 0) {
        throw new DataError('DATA_COLUMNS', `${file} has column ${column} mapped to ${field} and another field, expected a column for each`, { hint: 'correct columns' });
      }
      this.roles[column] = ROLES[field];
    }
    this.delimiter = dialect.delimiter;
    this.hasDate = dialect.columns.date !== undefined;
    if (dialect.columns.bid !== undefined) intake.expectDepth();
    this.line = dialect.skipLines;
  }

  /**
   * Reads the lines from `start` to before `end`; the byte before `end` is a newline.
   * @throws DataError DATA_TIME, DATA_ORDER, DATA_FORMAT
   */
  read(bytes: Buffer, start: number, end: number): void {
    this.bytes = bytes;
    const { roles, starts, ends, bar, delimiter, decimal, stamps, intake } = this;
    const columns = roles.length;
    let at = start;
    while (at < end) {
      this.line++;
      let byte = bytes[at];
      if (byte === NEWLINE || byte === HASH || byte === RETURN || byte === BLANK) {
        const lineEnd = bytes.indexOf(NEWLINE, at);
        if (byte === HASH || this.isBlank(at, lineEnd)) {
          at = lineEnd + 1;
          continue;
        }
      }
      let column = 0;
      for (;;) {
        const role = roles[column];
        let from = at;
        let to = -1;
        let value = NaN;
        byte = bytes[at];
        if (role === 1 && bytes[at + STAMP_BYTES] === delimiter && !this.hasDate) {
          value = stamps.readPlain(bytes, at);
          if (value === value) {
            at += STAMP_BYTES;
            byte = delimiter;
            to = at;
          }
        } else if (role > 1 && role < ROLES.date) {
          // Few plain digits, read while looking for the field's end; all else is read again below.
          let mantissa = 0;
          let decimals = -1;
          for (let digit = byte - 48; digit >>> 0 <= 9; digit = bytes[++at] - 48) mantissa = (mantissa * 10 + digit) | 0;
          if (bytes[at] === decimal) {
            const point = at;
            for (let digit = bytes[++at] - 48; digit >>> 0 <= 9; digit = bytes[++at] - 48) mantissa = (mantissa * 10 + digit) | 0;
            decimals = at - point - 1;
          }
          byte = bytes[at];
          const digits = at - from - (decimals < 0 ? 0 : 1);
          if ((byte === delimiter || byte === NEWLINE) && digits > 0 && digits <= MOST_PLAIN) {
            value = decimals > 0 ? mantissa / POWERS[decimals] : mantissa;
            to = at;
          } else {
            at = from;
            byte = bytes[at];
          }
        }
        if (to < 0) {
          if (byte === QUOTE) {
            from = at + 1;
            for (byte = bytes[++at]; byte !== QUOTE && byte !== NEWLINE; ) byte = bytes[++at];
            to = at;
            while (byte !== delimiter && byte !== NEWLINE) byte = bytes[++at];
          } else {
            while (byte !== delimiter && byte !== NEWLINE) byte = bytes[++at];
            to = at;
          }
          if (role !== 0) {
            while (from < to && bytes[from] === BLANK) from++;
            while (to > from && (bytes[to - 1] === BLANK || bytes[to - 1] === RETURN)) to--;
            if (role === 1 && !this.hasDate) value = stamps.read(bytes, from, to);
            else if (role > 1 && role < ROLES.date) value = from === to && role > 5 ? this.emptyValue(role) : parseDecimal(bytes, from, to, decimal);
          }
        }
        if (role !== 0) {
          starts[role] = from;
          ends[role] = to;
          bar[role - 1] = value;
        }
        column++;
        if (byte === NEWLINE) break;
        at++;
        if (column === columns) {
          at = bytes.indexOf(NEWLINE, at);
          break;
        }
      }
      if (column < columns) {
        for (let c = column; c < columns; c++) {
          starts[roles[c]] = ends[roles[c]] = -1;
          if (roles[c] !== 0) bar[roles[c] - 1] = roles[c] < ROLES.bid ? NaN : NO_QUOTE;
        }
      }
      if (this.hasDate) bar[0] = this.readSplit();
      if (bar[0] !== bar[0]) throw this.timeError();
      intake.add(this.line, bar, stamps, this);
      at++;
    }
  }

  fieldText(field: PriceField): string | undefined {
    return this.textOf(ROLES[field]);
  }

  /** A volume that is left empty is none; so is a quote, which an empty book has not. */
  private emptyValue(role: number): number {
    return role === ROLES.volume ? 0 : NO_QUOTE;
  }

  private textOf(role: number): string | undefined {
    const start = this.starts[role];
    return start < 0 ? undefined : this.bytes.toString('utf8', start, this.ends[role]);
  }

  private isBlank(start: number, end: number): boolean {
    for (let i = start; i < end; i++) if (this.bytes[i] !== BLANK && this.bytes[i] !== RETURN && this.bytes[i] !== 9) return false;
    return true;
  }

  private stampText(): string {
    const clock = this.textOf(ROLES.time) ?? '';
    return this.hasDate ? `${this.textOf(ROLES.date) ?? ''} ${clock}` : clock;
  }

  private readSplit(): number {
    const text = Buffer.from(this.stampText(), 'latin1');
    return this.stamps.read(text, 0, text.length);
  }

  private timeError(): DataError {
    return stampError(this.file, this.line, this.stampText(), this.stamps);
  }
}

/** Why a stamp could not be used. */
export function stampError(file: string, row: number, text: string, stamps: StampReader): DataError {
  const shown = JSON.stringify(text.slice(0, 40));
  const context = { row, value: text };
  if (stamps.failure === 'mixed') {
    const [now, before] = stamps.zoned === true ? ['without', 'with'] : ['with', 'without'];
    return new DataError('DATA_TIME', `${file} row ${row} has time ${shown} ${now} a zone after times ${before} one, expected all stamps alike`, { hint: 'write all stamps with a zone, or none', context });
  }
  if (stamps.failure === 'skipped') {
    return new DataError('DATA_TIME', `${file} row ${row} has time ${shown}, which the clocks of ${stamps.zoneName} skip, expected a time that exists`, { hint: 'set zone to the zone that the stamps are in', context });
  }
  return new DataError('DATA_TIME', `${file} row ${row} has time ${shown}, expected ${stamps.format}`, { hint: 'correct the row, or set timeFormat and columns.time', context });
}
