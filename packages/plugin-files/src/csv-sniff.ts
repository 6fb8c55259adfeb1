import { DataError } from '@keelson/core/errors';
import { columnsByName, columnsByPosition, type ColumnMap } from './csv-layout.js';
import type { ReadSettings } from './params.js';

export type CsvDialect = {
  /** Byte that separates fields. */
  readonly delimiter: number;
  /** Bytes before the first line with data, and lines among them. */
  readonly skipBytes: number;
  readonly skipLines: number;
  readonly columns: ColumnMap;
  /** Stamp of the first row, to find its format by. */
  readonly firstStamp: string;
};

type Line = { readonly text: string; readonly number: number; readonly end: number };

const CANDIDATES = [',', ';', '\t', '|'] as const;
const SAMPLE_LINES = 20;

/**
 * Finds out how a CSV file is written, from its first bytes (whole lines but the last).
 * @throws DataError DATA_EMPTY, DATA_FORMAT, DATA_COLUMNS
 */
export function sniffCsv(file: string, head: Buffer, settings: ReadSettings): CsvDialect {
  const lines = sampleLines(head);
  const [first] = lines;
  if (first === undefined) throw new DataError('DATA_EMPTY', `${file} has no lines with data, expected bars`, { hint: 'give a file with bars' });
  const delimiter = settings.delimiter === 'auto' ? findDelimiter(file, lines, settings.decimal) : settings.delimiter;
  const names = splitLine(first.text, delimiter);
  const hasHeader = settings.header === 'auto' ? !looksLikeData(names, settings.decimal) : settings.header;
  const columns = hasHeader ? columnsByName(file, names, settings.columns) : columnsByPosition(file, names, settings.columns);
  const row = hasHeader ? lines[1] : first;
  if (row === undefined) throw new DataError('DATA_EMPTY', `${file} has a header and no rows, expected bars`, { hint: 'give a file with bars' });
  const fields = splitLine(row.text, delimiter);
  const clock = fields[columns.time] ?? '';
  return {
    delimiter: delimiter.charCodeAt(0),
    skipBytes: hasHeader ? first.end : 0,
    skipLines: hasHeader ? first.number : 0,
    columns,
    firstStamp: columns.date === undefined ? clock : `${fields[columns.date] ?? ''} ${clock}`,
  };
}

function sampleLines(head: Buffer): readonly Line[] {
  const lines: Line[] = [];
  for (let start = 0, number = 1; start < head.length && lines.length < SAMPLE_LINES; number++) {
    const newline = head.indexOf(10, start);
    const end = newline < 0 ? head.length : newline + 1;
    const text = head.toString('utf8', start, end).replace(/\r?\n$/, '');
    if (text.trim() !== '' && !text.startsWith('#')) lines.push({ text, number, end });
    start = end;
  }
  // The last line may be cut off by the end of the sample.
  return lines.length > 2 && lines.at(-1)?.end === head.length ? lines.slice(0, -1) : lines;
}

function findDelimiter(file: string, lines: readonly Line[], decimal: string): string {
  const counts = CANDIDATES.filter((mark) => mark !== decimal).map((mark) => ({ mark, fewest: Math.min(...lines.map(({ text }) => splitLine(text, mark).length - 1)) }));
  const most = Math.max(...counts.map(({ fewest }) => fewest));
  const best = counts.filter(({ fewest }) => fewest === most);
  if (most >= 1 && best.length === 1) return (best[0] as { mark: string }).mark;
  if (most >= 1) {
    throw new DataError('DATA_FORMAT', `${file} has equally many ${best.map(({ mark }) => JSON.stringify(mark)).join(' and ')} in its lines, expected one delimiter`, { hint: 'set delimiter' });
  }
  // One ragged line must not hide what the first line shows.
  const byFirst = CANDIDATES.find((mark) => mark !== decimal && splitLine((lines[0] as Line).text, mark).length > 4);
  if (byFirst !== undefined) return byFirst;
  const sample = (lines[0] as Line).text.slice(0, 60);
  throw new DataError('DATA_COLUMNS', `${file} has one column (first line: ${JSON.stringify(sample)}), expected time, open, high, low and close between , ; tab or |`, { hint: 'set delimiter, or give a CSV file' });
}

/** Fields of one line, without blanks and quotes around them. */
export function splitLine(text: string, delimiter: string): readonly string[] {
  const fields: string[] = [];
  let field = '';
  let quoted = false;
  for (const letter of text) {
    if (letter === '"') quoted = !quoted;
    else if (letter === delimiter && !quoted) {
      fields.push(field.trim());
      field = '';
    } else field += letter;
  }
  fields.push(field.trim());
  return fields;
}

/** Four numbers in a line are a bar; names of columns are not numbers. */
function looksLikeData(fields: readonly string[], decimal: string): boolean {
  return fields.filter((field) => /^[+-]?\d+([.]\d*)?([eE][+-]?\d+)?$/.test(decimal === ',' ? field.replace(',', '.') : field)).length >= 4;
}
