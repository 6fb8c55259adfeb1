import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Bars of a file, by column. */
export interface BarFile {
  /** Starts of the bars, UTC ms, rising. */
  readonly startMs: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
}

const TIME_NAMES = ['time', 'timestamp', 'timestamp_utc', 'date', 'datetime', ''];

/**
 * Reads bars from CSV, also compressed as `.gz`: a header with a column of times and the columns open, high, low, close and,
 * if there is one, volume. Times are ISO 8601 (UTC unless they say otherwise), seconds or milliseconds since 1970.
 * @throws Error that names the file, the line and what is wrong
 */
export function readBarFile(file: string, folder: string): BarFile {
  const path = isAbsolute(file) ? file : join(folder, file);
  const bytes = readFileSync(path);
  const lines = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').split(/\r?\n/).filter((line) => line !== '');
  const names = (lines[0] ?? '').split(',').map((name) => name.trim().replaceAll('"', '').toLowerCase());
  const columnOf = (wanted: readonly string[]): number => names.findIndex((name) => wanted.includes(name));
  const time = columnOf(TIME_NAMES);
  const columns = [['open'], ['high'], ['low'], ['close'], ['volume', 'vol']].map(columnOf);
  if (time < 0 || columns.slice(0, 4).includes(-1)) throw new Error(`${path}: header was ${JSON.stringify(lines[0] ?? '')}, expected columns time, open, high, low, close and perhaps volume`);
  const count = lines.length - 1;
  const bars = { startMs: new Float64Array(count), open: new Float64Array(count), high: new Float64Array(count), low: new Float64Array(count), close: new Float64Array(count), volume: new Float64Array(count) };
  const targets = [bars.open, bars.high, bars.low, bars.close, bars.volume];
  for (let row = 0; row < count; row += 1) {
    const cells = (lines[row + 1] as string).split(',');
    const at = timeOf(cells[time] ?? '');
    if (Number.isNaN(at) || (row > 0 && at <= (bars.startMs[row - 1] as number))) throw new Error(`${path}: line ${row + 2}: time was ${JSON.stringify(cells[time] ?? '')}, expected one later than the line before`);
    bars.startMs[row] = at;
    for (const [index, column] of columns.entries()) {
      const value = column < 0 ? 0 : Number(cells[column]);
      if (!Number.isFinite(value)) throw new Error(`${path}: line ${row + 2}: ${names[column] ?? ''} was ${JSON.stringify(cells[column] ?? '')}, expected a number`);
      (targets[index] as Float64Array)[row] = value;
    }
  }
  if (count === 0) throw new Error(`${path}: no bars, expected at least one`);
  return bars;
}

function timeOf(text: string): number {
  const plain = text.trim().replaceAll('"', '');
  if (/^\d+(\.\d+)?$/.test(plain)) return Number(plain) * (Number(plain) < 1e11 ? 1000 : 1);
  const zoned = /[zZ]$|[+-]\d\d:?\d\d$/.test(plain);
  return Date.parse(zoned ? plain : `${plain.replace(' ', 'T')}${plain.includes(':') ? '' : 'T00:00:00'}Z`);
}
