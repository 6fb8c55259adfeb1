import { DuckDBInstance } from '@duckdb/node-api';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { TempFolder, errorOf, read, type ReadOptions } from '../testing/fixture.js';
import type { ReadResult } from './read-bars.js';

const folder = new TempFolder();
afterAll(() => folder.remove());

let serial = 0;
const HEAD = 'time,open,high,low,close,volume,bid,ask,bidSize,askSize';
const quoted = (minute: number, quotes: string): string => `2024-01-02 14:3${minute}:00,10,10.5,9.5,10.25,100,${quotes}`;
const file = (head: string, ...rows: string[]): string => folder.write(`depth-${serial++}.csv`, [head, ...rows, ''].join('\n'));
const quotes = ({ chunks }: ReadResult): ReadonlyArray<readonly number[] | undefined> =>
  chunks.flatMap(({ length, depth }) => Array.from({ length }, (_, i) => depth && [depth.bid[i], depth.ask[i], depth.bidSize[i], depth.askSize[i]]));
const warn = (path: string, options: ReadOptions = {}): Promise<ReadResult> => read(path, { ...options, params: { ...options.params, quality: 'warn' } });

describe('the top of the book in a file', () => {
  it('is read beside the bar, with what is empty absent', async () => {
    const result = await read(file(HEAD, quoted(0, '10.24,10.26,5,7.5'), quoted(1, ',10.26,,7'), quoted(2, '"10.24", 10.25 ,0,1'), quoted(3, '10.2500000000,10.2600000000,1,1')));
    expect(quotes(result)).toEqual([[10.24, 10.26, 5, 7.5], [NaN, 10.26, NaN, 7], [10.24, 10.25, 0, 1], [10.25, 10.26, 1, 1]]);
    expect(result.warnings).toEqual([]);
  });

  it('is found by the names of vendors, by settings, and by place', async () => {
    const other = (head: string): string => file(head, quoted(0, '10.24,10.26,5,6'));
    for (const names of ['bid_px_00,ask_px_00,bid_sz_00,ask_sz_00', 'Best Bid,Best Ask,Best Bid Size,Best Ask Size', 'BidPrice,AskPrice,BidQty,AskQty']) {
      expect(quotes(await read(other(`time,open,high,low,close,volume,${names}`)))).toEqual([[10.24, 10.26, 5, 6]]);
    }
    const columns = { bid: 'b', ask: 'a', bidSize: 'bs', askSize: 9 };
    expect(quotes(await read(other('time,open,high,low,close,volume,b,a,bs,as'), { params: { columns } }))).toEqual([[10.24, 10.26, 5, 6]]);
    const places = { bid: 6, ask: 7, bidSize: 8, askSize: 9 };
    expect(quotes(await read(file(quoted(0, '10.24,10.26,5,6')), { params: { columns: places } }))).toEqual([[10.24, 10.26, 5, 6]]);
  });

  it('is left alone where a part of it is missing, unless it was asked for', async () => {
    const path = file('time,open,high,low,close,volume,bid,ask', quoted(0, '10.24,10.26'));
    expect(quotes(await read(path))).toEqual([undefined]);
    expect((await errorOf(read(path, { params: { columns: { bid: 'bid' } } }))).line).toMatch(/^DATA_COLUMNS: bars.csv has bid and no column for bidSize, askSize, .*name all of columns: \{ bid: NAME_OR_INDEX, /);
  });

  it.each([
    ['crossed-quotes', '10.27,10.26,5,6', /row 3: bid 10.27 above ask 10.26/],
    ['negative-size', '10.24,10.26,5,-6', /row 3: askSize -6/],
    ['negative-size', '10.24,10.26,-0.5,6', /row 3: bidSize -0.5/],
    ['bad-quote', '0,10.26,5,6', /row 3: bid 0/],
    ['bad-quote', '10.24,x,5,6', /row 3: ask "x"/],
  ] as const)('is held to the quality gate: %s in %s', async (kind, faulty, message) => {
    const path = file(HEAD, quoted(0, '10.24,10.26,5,6'), quoted(1, faulty), quoted(2, '10.25,10.25,5,6'));
    const { line } = await errorOf(read(path));
    expect(line).toMatch(/^DATA_QUALITY: bars.csv has 1 fault/);
    expect(line).toMatch(message);
    const result = await warn(path);
    expect(quotes(result)).toEqual([[10.24, 10.26, 5, 6], [NaN, NaN, NaN, NaN], [10.25, 10.25, 5, 6]]);
    expect(result.warnings).toHaveLength(1);
    expect(result.warnings[0]).toContain(`1 ${kind}, kept without depth: row 3`);
  });

  it('lies on the tick grid, or says so and stays', async () => {
    const result = await warn(file(HEAD, quoted(0, '10.245,10.26,5,6')));
    expect(result.warnings[0]).toContain('1 off-tick, kept: row 2: bid 10.245');
    expect(quotes(result)).toEqual([[10.245, 10.26, 5, 6]]);
  });

  it('is read from Parquet the same way', async () => {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const path = join(folder.path, 'depth.parquet');
    const rows = "(0, 10.24, 10.26, 5, 6), (1, NULL, 10.26, NULL, 6), (2, 10.27, 10.26, 5, 6)";
    await connection.run(`COPY (SELECT TIMESTAMP '2024-01-02' + to_minutes(i) AS time, 10 AS open, 10 AS high, 10 AS low, 10 AS close, bid, ask, bs AS bid_size, s AS ask_size FROM (VALUES ${rows}) t(i, bid, ask, bs, s)) TO '${path}' (FORMAT parquet)`);
    connection.closeSync();
    instance.closeSync();
    const result = await warn(path);
    expect(quotes(result)).toEqual([[10.24, 10.26, 5, 6], [NaN, 10.26, NaN, 6], [NaN, NaN, NaN, NaN]]);
    expect(result.warnings).toEqual([expect.stringContaining('1 crossed-quotes, kept without depth: row 3')]);
  });
});
