import { DuckDBInstance } from '@duckdb/node-api';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TempFolder, errorOf, read, rowsOf, timesOf, utc } from '../testing/fixture.js';

const folder = new TempFolder();
let serial = 0;
let write: (select: string) => Promise<string>;
let close: () => void;

beforeAll(async () => {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  write = async (select) => {
    const path = join(folder.path, `it's ${serial++}.parquet`);
    await connection.run(`COPY (${select}) TO '${path.replaceAll("'", "''")}' (FORMAT parquet)`);
    return path;
  };
  close = () => {
    connection.closeSync();
    instance.closeSync();
  };
});
afterAll(() => {
  close();
  folder.remove();
});

const PRICES = '10.0 AS open, 10.5 AS high, 9.5 AS low, 10.25 AS "Close", 100 AS volume';
const minutes = (time: string): string => `SELECT ${time} AS timestamp, ${PRICES} FROM range(3) t(i)`;
const TIMES = ['2024-01-02T00:00:00.000Z', '2024-01-02T00:01:00.000Z', '2024-01-02T00:02:00.000Z'];

describe('readBars from Parquet', () => {
  it.each([
    ['timestamps', "TIMESTAMP '2024-01-02' + to_minutes(i)"],
    ['timestamps with a zone', "(TIMESTAMP '2024-01-02' + to_minutes(i)) AT TIME ZONE 'UTC'"],
    ['timestamps in nanoseconds', "(TIMESTAMP '2024-01-02' + to_minutes(i))::TIMESTAMP_NS"],
    ['timestamps in seconds', "(TIMESTAMP '2024-01-02' + to_minutes(i))::TIMESTAMP_S"],
    ['epoch seconds', '1704153600 + 60 * i'],
    ['epoch milliseconds', '(1704153600 + 60 * i) * 1000'],
    ['epoch microseconds', '(1704153600 + 60 * i) * 1000000'],
    ['epoch nanoseconds', '(1704153600 + 60 * i) * 1000000000'],
    ['text', "strftime(TIMESTAMP '2024-01-02' + to_minutes(i), '%Y-%m-%d %H:%M:%S')"],
  ])('reads %s', async (_, time) => {
    const result = await read(await write(minutes(time)));
    expect(timesOf(result)).toEqual(TIMES);
    expect(rowsOf(result)[2]).toEqual({ time: utc('2024-01-02T00:02:00Z'), open: 10, high: 10.5, low: 9.5, close: 10.25, volume: 100 });
  });

  it('reads timestamps without a zone as local times, and those with one as they are', async () => {
    expect(timesOf(await read(await write(minutes("TIMESTAMP '2024-01-01 19:00:00' + to_minutes(i)")), { params: { zone: 'America/New_York' } }))).toEqual(TIMES);
    expect(timesOf(await read(await write(minutes("(TIMESTAMP '2024-01-02' + to_minutes(i)) AT TIME ZONE 'UTC'")), { params: { zone: 'America/New_York' } }))).toEqual(TIMES);
  });

  it('reads dates as sessions', async () => {
    const path = await write(`SELECT DATE '2024-01-02' + i::INT AS date, ${PRICES} FROM range(2) t(i)`);
    expect(timesOf(await read(path, { timeframe: '1d', params: { zone: 'Asia/Tokyo' } }))).toEqual(['2024-01-02T00:00:00.000Z', '2024-01-03T00:00:00.000Z']);
  });

  it('reads decimals and 32-bit floats as the prices that were meant', async () => {
    const path = await write("SELECT TIMESTAMP '2024-01-02' AS time, 1.1076::FLOAT AS open, 1.10785::DECIMAL(12, 5) AS high, 1.1076 AS low, 1.1078::FLOAT AS close");
    expect(rowsOf(await read(path, { params: { tolerate: ['off-tick'] } }))).toEqual([{ time: utc('2024-01-02T00:00:00Z'), open: 1.1076, high: 1.10785, low: 1.1076, close: 1.1078, volume: 0 }]);
  });

  it('keeps the order of many rows, hashes the file and filters the range', async () => {
    const path = await write("SELECT TIMESTAMP '2024-01-01' + to_minutes(i) AS time, 1 + i % 9 AS open, 10 AS high, 1 AS low, 1 + i % 9 AS close, i AS volume FROM range(200000) t(i)");
    const result = await read(path, { from: utc('2024-01-01T01:00:00Z') });
    expect(result.bars).toBe(199_940);
    expect(rowsOf(result).every((bar, i) => bar.volume === i + 60)).toBe(true);
    expect(result.hash).toBe(`sha256:${createHash('sha256').update(readFileSync(path)).digest('hex')}`);
  });

  it('sends rows through the quality gate, with their number', async () => {
    const path = await write("SELECT TIMESTAMP '2024-01-02' + to_minutes(i) AS time, 10 AS open, 10 AS high, CASE i WHEN 2 THEN NULL ELSE 10 END AS low, 10 AS close FROM range(4) t(i)");
    expect((await errorOf(read(path))).line).toMatch(/^DATA_QUALITY: .*row 3: low "null or not a number" \[unparseable\]/);
    expect((await read(path, { params: { quality: 'warn' } })).bars).toBe(3);
  });
});

describe('readBars refuses of Parquet, in one line', () => {
  it.each([
    ['wrong columns', "SELECT TIMESTAMP '2024-01-02' AS time, 1 AS price", /^DATA_COLUMNS: .*no column for open, high, low, close.*found: time, price/],
    ['a time column of another type', `SELECT TRUE AS time, ${PRICES}`, /^DATA_COLUMNS: .*time of type BOOLEAN/],
    ['text that is no time', `SELECT 'soon' AS time, ${PRICES}`, /^DATA_TIME: .*row 1 has time "soon"/],
    ['a missing time', `SELECT CASE i WHEN 1 THEN NULL ELSE TIMESTAMP '2024-01-02' END AS time, ${PRICES} FROM range(2) t(i)`, /^DATA_TIME: .*row 2 has time "null"/],
    ['time going backwards', `SELECT TIMESTAMP '2024-01-02' - to_minutes(i) AS time, ${PRICES} FROM range(2) t(i)`, /^DATA_ORDER: .*row 2/],
    ['no rows', `SELECT TIMESTAMP '2024-01-02' AS time, ${PRICES} WHERE false`, /^DATA_EMPTY/],
    ['no rows of text', `SELECT 'x' AS time, ${PRICES} WHERE false`, /^DATA_EMPTY/],
  ])('%s', async (_, select, message) => {
    const { line } = await errorOf(read(await write(select)));
    expect(line).toMatch(message);
    expect(line).not.toContain('\n');
  });

  it('a file that is cut off', async () => {
    const whole = readFileSync(await write(minutes("TIMESTAMP '2024-01-02' + to_minutes(i)")));
    const { line } = await errorOf(read(folder.write('cut.parquet', whole.subarray(0, whole.length - 20))));
    expect(line).toMatch(/^DATA_FORMAT: bars.csv cannot be read as Parquet/);
    expect(line).not.toContain('\n');
  });

  it('Parquet where CSV was asked for', async () => {
    expect((await errorOf(read(await write(minutes("TIMESTAMP '2024-01-02' + to_minutes(i)")), { params: { format: 'csv' } }))).line).toMatch(/^DATA_FORMAT: .*is Parquet, expected csv/);
  });
});
