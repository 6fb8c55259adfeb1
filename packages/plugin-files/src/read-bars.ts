import type { BarColumns } from '@keelson/core/domain';
import { isoTime, toUtcMs } from '@keelson/core/domain';
import { DataError } from '@keelson/core/errors';
import type { HistoryRequest } from '@keelson/core/ports';
import { BarIntake } from './bar-intake.js';
import type { ReadSettings } from './params.js';
import { csvColumns, readCsv } from './read-csv.js';
import { kindOf } from './source-file.js';

/** What one file gave. */
export type ReadResult = {
  /** Bars of the wanted range in chunks of at most 65,536, oldest first. */
  readonly chunks: readonly BarColumns[];
  readonly bars: number;
  /** `sha256:…` of the file's bytes, before unpacking. */
  readonly hash: string;
  /** Faults that were let pass, one line for each kind. */
  readonly warnings: readonly string[];
};

/**
 * Reads a whole file once, through the quality gate. Takes 48 bytes for each bar of the range and a few
 * blocks; `file` is the name for messages, `path` where it lies.
 * @throws DataError DATA_MISSING, DATA_EMPTY, DATA_FORMAT, DATA_COLUMNS, DATA_TIME, DATA_ORDER, DATA_QUALITY
 */
export async function readBars(file: string, path: string, request: HistoryRequest, settings: ReadSettings): Promise<ReadResult> {
  const kind = await kindOf(file, path, settings.format);
  const intake = new BarIntake(file, request, settings);
  // DuckDB is a native library: loaded only by those who read Parquet.
  const hash = kind === 'parquet'
    ? await (await import('./read-parquet.js')).readParquet(file, path, settings, intake)
    : await readCsv(file, path, kind === 'csv.gz', settings, intake);
  intake.finish();
  if (intake.rows === 0) throw new DataError('DATA_EMPTY', `${file} has no rows, expected bars`, { hint: 'give a file with bars' });
  const error = settings.quality === 'strict' ? intake.log.error(file, settings.tolerate) : undefined;
  if (error !== undefined) throw error;
  if (intake.sink.rows === 0) throw nothingInRange(file, request, intake);
  return { chunks: intake.sink.take(), bars: intake.sink.rows, hash, warnings: intake.log.warnings(file) };
}

/**
 * What the bars of a file carry, by its columns: nothing else of it is read.
 * @throws DataError DATA_MISSING, DATA_EMPTY, DATA_FORMAT, DATA_COLUMNS
 */
export async function carriedBy(file: string, path: string, settings: ReadSettings): Promise<{ readonly volume: boolean; readonly depth: boolean }> {
  const kind = await kindOf(file, path, settings.format);
  const map = kind === 'parquet' ? await (await import('./read-parquet.js')).parquetColumns(file, path, settings) : await csvColumns(file, path, kind === 'csv.gz', settings);
  return { volume: map.volume !== undefined, depth: map.bid !== undefined };
}

function nothingInRange(file: string, request: HistoryRequest, intake: BarIntake): DataError {
  const range = [request.from === undefined ? '' : `from ${isoTime(request.from)}`, request.to === undefined ? '' : `before ${isoTime(request.to)}`].filter((part) => part !== '').join(' and ');
  const own = `${isoTime(toUtcMs(intake.firstTime))} to ${isoTime(toUtcMs(intake.lastTime))}`;
  const [what, hint] = range === '' ? ['usable bar', 'correct the file'] : [`usable bar ${range}`, `choose a range within ${own}`];
  return new DataError('DATA_EMPTY', `${file} has no ${what} among its ${intake.rows} rows, expected at least one`, { hint });
}
