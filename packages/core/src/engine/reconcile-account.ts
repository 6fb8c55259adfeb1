import type { Fill } from '../domain/events.js';
import { isTerminal } from '../domain/order.js';
import type { UtcMs } from '../domain/units.js';
import type { OrderBook } from '../execution/order-book.js';
import { disputedPositions, missedCorrections, missedCosts, missedEvents, missedFills, missedReplacements, unexplained } from '../execution/reconcile.js';
import type { BrokerSnapshot, OpenOrder } from '../ports/broker-snapshot.js';
import { compareProfit, type ProfitComparison } from './compare-profit.js';
import type { Kernel } from './kernel.js';

/** What a comparison of books and venue found, and what was done about it. */
export type ReconcileReport = {
  readonly time: UtcMs;
  /** Executions of the venue that were looked at. */
  readonly executions: number;
  /** Executions that had been missed and are booked now, by id. */
  readonly booked: readonly string[];
  /** Executions that the venue took back, by id. */
  readonly takenBack: readonly string[];
  /** Executions whose cost, or a part of it, had been missed, by id. */
  readonly charged: readonly string[];
  /** Orders whose state was brought up to the venue's. */
  readonly settled: readonly string[];
  /** Orders of the account's own name that did not live in the books: unknown to the journal, or given up too early. */
  readonly adopted: readonly string[];
  /** Executions of orders that are not the account's. */
  readonly foreign: readonly string[];
  /** What nothing explains; entries are halted for it. */
  readonly unexplained: readonly string[];
  /** Profit of closed trades less all commissions, as the books have it, in the base currency. */
  readonly realizedPnl: number;
  /** The same, computed a second time from executions alone; undefined where nobody did, or a rate is missing. */
  readonly executedPnl: number | undefined;
};

/** What the venue answered. */
export type VenueReading = {
  /** Fills at or after `since`. */
  readonly executions: readonly Fill[];
  readonly since: UtcMs;
  readonly snapshot: BrokerSnapshot;
  /** Orders that were live when the venue was asked: only of these its answer can speak. */
  readonly asked: ReadonlySet<string>;
};

/**
 * Brings books and venue together: executions first, then orders, then what is left of a difference. Everything goes in
 * as events and commands, so that it stands in the journal. Last of all every position gets the protection it lacks.
 *
 * @param last false where the venue can be read once more before a difference is taken for one
 * @returns undefined where it should be read once more
 */
export function reconcileAccount(kernel: Kernel, { executions, snapshot, since, asked }: VenueReading, now: UtcMs, last: boolean): ReconcileReport | undefined {
  const { account } = kernel;
  const { orders, ledger } = account;
  const { positions } = ledger;

  for (const { clientOrderId, instrument } of executions) if (account.names.own(clientOrderId, instrument)) account.names.resumeAfter(clientOrderId);
  const traded = executions.filter(({ instrument }) => ledger.indexOf(instrument) >= 0);
  const replaced = missedReplacements(orders, traded, snapshot, since, now);
  for (const event of replaced) kernel.event(event, now);
  const missed = missedFills(orders, traded);
  for (const event of missed) kernel.event(event, now);
  const corrections = missedCorrections(orders, positions, traded, snapshot, since, now);
  for (const event of corrections) kernel.event(event, now);
  const costs = missedCosts(orders, traded, now);
  for (const event of costs) kernel.event(event, now);

  // before anything is acted on: what guards a position in the books alone would open one
  const held = disputedPositions(positions, snapshot);
  if (account.disputed.size > 0 || Object.keys(held).length > 0) kernel.command({ command: 'dispute', held, reason: 'positions were compared' }, now);

  const adopted = snapshot.orders.filter((found) => account.names.own(found.clientOrderId, found.instrument) && !isAlive(found, orders) && ledger.indexOf(found.instrument) >= 0);
  for (const order of adopted) kernel.command({ command: 'adopt', order, reason: orders.get(order.clientOrderId) === undefined ? 'it stands at the venue and not in the journal' : 'it stands at the venue and has ended in the books' }, now);
  const settled = missedEvents(orders, positions, snapshot, asked, now);
  for (const event of settled) kernel.event(event, now);

  const profit = compareProfit(account);
  const differences = [...unexplained(orders, positions, snapshot), ...(profit?.agrees === false ? [profitText(profit)] : [])];
  if (differences.length > 0 && !last) return undefined;
  if (differences.length > 0) kernel.command({ command: 'halt', by: 'reconciliation', reason: `books and venue differ: ${differences.join('; ')}` }, now);
  kernel.command({ command: 'protect', reason: 'books and venue were compared', compared: true }, now);

  const foreign = missed.flatMap((event) => (event.kind === 'fill' && event.fill.cause === undefined && !account.names.own(event.fill.clientOrderId, event.fill.instrument) ? [event.fill.executionId] : []));
  if (foreign.length > 0) account.announcer.announce('critical', `${account.name}: trades of another source`, `executions ${foreign.join(', ')} are not the account's; they are in its books`, now);
  return {
    time: now,
    executions: executions.length,
    booked: [...replaced, ...missed].flatMap((event) => (event.kind === 'fill' ? [event.fill.executionId] : event.kind === 'fill-corrected' && event.replacement !== undefined ? [event.replacement.executionId] : [])),
    takenBack: [...replaced, ...corrections].flatMap((event) => (event.kind === 'fill-corrected' ? [event.executionId] : [])),
    charged: costs.flatMap((event) => (event.kind === 'cash' && event.movement.executionId !== undefined ? [event.movement.executionId] : [])),
    settled: [...new Set(settled.flatMap((event) => ('clientOrderId' in event ? [event.clientOrderId] : [])))],
    adopted: adopted.map(({ clientOrderId }) => clientOrderId),
    foreign,
    unexplained: differences,
    realizedPnl: ledger.realized.value - ledger.commissions.value,
    executedPnl: profit?.executions === undefined ? undefined : profit.executions.realized - profit.executions.commissions,
  };
}

function profitText({ books, executions }: ProfitComparison): string {
  const sums = ({ realized, commissions, transfers }: ProfitComparison['books']): string => `${realized} realised, ${commissions} commissions, ${transfers} fees and transfers`;
  return `money is ${sums(books)} in the books${executions === undefined ? '' : ` and ${sums(executions)} from the executions`}`;
}

/** One that has filled whole needs no taking over: what is left of it at the venue is a difference of its own. */
function isAlive(found: OpenOrder, orders: OrderBook): boolean {
  const order = orders.get(found.clientOrderId);
  if (order === undefined || orders.isLarger(order, found)) return false;
  return order.status === 'filled' || !isTerminal(order.status);
}
