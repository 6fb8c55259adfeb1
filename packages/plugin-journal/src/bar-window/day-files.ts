import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { DataError, messageOf } from '@keelson/core/errors';
import { NUMBERS, type BarRow } from './bar-rows.js';

export const DAY_MS = 86_400_000;

/** One instrument of one feed. */
export type Place = { readonly source: string; readonly instrument: string };
/** All rows of one timeframe on a day; `base` is that of the bars they were built from. */
export type DayPart = { readonly base: string; readonly timeframe: string; readonly rows: readonly BarRow[] };

/** A file on its way: `publish` gives it its name, in place of an older one. */
export type NewDay = { readonly hash: string; publish(): void; discard(): void };

const UNFINISHED = /^\.\d{4}-\d{2}-\d{2}\.parquet\.(\d+)$/;

/**
 * One Parquet file for each feed, instrument and day (UTC) with the bars of all timeframes and their features. A file is
 * there as a whole or not at all. DuckDB is loaded when the first is written or read.
 */
export class DayFiles {
  private duck: { readonly instance: DuckDBInstance; readonly connection: DuckDBConnection } | undefined;

  constructor(private readonly folder: string) {}

  pathOf({ source, instrument }: Place, day: number): string {
    return join(this.folder, encodeURIComponent(source), encodeURIComponent(instrument), `${new Date(day * DAY_MS).toISOString().slice(0, 10)}.parquet`);
  }

  has(place: Place, day: number): boolean {
    return existsSync(this.pathOf(place, day));
  }

  /** Writes a day down to the disk; nobody sees it before it is published. */
  async write(place: Place, day: number, parts: readonly DayPart[]): Promise<NewDay> {
    const path = this.pathOf(place, day);
    const unfinished = join(dirname(path), `.${basename(path)}.${process.pid}`);
    return this.attempt(path, 'be written', 'make room, or name another folder under data.store.config.history', async () => {
      mkdirSync(dirname(path), { recursive: true });
      for (const name of readdirSync(dirname(path))) if (isAbandoned(name)) rmSync(join(dirname(path), name), { force: true });
      const connection = await this.connected();
      const { DuckDBTimestampMillisecondsValue } = await import('@duckdb/node-api');
      await connection.run(`CREATE OR REPLACE TABLE day (source VARCHAR, instrument VARCHAR, base VARCHAR, timeframe VARCHAR, time TIMESTAMP_MS, ${NUMBERS.map((name) => `"${name}" DOUBLE`).join(', ')})`);
      const appender = await connection.createAppender('day');
      for (const { base, timeframe, rows } of parts) {
        for (const [time, ...numbers] of rows) {
          for (const text of [place.source, place.instrument, base, timeframe]) appender.appendVarchar(text);
          appender.appendTimestampMilliseconds(new DuckDBTimestampMillisecondsValue(BigInt(Math.floor(time as number))));
          for (const value of numbers) {
            if (value === null) appender.appendNull();
            else appender.appendDouble(value);
          }
          appender.endRow();
        }
      }
      appender.closeSync();
      await connection.run(`COPY day TO '${quoted(unfinished)}' (FORMAT parquet, COMPRESSION zstd)`);
      await connection.run('DROP TABLE day');
      sync(unfinished);
      return {
        hash: hashOf(unfinished),
        publish: () => {
          renameSync(unfinished, path);
          sync(dirname(path));
        },
        discard: () => rmSync(unfinished, { force: true }),
      };
    });
  }

  /** Every row of a day whose file has this hash. @throws DataError when it is another or missing */
  async readDay(place: Place, day: number, hash: string): Promise<DayPart[]> {
    const path = this.checked(place, day, hash);
    const rows = await this.select(path, `SELECT base, timeframe, epoch_ms(time)::DOUBLE, ${columnList()} FROM read_parquet('${quoted(path)}') ORDER BY base, timeframe, time`);
    const parts: Array<DayPart & { readonly rows: BarRow[] }> = [];
    for (const [base, timeframe, ...row] of rows as ReadonlyArray<readonly [string, string, ...BarRow]>) {
      const last = parts.at(-1);
      if (last?.base === base && last.timeframe === timeframe) last.rows.push(row);
      else parts.push({ base, timeframe, rows: [row] });
    }
    return parts;
  }

  /** The feed's own bars of one timeframe on some days, from `from` (or after it) to before `to`, oldest first. */
  async readBars(place: Place, timeframe: string, days: ReadonlyArray<{ readonly day: number; readonly hash: string }>, from: number, after: boolean, to: number): Promise<BarRow[]> {
    const paths = days.map(({ day, hash }) => this.checked(place, day, hash));
    const bounds = [...(Number.isFinite(from) ? [`epoch_ms(time) ${after ? '>' : '>='} ${from}`] : []), ...(Number.isFinite(to) ? [`epoch_ms(time) < ${to}`] : [])];
    const where = [`timeframe = '${quoted(timeframe)}'`, 'base = timeframe', ...bounds].join(' AND ');
    return (await this.select(paths[0] as string, `SELECT epoch_ms(time)::DOUBLE, ${columnList()} FROM read_parquet([${paths.map((path) => `'${quoted(path)}'`).join(', ')}]) WHERE ${where} ORDER BY time`)) as unknown as BarRow[];
  }

  close(): void {
    this.duck?.connection.closeSync();
    this.duck?.instance.closeSync();
    this.duck = undefined;
  }

  private async connected(): Promise<DuckDBConnection> {
    if (this.duck === undefined) {
      const { DuckDBInstance } = await import('@duckdb/node-api');
      const instance = await DuckDBInstance.create(':memory:', { threads: '1' }); // files are small, and others are at work
      this.duck = { instance, connection: await instance.connect() };
    }
    return this.duck.connection;
  }

  private async select(path: string, sql: string): Promise<ReadonlyArray<readonly unknown[]>> {
    return this.attempt(path, 'be read', forget(path), async () => (await (await this.connected()).runAndReadAll(sql)).getRows());
  }

  /** The path of a file that is what was written. */
  private checked(place: Place, day: number, hash: string): string {
    const path = this.pathOf(place, day);
    if (!existsSync(path)) throw this.error(path, 'is not there, expected the bars of that day', 'start again: the day is fetched then');
    if (hashOf(path) !== hash) throw this.error(path, 'is not the file that was written, expected its hash', forget(path));
    return path;
  }

  private async attempt<T>(path: string, what: string, hint: string, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (thrown) {
      throw this.error(path, `could not ${what} (${messageOf(thrown).split('\n')[0] as string}), expected a Parquet file of one day`, hint, thrown);
    }
  }

  private error(path: string, what: string, hint: string, cause?: unknown): DataError {
    return new DataError('DATA_STORE', `${join(basename(dirname(path)), basename(path))} ${what}`, { hint, context: { path }, cause });
  }
}

const columnList = (): string => NUMBERS.map((name) => `"${name}"`).join(', ');
const quoted = (text: string): string => text.replaceAll("'", "''");
const forget = (path: string): string => `delete ${basename(path)}: the next start fetches that day again`;
const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

/** An unfinished file whose writer has died. */
function isAbandoned(name: string): boolean {
  const writer = UNFINISHED.exec(name)?.[1];
  if (writer === undefined) return false;
  try {
    process.kill(Number(writer), 0);
    return Number(writer) === process.pid; // its writer is this one, at an earlier try
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** Down to the disk: what SQLite forgets must be there. */
function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
