import type { BarColumns } from '@keelson/core/domain';
import { isKeelsonError } from '@keelson/core/errors';
import type { StrategyContext } from '@keelson/core/ports';
import { allocateBars } from '@keelson/core/series';
import { afterAll, describe, expect, it } from 'vitest';
import { GOOD_ACCOUNT, pluginFile, Workbench } from '../test-kit/captured-io.js';
import { MINUTE, START, randomBars, runLaw } from '../test-kit/law-run.js';

const bench = new Workbench();
afterAll(() => bench.remove());

let serial = 0;
/** An account whose one strategy is `create`, beside files that the test wrote. */
function accountOf(create: string, data?: string): string {
  const name = `asks-${serial++}`;
  bench.write(`${name}.mjs`, pluginFile({ name, id: 'asks', create: `${create} return { onBar() {} };` }));
  const account = GOOD_ACCOUNT.replace('use: sma-cross, params: { fast: 5, slow: 20 }', 'use: asks').replace(/^data:.*$(\n  .*$)*/m, (own) => (data === undefined ? own : `data: ${data}`));
  bench.write(`${name}.yaml`, `${account}plugins: [./${name}.mjs]\n`);
  return `${name}.yaml`;
}

describe('a strategy that asks for what is not there', () => {
  it.each([
    ["use('vwpa');", /^FEA_UNKNOWN: \S+ strategy 'asks' asked for feature 'vwpa', expected one that a plugin provides .*: did you mean vwap\?\n$/],
    ["use('candle-patern', { pattern: 'doji' });", /^FEA_UNKNOWN: .*did you mean candle-pattern\?\n$/],
    ["use('sma', { peroid: 5 });", /FEA_PARAMS: .*strategy 'asks': feature sma\.peroid .*did you mean period\?/],
    ["use('sma', { period: 1000000 });", /^FEA_PARAMS: .*strategy 'asks': feature sma\.period was 1000000, expected .*100000/],
    ["use('sma', { period: 0 });", /^FEA_PARAMS: .*strategy 'asks': feature sma\.period was 0, expected /],
    ["use('candle-pattern', { pattern: 'hamer' });", /^FEA_PARAMS: .*strategy 'asks': feature candle-pattern\.pattern was "hamer", expected .*did you mean hammer\?/],
    ["use('opening-range', { minutes: 30 }, { timeframe: '1h' });", /^FEA_PARAMS: .*minutes was 30, expected a multiple of the bars' length \(1h\)/],
    ["use('atr', {}, { timeframe: '90s' });", /^FEA_TIMEFRAME: .*timeframe was 90s, expected a multiple of the bars' (1m|5m)/],
    ["use('atr', {}, { timeframe: '2d' });", /^FEA_TIMEFRAME: .*strategy 'asks' asked for timeframe '2d', expected one such as 5m, 1h or 1d/],
    ["use('atr', {}, { timefram: '1h' });", /^FEA_PARAMS: .*strategy 'asks' asked for feature 'atr' with option 'timefram', expected timeframe, instrument, optional: did you mean timeframe\?/],
    ["use('atr').output('lower');", /^FEA_UNKNOWN: .*output 'lower' was asked of feature 'atr', expected one of atr/],
  ])('is told so before anything starts: %s', async (create, line) => {
    const run = await bench.keelson(['validate', accountOf(create)]);
    expect(run.err).toMatch(line);
    expect(run.err).not.toContain('    at ');
    expect(run).toMatchObject({ status: 2, out: '' });
  });

  it('is refused for volume or quotes that the file lacks, before the first bar, with all that it lacks', async () => {
    const minute = (i: number): string => new Date(Date.parse('2024-01-08T15:00:00Z') + i * 60_000).toISOString().slice(0, 19).replace('T', ' ');
    bench.write('no-volume.csv', `time,open,high,low,close\n${Array.from({ length: 5 }, (_, i) => `${minute(i)},100,101,99,100`).join('\n')}\n`);
    const account = accountOf("use('vwap'); use('vwap', {}, { timeframe: '1h' }); use('spread'); use('imbalance', {}, { optional: true });", '{ path: no-volume.csv, timeframe: 1m }');
    const run = await bench.keelson(['backtest', account]);
    expect(run.err.trimEnd().split('\n').filter((line) => line.startsWith('FEA_'))).toEqual([
      expect.stringMatching(/^FEA_UNAVAILABLE: .*strategy 'asks' asked for feature 'vwap', which needs volume, and feed 'file' has none for MES, expected bars with traded volume: use data with volume, or leave strategy 'asks' out$/),
      expect.stringMatching(/^FEA_UNAVAILABLE: .*feature 'spread', which needs depth, .*: use data with bid, ask, bidSize and askSize, or leave strategy 'asks' out$/),
    ]);
    expect(run).toMatchObject({ status: 2, out: '' });
  });

  it('has quotes of a feed that carries them', async () => {
    const synthetic = '{ feed: synthetic, timeframe: 1m, bars: 300, depth: true }';
    expect((await bench.keelson(['backtest', accountOf("use('spread'); use('median-spread', { period: 20 });", synthetic), '--json'])).status).toBe(0);
    expect((await bench.keelson(['backtest', accountOf("use('spread');", synthetic.replace(', depth: true', '')), '--json'])).err).toMatch(/^FEA_UNAVAILABLE: .*feed 'synthetic' has none for MES/);
  });
});

/** Every minute of two hours but the holes, as rows of the full series. */
function without(bars: BarColumns, holes: (minute: number) => boolean): BarColumns {
  const rows = Array.from({ length: bars.length }, (_, i) => i).filter((i) => !holes(i));
  const kept = allocateBars(rows.length);
  for (const name of ['time', 'open', 'high', 'low', 'close', 'volume'] as const) rows.forEach((row, i) => (kept[name][i] = bars[name][row]!));
  return kept;
}

describe('holes in the bars', () => {
  const full = { ...randomBars(240, 'holes'), time: Float64Array.from({ length: 240 }, (_, i) => START + i * MINUTE) };

  /** What a strategy sees of the five-minute series after each bar: when its newest bar opened, and its close. */
  async function seenOn(bars: BarColumns): Promise<Map<number, readonly [number, number]>> {
    const seen = new Map<number, readonly [number, number]>();
    const strategy = ({ use }: StrategyContext<unknown>) => {
      const opened = use('bar-time', {}, { timeframe: '5m' });
      const close = use('sma', { period: 1 }, { timeframe: '5m' });
      return ({ time }: { readonly time: number }): void => void seen.set((time - START) / MINUTE, [((opened.value as number) - START) / MINUTE, close.value as number]);
    };
    await runLaw({ bars: { A: bars }, strategy });
    return seen;
  }

  it('give no higher bar of their own, and neither leak into others, nor merge or shift them', async () => {
    // within a bucket, over the end of one, over three whole ones, and the first minutes of one
    const holes = (minute: number): boolean => minute === 12 || (minute >= 23 && minute < 27) || (minute >= 50 && minute < 65) || (minute >= 100 && minute < 103);
    const bars = without(full, holes);
    const seen = await seenOn(bars);
    for (const [now, [opened, close]] of seen) {
      // the newest bucket that is over and has a bar: by its end, or, where its last minute is missing, by the next bar
      const buckets = Array.from({ length: Math.floor(now / 5) }, (_, bucket) => bucket).filter((bucket) => Array.from({ length: 5 }, (_, k) => bucket * 5 + k).some((minute) => !holes(minute)));
      const newest = buckets.at(-1) as number;
      const last = [4, 3, 2, 1, 0].map((k) => newest * 5 + k).find((minute) => !holes(minute)) as number;
      expect([now, opened, close]).toEqual([now, newest * 5, full.close[last]]);
    }
    expect(seen.size).toBe(bars.length - 4);
  });

  it('say nothing before they are over: what follows a hole changes nothing in front of it', async () => {
    const bars = without(full, (minute) => minute >= 23 && minute < 47);
    const other = without({ ...full, close: full.close.map((close, i) => (i < 23 ? close : close + 5)), high: full.high.map((high) => high + 5) }, (minute) => minute >= 23 && minute < 47);
    const before = (seen: Map<number, unknown>): unknown[] => [...seen].filter(([minute]) => minute <= 23);
    expect(before(await seenOn(other))).toEqual(before(await seenOn(bars)));
  });
});

it('one timeframe is one series, however it is written', async () => {
  let made = 0;
  const strategy = ({ use }: StrategyContext<unknown>) => {
    const handles = ['60m', '1h', '3600s'].map((timeframe) => use('ema', { period: 3 }, { timeframe }));
    const base = ['1m', '60s', undefined].map((timeframe) => use('ema', { period: 3 }, timeframe === undefined ? {} : { timeframe }));
    made = new Set(handles).size + new Set(base).size;
    return (): void => undefined;
  };
  await runLaw({ bars: { A: randomBars(10, 'x') }, strategy, account: { data: { feed: 'law-bars', timeframe: '60s', higherTimeframes: ['60m', '1h'] } } });
  expect(made).toBe(2);
});

it('a fault that a feature finds by itself keeps its code', async () => {
  const strategy = ({ use }: StrategyContext<unknown>) => (use('opening-range', { minutes: 7 }, { timeframe: '5m' }), (): void => undefined);
  const thrown: unknown = await runLaw({ bars: { A: randomBars(10, 'x') }, strategy }).catch((error: unknown) => error);
  expect(isKeelsonError(thrown) && thrown.code).toBe('FEA_PARAMS');
});
