import { isoTime, type UtcMs } from '@keelson/core/domain';
import type { RunResult } from '@keelson/core/engine';
import { roundMoney } from './money.js';

export type BacktestOutcome = {
  readonly result: RunResult;
  /** `sha256:...` of the account after defaults, without secrets. */
  readonly configHash: string;
  readonly elapsedMs: number;
  readonly warnings: readonly string[];
};

/** Statistics that are money. */
const MONEY = new Set(['startEquity', 'endEquity', 'expectancy', 'commission', 'slippage']);

/**
 * The document `keelson.backtest/1`: one JSON text, equal for equal runs except `elapsedMs`.
 *
 * Fractions are 1 = 100%. Money is in the base currency, rounded to its minor unit (cents; 8 decimals for coins),
 * halves away from zero. Prices and quantities are as traded. Times are ISO-8601 in UTC. What the sample cannot
 * support is null.
 */
export function backtestJson({ result, configHash, elapsedMs, warnings }: BacktestOutcome): string {
  const money = (amount: number): number => tidy(roundMoney(amount, result.baseCurrency));
  const stats = Object.entries(result.statistics).map(([name, value]) => [name, typeof value !== 'number' ? (value ?? null) : MONEY.has(name) ? money(value) : tidy(value)]);
  const scalars = {
    schema: 'keelson.backtest/1',
    account: result.account,
    baseCurrency: result.baseCurrency,
    from: timeOrNull(result.from),
    to: timeOrNull(result.to),
    bars: result.bars,
    elapsedMs,
    partial: result.partial,
    halted: result.halted ?? null,
    config: configHash,
    data: result.provenance.map(({ instrument, source, hash }) => ({ instrument, source, hash })),
    stats: Object.fromEntries(stats) as unknown,
  };
  const trades = result.trades.map((trade) => ({
    instrument: trade.instrument,
    side: trade.side,
    quantity: tidy(trade.quantity),
    entryTime: isoTime(trade.entryTime),
    entryPrice: tidy(trade.entryPrice),
    exitTime: isoTime(trade.exitTime),
    exitPrice: tidy(trade.exitPrice),
    pnl: money(trade.pnl),
    commission: money(trade.commission),
    entryReason: trade.entryReason,
    exitReason: trade.exitReason,
  }));
  const openPositions = result.openPositions.map((position) => ({
    instrument: position.instrument,
    quantity: tidy(position.quantity),
    averagePrice: tidy(position.averagePrice),
    unrealizedPnl: money(position.unrealizedPnl),
  }));
  const head = Object.entries(scalars).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value, undefined, key === 'stats' ? 2 : undefined).replaceAll('\n', '\n  ')}`);
  const tail = Object.entries({ orders: result.orders, ordersHash: result.ordersHash }).map(([key, value]) => `  "${key}": ${JSON.stringify(value)}`);
  return `{\n${[...head, `  "trades": ${list(trades)}`, ...tail, `  "openPositions": ${list(openPositions)}`, `  "warnings": ${list(warnings)}`].join(',\n')}\n}\n`;
}

/** One entry a line: easy to compare and to search. */
function list(entries: readonly unknown[]): string {
  return entries.length === 0 ? '[]' : `[\n${entries.map((entry) => `    ${JSON.stringify(entry)}`).join(',\n')}\n  ]`;
}

const timeOrNull = (time: UtcMs | undefined): string | null => (time === undefined ? null : isoTime(time));

/** JSON has no -0, and no number for what is not finite: that becomes null. */
const tidy = (value: number): number => (value === 0 ? 0 : value);
