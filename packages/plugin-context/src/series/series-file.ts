import { durationSchema } from '@keelson/core/config';
import { isoTime, parseDuration, toUtcMs } from '@keelson/core/domain';
import { DataError } from '@keelson/core/errors';
import { defineContextFeed } from '@keelson/core/plugin';
import type { ContextFeed, ContextPoint } from '@keelson/core/ports';
import { z } from 'zod';
import { readTable } from '../sources/csv-table.js';
import { readTime, TIME_FORMS } from '../sources/read-time.js';
import { WatchedFile } from '../sources/watched-file.js';

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

type Points = { readonly times: Float64Array; readonly values: Float64Array };

const params = z.strictObject({
  path: z.string().min(1).describe('CSV file with a header, relative to the account file.'),
  time: z.string().min(1).default('time').describe('Column of the times, ascending: from then on a value was known.'),
  value: z.string().min(1).default('value').describe('Column of the values. An empty field is skipped.'),
  delay: durationSchema.optional().describe('Values were known only this long after their time: 1d for daily values that are stamped at the start of their day.'),
});

/**
 * `series-file`: a series from a CSV file. Times are ISO-8601 with a zone, dates (midnight UTC) or epochs; they say
 * from when a value was known, or `delay` before. A file that grows is read again. Any fault in it makes the series
 * absent, and is reported with its row.
 */
export const seriesFile = defineContextFeed({
  params,
  create({ params: { path, time, value, delay }, baseDir }): ContextFeed {
    const delayMs = delay === undefined ? 0 : (parseDuration(delay) as number);
    const file = new WatchedFile(path, baseDir, (bytes, name) => pointsOf(bytes.toString('utf8'), name, time, value));
    return {
      capabilities: { history: true, live: true },
      files: [file.location],
      async read(request): Promise<ContextPoint | undefined> {
        const until = request.time - delayMs;
        const { times, values } = await file.read((known) => (known.times.at(-1) as number) > until);
        const row = lastAt(times, until);
        return row < 0 ? undefined : { value: values[row] as number, time: toUtcMs((times[row] as number) + delayMs) };
      },
    };
  },
});

/** @throws DataError DATA_EMPTY, DATA_COLUMNS, DATA_TIME, DATA_FORMAT, DATA_ORDER */
function pointsOf(text: string, file: string, time: string, value: string): Points {
  const rows = readTable(text, file);
  const [first] = rows;
  if (first === undefined) throw new DataError('DATA_EMPTY', `${file} has no rows, expected values`, { hint: 'give a file with rows' });
  for (const column of [time, value]) {
    if (!Object.hasOwn(first.fields, column)) throw new DataError('DATA_COLUMNS', `${file} has no column '${column}' (it has ${Object.keys(first.fields).join(', ')}), expected one`, { hint: 'name the column with time: or value:' });
  }
  const times: number[] = [];
  const values: number[] = [];
  for (const { line, fields } of rows) {
    const stamp = fields[time] as string;
    const number = fields[value] as string;
    const at = readTime(stamp);
    if (at === undefined) throw new DataError('DATA_TIME', `${file} row ${line}: time was '${stamp}', expected ${TIME_FORMS}`, { hint: 'correct the time' });
    const last = times.at(-1);
    if (last !== undefined && at <= last) throw new DataError('DATA_ORDER', `${file} row ${line}: time was ${isoTime(at)} after ${isoTime(toUtcMs(last))}, expected ascending times`, { hint: 'sort the file by time and remove duplicates' });
    if (number === '') continue;
    if (!NUMBER.test(number) || !Number.isFinite(Number(number))) throw new DataError('DATA_FORMAT', `${file} row ${line}: value was '${number}', expected a number`, { hint: 'correct the value, or leave it empty' });
    times.push(at);
    values.push(Number(number));
  }
  if (times.length === 0) throw new DataError('DATA_EMPTY', `${file} has no values, expected some in column '${value}'`, { hint: 'give a file with values' });
  return { times: Float64Array.from(times), values: Float64Array.from(values) };
}

/** Index of the last time at or before `until`; -1 when there is none. */
function lastAt(times: Float64Array, until: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] as number) <= until) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
