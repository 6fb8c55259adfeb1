import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import { DataError, messageOf } from '@keelson/core/errors';
import type { BarIntake, PriceField, RowSource } from './bar-intake.js';
import { columnsByName } from './csv-layout.js';
import { stampError } from './csv-rows.js';
import type { ReadSettings } from './params.js';
import { hashFile } from './source-file.js';
import { StampReader, detectTimeFormat } from './stamp-reader.js';
import { ZoneClock } from './zone-clock.js';

type Column = { readonly name: string; readonly type: string };
/** How the time column is fetched: as ms (local, instant, or a date), or as text for the stamp reader. */
type TimeSource = { readonly sql: string; readonly kind: 'local' | 'instant' | 'date' | 'text'; readonly stamps: StampReader };

const PRICES = ['open', 'high', 'low', 'close'] as const;
const EPOCH_SQL = { 'epoch-s': (column: string) => `${column} * 1000`, 'epoch-ms': (column: string) => column, 'epoch-us': (column: string) => `${column} // 1000`, 'epoch-ns': (column: string) => `${column} // 1000000` } as const;

/**
 * Reads a Parquet file through DuckDB into `intake`, in the order of its rows; gives the file's hash.
 * @throws DataError
 */
export async function readParquet(file: string, path: string, settings: ReadSettings, intake: BarIntake): Promise<string> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const hashing = hashFile(path);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    await readThrough(connection, file, path, settings, intake);
  } catch (error) {
    // The hash goes on by itself; what it might throw is said already.
    await hashing.catch(() => undefined);
    throw error;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  return hashing;
}

async function readThrough(connection: DuckDBConnection, file: string, path: string, settings: ReadSettings, intake: BarIntake): Promise<void> {
  const from = `FROM read_parquet('${path.replaceAll("'", "''")}')`;
  const columns = await attempt(file, async () => {
    const described = await connection.runAndReadAll(`DESCRIBE SELECT * ${from}`);
    return described.getRows().map(([name, type]): Column => ({ name: String(name), type: String(type) }));
  });
  const map = columnsByName(file, columns.map(({ name }) => name), settings.columns);
  const at = (index: number): Column => columns[index] as Column;
  if (map.date !== undefined) throw new DataError('DATA_COLUMNS', `${file} has date and time of day in two columns, expected one column of timestamps`, { hint: 'set columns.time to a column of timestamps, or write one' });
  const time = await timeSource(connection, file, from, at(map.time), settings);
  const numbers = [...PRICES.map((field) => numberSql(at(map[field]))), map.volume === undefined ? '0::DOUBLE' : numberSql(at(map.volume))];
  const stream = await attempt(file, () => connection.stream(`SELECT ${[time.sql, ...numbers].join(', ')} ${from}`));
  const rows = new ParquetRows();
  for (;;) {
    const chunk = await attempt(file, () => stream.fetchChunk());
    if (chunk === null || chunk.rowCount === 0) return;
    readChunk(file, chunk, time, rows, intake);
  }
}

function readChunk(file: string, chunk: DuckDBDataChunk, time: TimeSource, rows: ParquetRows, intake: BarIntake): void {
  const [times, open, high, low, close, volume] = [0, 1, 2, 3, 4, 5].map((column) => chunk.getColumnVector(column));
  const number = (value: unknown): number => (typeof value === 'number' ? value : NaN);
  const { stamps, kind } = time;
  for (let i = 0; i < chunk.rowCount; i++) {
    rows.row++;
    const value = times.getItem(i);
    let utc: number;
    if (kind === 'text') {
      const text = Buffer.from(typeof value === 'string' ? value.trim() : '', 'latin1');
      utc = stamps.read(text, 0, text.length);
    } else utc = stamps.resolveLocal(number(value), kind === 'instant', kind === 'date');
    if (utc !== utc) throw stampError(file, rows.row, typeof value === 'number' ? new Date(value).toISOString().slice(0, -1) : String(value), stamps);
    intake.add(rows.row, utc, stamps, number(open.getItem(i)), number(high.getItem(i)), number(low.getItem(i)), number(close.getItem(i)), number(volume.getItem(i)), rows);
  }
}

/** Counts rows from 1; values are only known as numbers, so a bad one is null or not finite. */
class ParquetRows implements RowSource {
  row = 0;

  fieldText(_field: PriceField): string {
    return 'null or not a number';
  }
}

async function timeSource(connection: DuckDBConnection, file: string, from: string, column: Column, settings: ReadSettings): Promise<TimeSource> {
  const name = quote(column.name);
  const zone = new ZoneClock(settings.zone);
  const whole = (kind: 'local' | 'instant' | 'date'): TimeSource => ({ sql: `epoch_ms(${name})::DOUBLE`, kind, stamps: new StampReader('iso', zone) });
  if (column.type === 'DATE') return whole('date');
  if (column.type === 'TIMESTAMP WITH TIME ZONE') return whole('instant');
  if (column.type.startsWith('TIMESTAMP')) return whole('local');
  const isNumber = /^U?(BIG|HUGE|SMALL|TINY)?INT(EGER)?$|^DOUBLE$|^FLOAT$|^DECIMAL/.test(column.type);
  if (!isNumber && column.type !== 'VARCHAR') {
    throw new DataError('DATA_COLUMNS', `${file} has time column ${column.name} of type ${column.type}, expected a timestamp, date, number or text`, { hint: 'set columns.time to another column' });
  }
  const first = await attempt(file, async () => (await connection.runAndReadAll(`SELECT ${name}::VARCHAR ${from} LIMIT 1`)).getRows()[0]?.[0]);
  const text = typeof first === 'string' ? first.trim() : '';
  const format = settings.timeFormat === 'auto' ? detectTimeFormat(text) : settings.timeFormat;
  // A file without rows is reported as empty by the reader.
  if (first === undefined) return { sql: `${name}::VARCHAR`, kind: 'text', stamps: new StampReader('iso', zone) };
  if (format === undefined || format === 'ambiguous') {
    throw new DataError('DATA_TIME', `${file} row 1 has time ${JSON.stringify(text)}, expected ${format === undefined ? 'a timestamp' : 'a date in which day and month can be told apart'}`, { hint: 'set timeFormat, or columns.time to another column' });
  }
  const stamps = new StampReader(format, zone);
  if (isNumber && format in EPOCH_SQL) return { sql: `(${EPOCH_SQL[format as keyof typeof EPOCH_SQL](name)})::DOUBLE`, kind: 'instant', stamps };
  return { sql: `${name}::VARCHAR`, kind: 'text', stamps };
}

/** The shortest decimal of a 32-bit float is the price that was meant; its bits as a double are not. */
function numberSql(column: Column): string {
  const name = quote(column.name);
  return column.type === 'DOUBLE' ? name : column.type === 'FLOAT' ? `TRY_CAST(${name}::VARCHAR AS DOUBLE)` : `TRY_CAST(${name} AS DOUBLE)`;
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** DuckDB's own failures are about the file. */
async function attempt<T>(file: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const said = messageOf(error).split('\n')[0] as string;
    throw new DataError('DATA_FORMAT', `${file} cannot be read as Parquet (${said}), expected a whole Parquet file`, { hint: 'fetch or write the file again', cause: error });
  }
}
