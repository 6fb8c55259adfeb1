import { DataError } from '@keelson/core/errors';
import type { BarIntake, PriceField, RowSource } from './bar-intake.js';
import type { CsvDialect } from './csv-sniff.js';
import { parseDecimal } from './parse-decimal.js';
import type { StampReader } from './stamp-reader.js';

const NEWLINE = 10;
const RETURN = 13;
const BLANK = 32;
const QUOTE = 34;
const HASH = 35;
/** What a column is for; 0 is skipped. */
const ROLES = { time: 1, open: 2, high: 3, low: 4, close: 5, volume: 6, date: 7 } as const;
const ROLE_COUNT = 8;

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
  private readonly delimiter: number;
  private readonly hasDate: boolean;
  private readonly hasVolume: boolean;
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
    this.hasVolume = dialect.columns.volume !== undefined;
    this.line = dialect.skipLines;
  }

  /**
   * Reads the lines from `start` to before `end`; the byte before `end` is a newline.
   * @throws DataError DATA_TIME, DATA_ORDER, DATA_FORMAT
   */
  read(bytes: Buffer, start: number, end: number): void {
    this.bytes = bytes;
    const { roles, starts, ends, delimiter, decimal } = this;
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
      let open = NaN, high = NaN, low = NaN, close = NaN, volume = 0;
      let column = 0;
      for (;;) {
        let from = at;
        let to: number;
        byte = bytes[at];
        if (byte === QUOTE) {
          from = at + 1;
          for (byte = bytes[++at]; byte !== QUOTE && byte !== NEWLINE; ) byte = bytes[++at];
          to = at;
          while (byte !== delimiter && byte !== NEWLINE) byte = bytes[++at];
        } else {
          while (byte !== delimiter && byte !== NEWLINE) byte = bytes[++at];
          to = at;
        }
        const role = roles[column];
        if (role !== 0) {
          while (from < to && bytes[from] === BLANK) from++;
          while (to > from && (bytes[to - 1] === BLANK || bytes[to - 1] === RETURN)) to--;
          starts[role] = from;
          ends[role] = to;
          if (role === 2) open = parseDecimal(bytes, from, to, decimal);
          else if (role === 3) high = parseDecimal(bytes, from, to, decimal);
          else if (role === 4) low = parseDecimal(bytes, from, to, decimal);
          else if (role === 5) close = parseDecimal(bytes, from, to, decimal);
          else if (role === 6 && from < to) volume = parseDecimal(bytes, from, to, decimal);
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
        for (let c = column; c < columns; c++) starts[roles[c]] = ends[roles[c]] = -1;
        if (this.hasVolume && starts[ROLES.volume] < 0) volume = NaN;
      }
      const time = this.hasDate ? this.readSplit() : this.stamps.read(bytes, starts[1], ends[1]);
      if (time !== time) throw this.timeError();
      this.intake.add(this.line, time, this.stamps, open, high, low, close, volume, this);
      at++;
    }
  }

  fieldText(field: PriceField): string | undefined {
    return this.textOf(ROLES[field]);
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
