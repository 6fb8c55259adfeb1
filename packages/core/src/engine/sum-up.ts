import { toMoney } from '../domain/units.js';
import type { AccountParts } from './account-parts.js';
import { coldStrategies } from './cold-strategies.js';
import type { Kernel } from './kernel.js';
import type { OpenPosition, RunResult } from './run-result.js';
import type { Trade } from '../domain/position.js';

/** What a run came to. */
export function sumUp(parts: AccountParts, kernel: Kernel, partial: boolean): RunResult {
  const { account, performance } = kernel;
  const { base, detail, trades } = parts;
  const feeds = detail === undefined ? [base.feed] : [base.feed, detail.feed];
  const openPositions: OpenPosition[] = account.desks
    .filter((desk) => desk.position.lots !== 0)
    .map(({ position, index }) => ({
      instrument: position.instrument,
      quantity: position.quantity,
      averagePrice: position.averagePrice as number,
      unrealizedPnl: toMoney(position.unrealizedPnl * account.ledger.rateOf(index)),
    }));
  const left = account.latches.leftToAPerson;
  let listed: readonly Trade[] | undefined;
  return {
    account: account.name,
    baseCurrency: parts.baseCurrency,
    ...performance.period,
    bars: kernel.bars,
    partial,
    halted: left?.reason,
    statistics: performance.statistics(trades),
    equity: performance.curve,
    get trades() {
      return (listed ??= [...trades]);
    },
    orders: account.ordersSent,
    ordersHash: account.hash.digest(),
    openPositions,
    provenance: feeds.flatMap((feed) => feed.provenance()),
    warnings: [
      ...(account.settings.dryRun ? ['dryRun was on: no order was sent to the venue'] : []),
      ...feeds.flatMap((feed) => feed.warnings()),
      ...account.broker.warnings(),
      ...coldStrategies(account.desks),
      ...(left === undefined && account.halted !== undefined ? [`entries were off at the end: ${account.halted}`] : []),
      ...account.notes.lines(),
    ],
  };
}
