import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { composeAccount, composeLive, MemoryJournal, type ComposeOptions, type RunResult } from '@keelson/core/engine';
import { DATA_FEED, definePlugin, defineDataFeed } from '@keelson/core/plugin';
import type { HistoryRequest } from '@keelson/core/ports';
import { sliceBars } from '@keelson/core/series';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import journal from '@keelson/plugin-journal';
import { z } from 'zod';
import { lawOptions, MINUTE, randomBars, reckless, START, type LawRun } from '../../test-kit/law-run.js';
import { VirtualTime } from '../../test-kit/live-run.js';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'stored-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const bars = randomBars(3_000, 'stored');
type Asked = Array<readonly [from: number | undefined, to: number | undefined]>;

/** An account on a feed that is asked over a wire: it writes down what it is asked for. */
function account(asked: Asked, now: () => number, store = true, strategy: LawRun['strategy'] = reckless, higherTimeframes: readonly string[] = []): Omit<ComposeOptions, 'journal'> {
  const options = lawOptions({ bars: { A: bars }, strategy, account: { exits: { stopAtr: 2 }, data: { feed: 'far', timeframe: '1m', higherTimeframes, ...(store ? { store: { use: 'sqlite', config: { path: 'bars.db' } } } : {}) } } }, [], []);
  const plugin = definePlugin({
    name: 'far',
    version: '1.0.0',
    api: '^1.0.0',
    provides: ['data-feed'],
    register: ({ add }) =>
      add(DATA_FEED, 'far', defineDataFeed({
        params: z.looseObject({}),
        create: () => ({
          capabilities: { history: true, live: true, volume: true, depth: false },
          connect: async () => undefined,
          disconnect: async () => undefined,
          async *history({ from, to }: HistoryRequest) {
            asked.push([from, to]);
            const at = (time: number): number => bars.time.findIndex((each) => each >= time);
            const end = at(Math.min(to ?? Infinity, now() - MINUTE + 1));
            yield sliceBars(bars, from === undefined ? 0 : Math.max(0, at(from)), end < 0 ? bars.length : end);
          },
          subscribe: () => () => undefined,
          provenance: () => [],
          warnings: () => [],
        }),
      })),
  });
  return { ...options, baseDir: folder, plugins: [...options.plugins, { plugin: journal, config: {}, source: 'journal' }, { plugin, config: {}, source: 'far' }] };
}

async function start(asked: Asked, now: number, higherTimeframes: readonly string[] = []): Promise<RunResult> {
  const time = new VirtualTime(now);
  const stop = new AbortController();
  const engine = composeLive({ ...account(asked, () => now, true, reckless, higherTimeframes), journal: new MemoryJournal(), clock: time, timer: time });
  return engine.run({ signal: stop.signal, onReady: () => stop.abort() });
}

describe('an account whose bars are kept', () => {
  it('warms up from the disk after a restart, and asks the feed for what is missing', async () => {
    const asked: Asked = [];
    const now = START + 2_500 * MINUTE;
    const later = now + 300 * MINUTE;
    await start(asked, now);
    await start(asked, later);
    await start(asked, later);
    const lastClose = (time: number): number => Math.max(...bars.time.filter((open) => open + MINUTE <= time)) + MINUTE;
    const rest = lastClose(later) < later ? [[lastClose(later), later]] : [];
    expect(asked).toEqual([[now - 1_024 * MINUTE, now], [lastClose(now), later], ...rest]);
  });

  it('trades over history as it would without, the first time and the second', async () => {
    const runs: RunResult[] = [];
    const asked: Asked = [];
    for (const store of [false, true, true]) runs.push(await composeAccount(account(asked, () => Infinity, store)).run());
    expect(runs.map(({ ordersHash }) => ordersHash)).toEqual(runs.map(() => runs[0]?.ordersHash));
    expect(runs[0]?.trades.length).toBeGreaterThan(50);
    expect(asked.slice(0, 2)).toEqual([[undefined, undefined], [undefined, undefined]]);
    expect(asked[2]?.[0]).toBe((bars.time.at(-1) as number) + MINUTE);
  });

  it("leaves bars of every timeframe with the values of its own features to others, and reports nothing that it lacks for them", async () => {
    const atr = new Map<number, number>();
    const hours: Array<{ readonly hour: number; readonly values: readonly unknown[] }> = [];
    const watching: LawRun['strategy'] = ({ use }) => {
      const fast = use('atr', { period: 14 });
      const slow = [use('realised-volatility', {}, { timeframe: '1h' }), use('vwap', {}, { timeframe: '1h' })];
      return ({ bars: { time, index } }) => {
        const now = time[index] as number;
        if (fast.value !== undefined) atr.set(now, fast.value);
        const hour = Math.floor(now / (60 * MINUTE));
        if (hours.at(-1)?.hour !== hour) hours.push({ hour, values: slow.map(({ value }) => value) }); // of the last hour with bars
      };
    };
    const { warnings } = await composeAccount(account([], () => Infinity, true, watching, ['1h', '1d'])).run();
    expect(warnings.filter((each) => each.includes('spread'))).toEqual([]);
    const rows = await ask(`SELECT timeframe, epoch_ms(time)::DOUBLE, atr, realisedVolatility, vwap, spread, seen FROM read_parquet('${folder}/bars.days/*/A/2024-01-08.parquet') ORDER BY timeframe, time`);
    const of = (timeframe: string): unknown[][] => rows.filter(([each]) => each === timeframe);
    // the strategy is asked once its hours are warm
    const asked = of('1m').filter(([, time]) => atr.has(time as number));
    expect(asked.length).toBeGreaterThan(50);
    expect(asked.map(([, , value]) => value)).toEqual(asked.map(([, time]) => atr.get(time as number)));
    expect(of('1m').map(([, time]) => time)).toEqual([...bars.time].filter((time) => time < START + 1_440 * MINUTE));
    expect(of('1d').length).toBe(1);
    const sure = of('1h').slice(21);
    expect(sure.length).toBeGreaterThan(1);
    expect(sure.map(([, , , volatility, vwap, spread, seen]) => [volatility, vwap, spread, seen])).toEqual(sure.map(([, time], i) => [...(hours.find(({ hour }) => hour > (time as number) / (60 * MINUTE))?.values ?? []), null, 22 + i]));
  });

  it('keeps what a live run computed beside its bars', async () => {
    await start([], START + 4_000 * MINUTE, ['1h']);
    const [row] = await ask(`SELECT count(*)::INT, count(atr)::INT, min(seen)::INT FROM read_parquet('${folder}/bars.days/*/A/*.parquet') WHERE timeframe = '1m'`);
    expect(row).toEqual([expect.any(Number), (row?.[0] as number) - 14, 1]);
    expect(row?.[0]).toBeGreaterThan(100);
  });
});

async function ask(sql: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRows() as unknown[][];
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
