import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accountSchema } from '@keelson/core/config';
import { isoTime } from '@keelson/core/domain';
import { composeAccount, type RunResult } from '@keelson/core/engine';
import files from '@keelson/plugin-files';
import simulated from '@keelson/plugin-simulated';
import features from '@keelson/plugin-features';
import { describe, expect, it } from 'vitest';
import emaCross from './ema-cross-plugin.js';

/*
 * Two independent engines ran seven cases on the real bars; the simulated broker, set to their conventions,
 * must give the same trades. Engine A is backtesting.py, engine B backtrader; B lets a bracket work only from
 * the bar after the entry, and that is their only difference.
 */
const DATA = process.env['KEELSON_DATA_DIR'];
const GOLDEN = process.env['KEELSON_GOLDEN_DIR'];

type GoldenTrade = { side: string; quantity: number; entryTime: string; entryPrice: number; exitTime: string; exitPrice: number; exit: string };
type Golden = {
  data: string;
  kind: string;
  emaFast: number;
  emaSlow: number;
  commissionFraction: number;
  quantity: number;
  multiplier: number;
  tickSize: number;
  engineA: GoldenTrade[];
  engineB: GoldenTrade[];
  grossPnlEngineA: number;
  grossPnlEngineB: number;
  commissionEngineA: number;
  commissionEngineB: number;
};

const CASES = ['goog-longflat', 'goog-longflat-20bps', 'goog-flip', '6e-longflat', '6e-bracket-long', 'btc-flip', 'btc-bracket-both-5bps'];

async function run(golden: Golden, entryBar: boolean): Promise<RunResult> {
  const daily = golden.data.startsWith('goog');
  const config = accountSchema.parse({
    account: 'golden',
    initialCash: 10_000_000,
    // no calendar: the other engines know no sessions, and fill on every bar of the file
    instruments: [{ id: 'X', type: 'future', currency: 'USD', multiplier: golden.multiplier, tickSize: golden.tickSize, calendar: '24/7' }],
    data: { feed: 'file', path: join(DATA as string, golden.data), timeframe: daily ? '1d' : '1m', quality: 'warn' },
    broker: {
      use: 'simulated',
      config: {
        limitFill: 'touch',
        entryBarStops: entryBar,
        entryBarTargets: entryBar,
        commission: { fraction: golden.commissionFraction },
        settlement: false,
      },
    },
    strategies: [{ use: 'ema-cross', params: { kind: golden.kind, fast: golden.emaFast, slow: golden.emaSlow } }],
    sizing: { use: 'fixed-quantity', quantity: golden.quantity },
    risk: { maxContracts: golden.quantity },
  });
  const plugins = [files, simulated, features, emaCross].map((plugin) => ({ plugin, config: {}, source: plugin.name }));
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  return composeAccount({ config, plugins, baseDir: '.', logger }).run();
}

type Row = { readonly trade: string; readonly exit: string };

/** Engine B's file carries binary noise in some prices: ten decimals take it out. */
const price = (value: number): number => Number(value.toFixed(10));

function theirs(trades: readonly GoldenTrade[]): Row[] {
  return trades.map((each) => ({
    trade: [each.side, each.quantity, each.entryTime.slice(0, 16), price(each.entryPrice), each.exitTime.slice(0, 16), price(each.exitPrice)].join(' '),
    exit: each.exit,
  }));
}

function ours({ trades }: RunResult): Row[] {
  return trades.map((each) => ({
    trade: [each.side, each.quantity, isoTime(each.entryTime).slice(0, 16), each.entryPrice, isoTime(each.exitTime).slice(0, 16), each.exitPrice].join(' '),
    exit: each.exitReason === 'stop' || each.exitReason === 'target' ? each.exitReason : 'signal',
  }));
}

/** Same trades; and the same cause of every exit, but for `known` ones. */
function expectSame(result: RunResult, trades: readonly GoldenTrade[], known: readonly string[]): void {
  const [mine, other] = [ours(result), theirs(trades)];
  expect(mine.map((row) => row.trade)).toEqual(other.map((row) => row.trade));
  expect(mine.filter((row, i) => row.exit !== other[i]?.exit).map((row) => row.trade)).toEqual(known);
}

/**
 * The bar opened beyond the stop while an exit by signal waited for that open. Both fill at the open; we say
 * `signal`, by the rule that exits at the open come first, engine A says `stop`.
 */
const STOP_OR_SIGNAL: Readonly<Record<string, readonly string[]>> = {
  '6e-bracket-long': ['long 1 2024-01-22T01:40 1.0926 2024-01-22T01:42 1.09245'],
  'btc-bracket-both-5bps': ['long 1 2022-01-21T02:27 40080 2022-01-21T02:46 39762'],
};

const cents = (value: number): number => Math.round(value * 100) / 100;

describe.skipIf(DATA === undefined || GOLDEN === undefined)('the simulated broker against two other engines, on real bars', () => {
  it.each(CASES)('gives the trades of engine A, to the cent: %s', async (name) => {
    const golden = JSON.parse(readFileSync(join(GOLDEN as string, `${name}.json`), 'utf8')) as Golden;
    const result = await run(golden, true);
    expectSame(result, golden.engineA, STOP_OR_SIGNAL[name] ?? []);
    expect(cents(result.trades.reduce((sum, trade) => sum + trade.pnl, 0))).toBe(cents(golden.grossPnlEngineA));
    expect(cents(result.trades.reduce((sum, trade) => sum + trade.commission, 0))).toBe(cents(golden.commissionEngineA));
  });

  it.each(CASES)('gives the trades of engine B with brackets that work from the bar after the entry: %s', async (name) => {
    const golden = JSON.parse(readFileSync(join(GOLDEN as string, `${name}.json`), 'utf8')) as Golden;
    const result = await run(golden, false);
    expectSame(result, golden.engineB, []);
    expect(cents(result.trades.reduce((sum, trade) => sum + trade.pnl, 0))).toBe(cents(golden.grossPnlEngineB));
    expect(cents(result.trades.reduce((sum, trade) => sum + trade.commission, 0))).toBe(cents(golden.commissionEngineB));
  });
});
