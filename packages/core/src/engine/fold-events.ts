import type { BrokerEvent, CashMovement, Fill, Rolled } from '../domain/events.js';
import { toMoney, toPrice, toUtcMs } from '../domain/units.js';
import { isTerminal } from '../domain/order.js';
import type { ManagedOrder } from '../execution/managed-order.js';
import type { Account } from '../pipeline/account.js';
import type { Desk } from '../pipeline/desk.js';
import { countCarried, endCarry, tellNotCarried } from '../pipeline/carried-position.js';
import { TURNED } from '../pipeline/guard-position.js';
import { revisePlan } from '../pipeline/revise-plan.js';

/** What a fill without an order means; an expiry is foreseen, a liquidation is a loss of control. */
const FORCED = {
  liquidation: { severity: 'critical', why: 'equity fell below the maintenance margin' },
  expiry: { severity: 'warning', why: 'the position was held to the end of the contract' },
} as const;

/** Takes what the venue says into the account's books: journal, orders, ledger, plans, in this order. */
export function foldEvent(event: BrokerEvent, account: Account): void {
  if (account.journal.enabled) account.journal.append({ kind: 'broker-event', time: account.now, data: event });
  if (event.kind === 'cash' && isRepeated(event.movement, account)) return;
  if (account.executed !== undefined) account.executed.take(event);
  // a venue may repeat an execution, e.g. after a reconnect: it happened once
  if (event.kind === 'fill' && account.orders.knows(event.fill)) return;
  const order = account.orders.apply(event);
  switch (event.kind) {
    case 'fill':
      book(event.fill, order, account);
      break;
    case 'cash':
      moveCash(event.movement, account);
      break;
    case 'fill-corrected':
      correct(event.executionId, event.replacement, account);
      break;
    case 'rejected':
      lose(order, account);
      account.notes.add(`${order?.role ?? 'unknown'} order on ${nameOf(order, account)} rejected by the venue: ${event.reason}`);
      break;
    case 'modify-rejected':
      keepOldStop(order, account);
      break;
    case 'connection':
      account.logger.warn(`venue ${event.state}: ${event.reason}`);
      account.announcer.announce(event.state === 'connected' ? 'info' : 'critical', `${account.name}: venue ${event.state}`, event.reason, event.time);
      break;
    case 'canceled':
    case 'expired':
      lose(order, account);
      break;
    case 'accepted':
      // the position may have gone while it was on its way
      if (order !== undefined && order.role !== 'entry') (account.desks[order.instrument] as Desk).disturbed = true;
      break;
    case 'modified':
      // where orders are linked, a fill that explains it may still be on its way
      if (order !== undefined && !account.broker.capabilities.oco) (account.desks[order.instrument] as Desk).disturbed = true;
      break;
    case 'restriction':
      restrict(event, account);
      break;
    case 'activated':
    case 'cancel-rejected':
    case 'outcome-unknown':
      break;
  }
  if (account.hooks.observes['broker-event']) account.hooks.tell('broker-event', event);
}

/** What it changes is done with the next bar: entries that work are taken back, a position is left. */
function restrict({ instrument, level, reason, carry, rolled, time }: Extract<BrokerEvent, { readonly kind: 'restriction' }>, account: Account): void {
  const desk = account.desks.find((each) => each.instrument.id === instrument);
  if (desk === undefined) return;
  if (rolled !== undefined && desk.carried !== undefined) takeRoll(rolled, desk, account);
  if ((desk.restriction?.level ?? 'none') === level && desk.restriction?.carry === carry) return;
  desk.restriction = level === 'none' ? undefined : { level, reason, carry };
  const what = level === 'none' ? 'entries again' : level === 'no-entries' ? 'no more entries' : carry === undefined ? 'to be left' : 'to be carried over';
  account.announcer.announce(level === 'none' ? 'info' : desk.position.lots !== 0 ? 'critical' : 'warning', `${account.name}: ${instrument}: ${what}`, reason, time);
}

/** From now on orders go to another contract: what is held there is worth what is paid there, whatever the last bar was of. */
function takeRoll(rolled: Rolled, desk: Desk, account: Account): void {
  const { bars, rollCells } = desk;
  desk.rolled = rolled;
  rollCells[0] = rolled.barsFrom ?? (bars.count === 0 ? Number.NEGATIVE_INFINITY : (bars.time[bars.index] as number) + 1);
  rollCells[1] = rolled.price;
  account.ledger.mark(desk.index, rollCells, 1);
}

/** An order is no more: if it protected something, that is looked after at once. */
function lose(order: ManagedOrder | undefined, account: Account): void {
  if (order === undefined) return;
  const desk = account.desks[order.instrument] as Desk;
  desk.disturbed = true;
  if (order.role !== 'entry' && !order.cancelRequested && desk.position.lots !== 0) desk.refusals++;
  if (order.plan?.carried !== undefined && order.filledLots === 0) tellNotCarried(desk, account, 'the venue did not take the entry');
}

function book(fill: Fill, order: ManagedOrder | undefined, account: Account): void {
  const index = account.ledger.indexOf(fill.instrument);
  account.hash.fill(fill, index);
  const desk = account.desks[index] as Desk;
  const heldBefore = desk.position.lots;
  account.ledger.applyFill(fill, fill.cause ?? order?.reason ?? 'order of another source');
  if (fill.cause !== undefined) tellForced(fill, fill.cause, account);
  account.streak.settle(index, heldBefore, desk.position.lots);
  countCarried(fill, order, desk);
  if (desk.position.lots * heldBefore <= 0) desk.leaving = undefined;
  if (order?.plan !== undefined) adoptPlan(order, fill, desk, account);
  if (desk.position.lots === 0) endPlan(desk);
  // two exits may race; what they turned the position into nobody wanted
  if (order !== undefined && order.role !== 'entry' && desk.position.lots * order.sign > 0) {
    desk.plan = undefined;
    desk.leaving = TURNED;
  }
  desk.disturbed = true;
  if (isLoose(order, index, account)) desk.loose = true;
  if (account.hooks.observes.fill) account.hooks.tell('fill', fill);
}

/** A venue may repeat a movement of money as it may an execution. */
function isRepeated({ id }: CashMovement, { movements }: Account): boolean {
  if (movements.has(id)) return true;
  movements.add(id);
  return false;
}

/** Money that is paid in or out is no profit and no loss: what losses are measured from moves with it. */
function moveCash(movement: CashMovement, account: Account): void {
  const { ledger, day, peakCell } = account;
  const before = ledger.transfers.value;
  ledger.applyCash(movement);
  if (movement.kind !== 'deposit' && movement.kind !== 'withdrawal') return;
  const moved = ledger.transfers.value - before;
  day.openingEquity += moved;
  peakCell[0] = (peakCell[0] as number) + moved;
}

/** Whether stops or targets stand that the venue does not cut by this fill: of another group, or where it links nothing. */
function isLoose(order: ManagedOrder | undefined, index: number, account: Account): boolean {
  if (order === undefined || !account.broker.capabilities.oco) return true;
  if (order.role === 'entry') return false;
  for (const other of account.orders.live[index] as readonly ManagedOrder[]) {
    if (other.role !== 'entry' && other.role !== 'exit' && (other.ocoGroup === undefined || other.ocoGroup !== order.ocoGroup)) return true;
  }
  return false;
}

/** What the venue did by itself must not be found out from the equity curve. */
function tellForced(fill: Fill, cause: NonNullable<Fill['cause']>, account: Account): void {
  const { severity, why } = FORCED[cause];
  const what = `${cause} of ${fill.instrument} by the venue`;
  account.notes.add(`${what}: ${why}`);
  account.announcer.announce(severity, `${account.name}: ${what}`, `${fill.side} ${fill.quantity} at ${fill.price}: ${why}`, fill.time);
}

/** The plan comes with the entry's first fill: also with one that arrives after the entry was given up. */
function adoptPlan(order: ManagedOrder, fill: Fill, desk: Desk, account: Account): void {
  const { plan } = order;
  if (plan === undefined || desk.plan?.id === plan.id || desk.position.lots * order.sign <= 0) return;
  if (plan.addsTo !== undefined && desk.plan?.id === plan.addsTo) return;
  const { maxHoldMinutes } = account.settings.exits;
  // time in the position runs from its fill; a limit entry may have waited long
  const timeLimit = plan.carried !== undefined ? plan.timeLimit : maxHoldMinutes === undefined ? undefined : toUtcMs(fill.time + maxHoldMinutes * 60_000);
  if (desk.lastPlan?.id === plan.id) {
    desk.plan = desk.lastPlan; // its fill was corrected: the plan goes on as it was
    return;
  }
  desk.plan = timeLimit === plan.timeLimit ? plan : { ...plan, timeLimit };
  desk.entryState = order.state;
  desk.backers = order.backers;
  desk.partialsTaken = plan.carried?.partialsTaken ?? 0;
}

function endPlan(desk: Desk): void {
  desk.lastPlan = desk.plan ?? desk.lastPlan;
  desk.plan = undefined;
}

/** A fill that closed the position was taken back: it stands again, by its plan; one that nobody planned is left. */
function reopen(desk: Desk): void {
  const { lastPlan, position } = desk;
  if (lastPlan !== undefined && (lastPlan.side === 'long') === position.lots > 0) desk.plan = lastPlan;
  else desk.leaving = TURNED;
}

/** A venue took an execution back: the same quantity the other way at the same price leaves nothing of it. */
function correct(executionId: string, replacement: Fill | undefined, account: Account): void {
  const busted = account.orders.removeFill(executionId);
  if (busted !== undefined) {
    const reversal: Fill = {
      ...busted,
      executionId: `${executionId}/bust`,
      side: busted.side === 'buy' ? 'sell' : 'buy',
      commission: toMoney(-busted.commission),
      slippage: toMoney(-busted.slippage),
      time: toUtcMs(account.now),
    };
    const desk = account.desks[account.ledger.indexOf(busted.instrument)] as Desk;
    const heldBefore = desk.position.lots;
    account.ledger.applyFill(reversal, 'execution corrected by the venue');
    account.streak.settle(desk.index, heldBefore, desk.position.lots);
    if (desk.position.lots === 0) endPlan(desk);
    else if (desk.plan === undefined) reopen(desk);
    endCarry(desk, account, 'the venue corrected an execution meanwhile');
    desk.disturbed = desk.loose = true;
  }
  if (replacement !== undefined) foldEvent({ kind: 'fill', fill: replacement }, account);
}

/** The plan must not claim a stop or target that the venue did not take. */
function keepOldStop(order: ManagedOrder | undefined, account: Account): void {
  if (order === undefined || isTerminal(order.status)) return; // a late word on an order that guarded an earlier position
  const desk = account.desks[order.instrument] as Desk;
  if (order.sign * desk.position.lots >= 0 || isBehindHardStop(order, desk)) return;
  if (order.role === 'stop' && order.stopPrice !== undefined) revisePlan(desk, account, { stop: toPrice(order.stopPrice) }, 'the venue refused the change');
  else if (order.role === 'target' && order.limitPrice !== undefined) revisePlan(desk, account, { target: toPrice(order.limitPrice) }, 'the venue refused the change');
}

/** A plan is never loosened beyond its hard stop. */
function isBehindHardStop({ role, sign, stopPrice }: ManagedOrder, { plan }: Desk): boolean {
  return role === 'stop' && stopPrice !== undefined && plan?.initialStop !== undefined && (stopPrice - plan.initialStop) * sign > 0;
}

function nameOf(order: ManagedOrder | undefined, account: Account): string {
  return order === undefined ? 'an instrument' : (account.desks[order.instrument] as Desk).instrument.id;
}
