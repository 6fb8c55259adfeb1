import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accountSchema } from '@keelson/core/config';
import { isoTime } from '@keelson/core/domain';
import { composeAccount, type RunResult } from '@keelson/core/engine';
import files from '@keelson/plugin-files';
import simulated from '@keelson/plugin-simulated';
import strategies from '@keelson/plugin-strategies';
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
  const plugins = [files, simulated, strategies, emaCross].map((plugin) => ({ plugin, config: {}, source: plugin.name }));
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  return composeAccount({ config, plugins, baseDir: '.', logger }).run();
}

function comparable(trades: readonly GoldenTrade[]): string[] {
  return trades.map((trade) => [trade.side, trade.quantity, trade.entryTime.slice(0, 16), trade.entryPrice, trade.exitTime.slice(0, 16), trade.exitPrice, trade.exit].join(' '));
}

function ours({ trades }: RunResult): string[] {
  return trades.map((trade) =>
    [trade.side, trade.quantity, isoTime(trade.entryTime).slice(0, 16), trade.entryPrice, isoTime(trade.exitTime).slice(0, 16), trade.exitPrice, trade.exitReason === 'stop' || trade.exitReason === 'target' ? trade.exitReason : 'signal'].join(' '),
  );
}

const cents = (value: number): number => Math.round(value * 100) / 100;

describe.skipIf(DATA === undefined || GOLDEN === undefined)('the simulated broker against two other engines, on real bars', () => {
  it.each(CASES)('gives the trades of engine A, to the cent: %s', async (name) => {
    const golden = JSON.parse(readFileSync(join(GOLDEN as string, `${name}.json`), 'utf8')) as Golden;
    const result = await run(golden, true);
    expect(ours(result)).toEqual(comparable(golden.engineA));
    expect(cents(result.trades.reduce((sum, trade) => sum + trade.pnl, 0))).toBe(cents(golden.grossPnlEngineA));
    expect(cents(result.trades.reduce((sum, trade) => sum + trade.commission, 0))).toBe(cents(golden.commissionEngineA));
  });

  it.each(CASES)('gives the trades of engine B with brackets that work from the bar after the entry: %s', async (name) => {
    const golden = JSON.parse(readFileSync(join(GOLDEN as string, `${name}.json`), 'utf8')) as Golden;
    const result = await run(golden, false);
    expect(ours(result)).toEqual(comparable(golden.engineB));
    expect(cents(result.trades.reduce((sum, trade) => sum + trade.pnl, 0))).toBe(cents(golden.grossPnlEngineB));
    expect(cents(result.trades.reduce((sum, trade) => sum + trade.commission, 0))).toBe(cents(golden.commissionEngineB));
  });
});
