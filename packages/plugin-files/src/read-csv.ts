import { DataError } from '@keelson/core/errors';
import type { BarIntake } from './bar-intake.js';
import { CsvRows, stampError } from './csv-rows.js';
import type { ColumnMap } from './csv-layout.js';
import { sniffCsv, type CsvDialect } from './csv-sniff.js';
import type { ReadSettings } from './params.js';
import { SourceFile, linesBeforeBreak, rejectBinary } from './source-file.js';
import { StampReader, detectTimeFormat } from './stamp-reader.js';
import { ZoneClock } from './zone-clock.js';

const NEWLINE = 10;
/** Enough to see how the file is written, also with thousands of columns. */
const HEAD_BYTES = 1 << 18;
const LONGEST_LINE = 1 << 24;

/**
 * Reads a CSV file, compressed or not, into `intake`; gives the file's hash.
 * @throws DataError
 */
export async function readCsv(file: string, path: string, compressed: boolean, settings: ReadSettings, intake: BarIntake): Promise<string> {
  const source = new SourceFile(path, compressed);
  let rows: CsvRows | undefined;
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const block of source.blocks()) {
      if (rows === undefined) {
        rest = rest.length === 0 ? block : Buffer.concat([rest, block]);
        if (rest.length < HEAD_BYTES) continue;
        const begun = begin(file, rest, settings, intake);
        rows = begun.rows;
        rest = readLines(rows, rest.subarray(begun.skip));
        continue;
      }
      rest = rest.length === 0 ? readLines(rows, block) : joinLines(rows, rest, block);
      if (rest.length > LONGEST_LINE) {
        throw new DataError('DATA_FORMAT', `${file} row ${rows.line + 1} has no end within ${LONGEST_LINE / 1024 / 1024} MiB, expected lines`, { hint: 'give a CSV file with line breaks (\\n)' });
      }
    }
  } catch (error) {
    throw isZlibError(error) ? await brokenArchive(file, path, error) : error;
  }
  if (rows === undefined) {
    const begun = begin(file, rest, settings, intake);
    rows = begun.rows;
    rest = rest.subarray(begun.skip);
  }
  if (rest.length > 0) {
    const last = rest.at(-1) === NEWLINE ? rest : Buffer.concat([rest, Buffer.of(NEWLINE)]);
    rows.read(last, 0, last.length);
  }
  return source.hash();
}

/**
 * Where the columns of a CSV file stand, by its first bytes.
 * @throws DataError
 */
export async function csvColumns(file: string, path: string, compressed: boolean, settings: ReadSettings): Promise<ColumnMap> {
  let head: Buffer = Buffer.alloc(0);
  try {
    for await (const block of new SourceFile(path, compressed).blocks()) {
      head = head.length === 0 ? block : Buffer.concat([head, block]);
      if (head.length >= HEAD_BYTES) break;
    }
  } catch (error) {
    throw isZlibError(error) ? await brokenArchive(file, path, error) : error;
  }
  return dialectOf(file, head, settings).columns;
}

/** Reads all whole lines of `block` and returns what is left, copied, since the block is much larger. */
function readLines(rows: CsvRows, block: Buffer): Buffer {
  const end = block.lastIndexOf(NEWLINE) + 1;
  if (end > 0) rows.read(block, 0, end);
  return Buffer.from(block.subarray(end));
}

/** Ends the line that the last block began, then reads on within `block`. */
function joinLines(rows: CsvRows, rest: Buffer, block: Buffer): Buffer {
  const newline = block.indexOf(NEWLINE);
  if (newline < 0) return Buffer.concat([rest, block]);
  const line = Buffer.concat([rest, block.subarray(0, newline + 1)]);
  rows.read(line, 0, line.length);
  return readLines(rows, block.subarray(newline + 1));
}

function begin(file: string, head: Buffer, settings: ReadSettings, intake: BarIntake): { readonly rows: CsvRows; readonly skip: number } {
  const dialect = dialectOf(file, head, settings);
  const stamps = new StampReader(timeFormatOf(file, dialect.skipLines + 1, dialect.firstStamp, settings), new ZoneClock(settings.zone));
  const rows = new CsvRows(file, dialect, settings.decimal.charCodeAt(0), stamps, intake);
  return { rows, skip: markBytes(head) + dialect.skipBytes };
}

function dialectOf(file: string, head: Buffer, settings: ReadSettings): CsvDialect {
  rejectBinary(file, head);
  return sniffCsv(file, head.subarray(markBytes(head)), settings);
}

/** Length of the byte order mark. */
function markBytes(head: Buffer): number {
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
}

function timeFormatOf(file: string, row: number, first: string, settings: ReadSettings): StampReader['format'] {
  if (settings.timeFormat !== 'auto') return settings.timeFormat;
  const found = detectTimeFormat(first);
  if (found === 'ambiguous') {
    throw new DataError('DATA_TIME', `${file} row ${row} has time ${JSON.stringify(first)}, expected a date in which day and month can be told apart`, { hint: 'set timeFormat: dmy or timeFormat: mdy', context: { row, value: first } });
  }
  if (found !== undefined) return found;
  throw stampError(file, row, first, new StampReader('iso', new ZoneClock('UTC')));
}

function isZlibError(error: unknown): boolean {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === 'string' && code.startsWith('Z_');
}

async function brokenArchive(file: string, path: string, cause: unknown): Promise<DataError> {
  const row = (await linesBeforeBreak(path)) + 1;
  const cut = (cause as { readonly code: string }).code === 'Z_BUF_ERROR';
  return new DataError('DATA_FORMAT', `${file} is a gzip file that ${cut ? 'is cut off' : 'is damaged'} at row ${row}, expected a whole archive`, { hint: 'fetch or compress the file again', context: { row }, cause });
}
