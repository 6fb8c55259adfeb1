import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import type { BarColumns, Instrument } from '@keelson/core/domain';
import { toUtcMs } from '@keelson/core/domain';
import type { VenueContext } from '@keelson/core/ports';
import { TempFolder, always, errorOf, instrument, rowsOf, timeframe } from '../testing/fixture.js';
import plugin, { FileFeed, fileFeed, fileFeedParams, type FileFeedInput } from './index.js';

const folder = new TempFolder();
afterAll(() => folder.remove());

const csv = (close: number): string => `time,open,high,low,close,volume\n2024-01-02 00:00:00,${close},${close},${close},${close},1\n`;

function feed(params: FileFeedInput, ids: readonly string[] = ['ABC']): FileFeed {
  const silent = (): void => undefined;
  const context: VenueContext<ReturnType<typeof fileFeedParams.parse>> = {
    params: fileFeedParams.parse(params), account: 'test', baseCurrency: 'USD', initialCash: 1000, rates: {}, instruments: ids.map((id) => instrument(id)), calendars: { always }, timeframe: timeframe('1m'),
    clock: { now: () => toUtcMs(0) }, timer: { after: () => () => undefined }, random: { next: () => 0, int: () => 0, normal: () => 0, fork: () => context.random }, logger: { debug: silent, info: silent, warn: silent, error: silent }, baseDir: folder.path,
  };
  return fileFeed.create(context) as FileFeed;
}

async function history(from: FileFeed, of: Instrument): Promise<readonly BarColumns[]> {
  const chunks: BarColumns[] = [];
  for await (const chunk of from.history({ instrument: of, calendar: always, timeframe: timeframe('1m') })) chunks.push(chunk);
  return chunks;
}

describe('FileFeed', () => {
  it('reads a path relative to the account file, and says where bars came from', async () => {
    folder.write('one.csv', csv(7));
    const source = feed({ path: './one.csv' });
    await source.connect();
    expect(source.provenance()).toEqual([]);
    const chunks = await history(source, instrument());
    expect(rowsOf({ chunks }).map(({ close }) => close)).toEqual([7]);
    expect(source.provenance()).toEqual([{ instrument: 'ABC', source: './one.csv', hash: `sha256:${createHash('sha256').update(csv(7)).digest('hex')}` }]);
    expect(source.warnings()).toEqual([]);
    await source.disconnect();
  });

  it('reads a file for each instrument, by a placeholder or by paths', async () => {
    folder.write('bars-A.csv', csv(1));
    folder.write('bars-B.csv', csv(2));
    for (const params of [{ path: 'bars-{instrument}.csv' }, { paths: { A: 'bars-A.csv', B: 'bars-B.csv' } }]) {
      const source = feed(params, ['A', 'B']);
      await source.connect();
      for (const [id, close] of [['A', 1], ['B', 2]] as const) expect(rowsOf({ chunks: await history(source, instrument(id)) })[0]?.close).toBe(close);
      expect(source.provenance().map((entry) => [entry.instrument, entry.source])).toEqual([['A', 'bars-A.csv'], ['B', 'bars-B.csv']]);
      expect(source.warnings()).toEqual([]);
    }
  });

  it('warns when one file is read for several instruments', () => {
    expect(feed({ path: 'one.csv' }, ['A', 'B']).warnings()[0]).toContain('2 instruments, which so have equal bars');
  });

  it('reports the warnings of a file once, also when it is read again', async () => {
    folder.write('faulty.csv', csv(7) + csv(7).split('\n')[1] + '\n');
    const source = feed({ path: 'faulty.csv', quality: 'warn' });
    await history(source, instrument());
    await history(source, instrument());
    expect(source.warnings()).toHaveLength(1);
    expect(source.provenance()).toHaveLength(1);
  });

  it('gives no bar of a file that fails the quality gate', async () => {
    folder.write('bad.csv', csv(7) + '2024-01-02 00:01:00,1,1,1,x,1\n');
    await expect(history(feed({ path: 'bad.csv' }), instrument())).rejects.toMatchObject({ code: 'DATA_QUALITY' });
  });

  it('refuses paths that do not fit the instruments', async () => {
    expect((await errorOf(feed({ paths: { A: 'a.csv' } }, ['A', 'B']).connect())).line).toMatch(/^CFG_REFERENCE: data.paths has no file for B/);
    expect((await errorOf(feed({ paths: { MES: 'a.csv', MSE: 'b.csv' } }, ['MES']).connect())).line).toMatch(/^CFG_REFERENCE: data.paths names MSE.*did you mean MES\?/);
  });

  it('says by the files what their bars carry, each and all, and that it has nothing live', async () => {
    const head = 'time,open,high,low,close';
    const row = '2024-01-02 00:00:00,7,7,7,7';
    folder.write('is-plain.csv', `${head}\n${row}\n`);
    folder.write('is-traded.csv', `${head},volume\n${row},1\n`);
    folder.write('is-deep.csv', `${head},volume,bid,ask,bidSize,askSize\n${row},1,6.99,7.01,5,6\n`);
    folder.write('is-zipped.csv.gz', gzipSync(`${head},bid,ask,bid_size,ask_size\n${row},6.99,7.01,5,6\n`));
    const connected = async (paths: Record<string, string>): Promise<FileFeed> => {
      const source = feed({ paths }, Object.keys(paths));
      await source.connect();
      return source;
    };
    const one = await connected({ A: 'is-deep.csv', B: 'is-traded.csv' });
    expect(one.capabilities).toEqual({ history: true, live: false, volume: true, depth: false });
    expect((one as { subscribe?: unknown }).subscribe).toBeUndefined();
    expect([one.carries('A'), one.carries('B')]).toEqual([{ volume: true, depth: true }, { volume: true, depth: false }]);
    expect((await connected({ A: 'is-deep.csv', B: 'is-plain.csv' })).capabilities).toMatchObject({ volume: false, depth: false });
    expect((await connected({ A: 'is-zipped.csv.gz' })).capabilities).toMatchObject({ volume: false, depth: true });
  });

  it('says at once that a file is missing or lacks a column', async () => {
    folder.write('no-close.csv', 'time,open,high,low\n2024-01-02,1,1,1\n');
    expect(await errorOf(feed({ path: 'nowhere.csv' }).connect())).toMatchObject({ code: 'DATA_MISSING' });
    expect(await errorOf(feed({ path: 'no-close.csv' }).connect())).toMatchObject({ code: 'DATA_COLUMNS' });
  });
});

describe('the settings of the file feed', () => {
  it('have their defaults in the schema', () => {
    expect(fileFeedParams.parse({ path: 'x' })).toEqual({
      path: 'x', format: 'auto', delimiter: 'auto', decimal: '.', header: 'auto', columns: {}, timeFormat: 'auto', zone: 'UTC', stamp: 'open', quality: 'strict', tolerate: [], maxGapBars: 60,
    });
  });

  it.each([
    [{}, /no file was named, expected path or paths/],
    [{ path: 'x', paths: {} }, /path was given beside paths/],
    [{ path: 'x', zone: 'Mars/Base' }, /zone of the IANA database/],
    [{ path: 'x', delimiter: ',', decimal: ',' }, /another sign than the delimiter/],
    [{ path: 'x', columns: { clsoe: 1 } }, /clsoe/],
    [{ path: 'x', qualty: 'off' }, /qualty/],
  ])('refuse %j', (params, message) => {
    expect(fileFeedParams.safeParse(params).error?.message).toMatch(message);
  });
});

describe('the plugin', () => {
  it('provides the data feed `file`', () => {
    const added: unknown[][] = [];
    plugin.register({ add: (...entry: unknown[]) => void added.push(entry) } as never);
    expect(plugin.provides).toEqual(['data-feed']);
    expect(added).toEqual([[{ port: 'data-feed' }, 'file', fileFeed]]);
  });
});
