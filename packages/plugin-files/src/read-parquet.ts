import type { DuckDBConnection, DuckDBDataChunk, DuckDBVector } from '@duckdb/node-api';
import { DataError, messageOf } from '@keelson/core/errors';
import { NO_QUOTE, type BarIntake, type PriceField, type RowSource } from './bar-intake.js';
import { DEPTH_FIELDS, columnsByName, type ColumnMap } from './csv-layout.js';
import { stampError } from './csv-rows.js';
import type { ReadSettings } from './params.js';
import { hashFile } from './source-file.js';
import { StampReader, detectTimeFormat } from './stamp-reader.js';
import { ZoneClock } from './zone-clock.js';

type Column = { readonly name: string; readonly type: string };
/** How the time column is fetched: as ms (local, instant, or a date), or as text for the stamp reader. */
type TimeSource = { readonly sql: string; readonly kind: 'local' | 'instant' | 'date' | 'text'; readonly stamps: StampReader };

const BAR_COLUMNS = 6;
const WITH_DEPTH = BAR_COLUMNS + DEPTH_FIELDS.length;
const PRICES = ['open', 'high', 'low', 'close'] as const;
const EPOCH_SQL = { 'epoch-s': (column: string) => `${column} * 1000`, 'epoch-ms': (column: string) => column, 'epoch-us': (column: string) => `${column} // 1000`, 'epoch-ns': (column: string) => `${column} // 1000000` } as const;

/**
 * Reads a Parquet file through DuckDB into `intake`, in the order of its rows; gives the file's hash.
 * @throws DataError
 */
export async function readParquet(file: string, path: string, settings: ReadSettings, intake: BarIntake): Promise<string> {
  const hashing = hashFile(path);
  try {
    await withDuckDb((connection) => readThrough(connection, file, path, settings, intake));
  } catch (error) {
    // The hash goes on by itself; what it might throw is said already.
    await hashing.catch(() => undefined);
    throw error;
  }
  return hashing;
}

/**
 * Where the columns of a Parquet file stand.
 * @throws DataError
 */
export async function parquetColumns(file: string, path: string, settings: ReadSettings): Promise<ColumnMap> {
  return withDuckDb(async (connection) => (await describe(connection, file, path, settings)).map);
}

async function withDuckDb<T>(run: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    return await run(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function describe(connection: DuckDBConnection, file: string, path: string, settings: ReadSettings): Promise<{ readonly from: string; readonly columns: readonly Column[]; readonly map: ColumnMap }> {
  const from = `FROM read_parquet('${path.replaceAll("'", "''")}')`;
  const columns = await attempt(file, async () => {
    const described = await connection.runAndReadAll(`DESCRIBE SELECT * ${from}`);
    return described.getRows().map(([name, type]): Column => ({ name: String(name), type: String(type) }));
  });
  return { from, columns, map: columnsByName(file, columns.map(({ name }) => name), settings.columns) };
}

async function readThrough(connection: DuckDBConnection, file: string, path: string, settings: ReadSettings, intake: BarIntake): Promise<void> {
  const { from, columns, map } = await describe(connection, file, path, settings);
  const at = (index: number): Column => columns[index] as Column;
  if (map.date !== undefined) throw new DataError('DATA_COLUMNS', `${file} has date and time of day in two columns, expected one column of timestamps`, { hint: 'set columns.time to a column of timestamps, or write one' });
  const time = await timeSource(connection, file, from, at(map.time), settings);
  const numbers = [...PRICES.map((field) => numberSql(at(map[field]))), map.volume === undefined ? '0::DOUBLE' : numberSql(at(map.volume))];
  const quotes = DEPTH_FIELDS.flatMap((field) => (map[field] === undefined ? [] : [quoteSql(at(map[field]))]));
  if (quotes.length > 0) intake.expectDepth();
  const stream = await attempt(file, () => connection.stream(`SELECT ${[time.sql, ...numbers, ...quotes].join(', ')} ${from}`));
  const rows = new ParquetRows(quotes.length > 0 ? WITH_DEPTH : BAR_COLUMNS);
  const fetch = (): Promise<DuckDBDataChunk | null> => attempt(file, () => stream.fetchChunk());
  // DuckDB unpacks the next chunk while this one is read.
  let next = fetch();
  for (;;) {
    const chunk = await next;
    if (chunk === null || chunk.rowCount === 0) return;
    next = fetch();
    try {
      readChunk(file, chunk, time, rows, intake);
    } catch (error) {
      await next.catch(() => undefined);
      throw error;
    }
  }
}

function readChunk(file: string, chunk: DuckDBDataChunk, time: TimeSource, rows: ParquetRows, intake: BarIntake): void {
  const { stamps, kind } = time;
  const count = chunk.rowCount;
  const bar = rows.bar;
  const columns = rows.columnsFor(count);
  for (let column = kind === 'text' ? 1 : 0; column < columns.length; column++) copyNumbers(chunk.getColumnVector(column), count, columns[column] as Float64Array);
  const [times, open, high, low, close, volume] = columns as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  const texts = kind === 'text' ? chunk.getColumnVector(0) : undefined;
  for (let i = 0; i < count; i++) {
    rows.row++;
    const utc = texts === undefined ? stamps.resolveLocal(times[i], kind === 'instant', kind === 'date') : readText(texts, i, stamps);
    if (utc !== utc) throw stampError(file, rows.row, texts === undefined ? timeText(times[i]) : String(texts.getItem(i)), stamps);
    bar[0] = utc;
    bar[1] = open[i];
    bar[2] = high[i];
    bar[3] = low[i];
    bar[4] = close[i];
    bar[5] = volume[i];
    for (let column = BAR_COLUMNS; column < columns.length; column++) bar[column] = (columns[column] as Float64Array)[i];
    intake.add(rows.row, bar, stamps, rows);
  }
}

/**
 * Column by column, so that no number is boxed; the queries leave no null. A vector of doubles keeps them in
 * one array, which is a fifth of the time of asking for each; where a version keeps them otherwise, they are asked for.
 */
function copyNumbers(vector: DuckDBVector, count: number, into: Float64Array): void {
  const items: unknown = Reflect.get(vector, 'items');
  if (items instanceof Float64Array && items.length === count) {
    into.set(items);
    return;
  }
  for (let i = 0; i < count; i++) {
    const value = vector.getItem(i);
    into[i] = typeof value === 'number' ? value : NaN;
  }
}

function readText(vector: DuckDBVector, i: number, stamps: StampReader): number {
  const value = vector.getItem(i);
  const text = Buffer.from(typeof value === 'string' ? value.trim() : '', 'latin1');
  return stamps.read(text, 0, text.length);
}

function timeText(ms: number): string {
  return Number.isFinite(ms) ? new Date(ms).toISOString().slice(0, -1) : 'null';
}

/** Counts rows from 1; values are only known as numbers, so a bad one is null or not finite. */
class ParquetRows implements RowSource {
  row = 0;
  /** Time, open, high, low, close, volume and, with depth, its four: of one row, and of a chunk. */
  readonly bar: Float64Array;
  private columns: readonly Float64Array[] = [];

  constructor(private readonly width: number) {
    this.bar = new Float64Array(width);
  }

  columnsFor(count: number): readonly Float64Array[] {
    if (this.columns.length === 0 || (this.columns[0] as Float64Array).length < count) this.columns = Array.from({ length: this.width }, () => new Float64Array(count));
    return this.columns;
  }

  fieldText(_field: PriceField): string {
    return 'null or not a number';
  }
}

async function timeSource(connection: DuckDBConnection, file: string, from: string, column: Column, settings: ReadSettings): Promise<TimeSource> {
  const name = quote(column.name);
  const zone = new ZoneClock(settings.zone);
  const whole = (kind: 'local' | 'instant' | 'date'): TimeSource => ({ sql: orNan(`epoch_ms(${name})::DOUBLE`), kind, stamps: new StampReader('iso', zone) });
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
  if (isNumber && format in EPOCH_SQL) return { sql: orNan(`(${EPOCH_SQL[format as keyof typeof EPOCH_SQL](name)})::DOUBLE`), kind: 'instant', stamps };
  return { sql: `${name}::VARCHAR`, kind: 'text', stamps };
}

/** The shortest decimal of a 32-bit float is the price that was meant; its bits as a double are not. */
function numberSql(column: Column): string {
  const name = quote(column.name);
  return orNan(column.type === 'DOUBLE' ? name : column.type === 'FLOAT' ? `TRY_CAST(${name}::VARCHAR AS DOUBLE)` : `TRY_CAST(${name} AS DOUBLE)`);
}

/** As {@link numberSql}; an empty one is none, and no fault. */
function quoteSql(column: Column): string {
  return `CASE WHEN ${quote(column.name)} IS NULL THEN '${NO_QUOTE}'::DOUBLE ELSE ${numberSql(column)} END`;
}

function orNan(sql: string): string {
  return `COALESCE(${sql}, 'nan'::DOUBLE)`;
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
