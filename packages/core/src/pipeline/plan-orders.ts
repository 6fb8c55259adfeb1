import type { BracketLeg, OrderIntent, OrderRole, OrderType, Side, TimeInForce } from '../domain/order.js';
import type { Plan } from '../domain/plan.js';
import { toFraction, toPrice, toQuantity, toUtcMs, type Price, type Quantity } from '../domain/units.js';
import type { ManagedOrder } from '../execution/managed-order.js';
import type { Account } from './account.js';
import type { Desk } from './desk.js';

/**
 * Target → order intents: target − position − working orders, so that a signal said twice orders once.
 * What reduces comes before what enters. Stops are rounded to the tick toward the entry, targets away from
 * it, quantities down to the lot.
 */
export function planOrders(desk: Desk, account: Account): void {
  const { lots } = desk.position;
  const { orders } = account;
  const wanted = desk.targetLots;
  cancelEntriesAgainst(desk, account, wanted);

  const exits = lots * wanted > 0 ? Math.max(0, Math.abs(lots) - Math.abs(wanted)) : Math.abs(lots);
  const exitsToSend = exits - orders.pendingExitLots(desk.index);
  if (exitsToSend > 0) desk.intents.push(exitIntent(desk, account, exitsToSend, desk.reason));

  const carried = lots * wanted > 0 ? lots : 0;
  const entries = wanted - carried - orders.pendingEntryLots(desk.index);
  if (wanted !== 0 && entries * wanted > 0) desk.intents.push(entryIntent(desk, account, entries));
}

/** A market order that takes `lots` off the open position, linked to the bracket that protects it. */
export function exitIntent(desk: Desk, account: Account, lots: number, reason: string): OrderIntent {
  const guard = account.orders.find(desk.index, 'stop') ?? account.orders.find(desk.index, 'target');
  return intent(desk, account, 'exit', desk.position.lots > 0 ? 'sell' : 'buy', lots, 'market', 'gtc', undefined, undefined, guard?.ocoGroup, undefined, reason);
}

/** A stop for a position that has lost its own. */
export function stopIntent(desk: Desk, account: Account, stop: Price): OrderIntent {
  const { lots } = desk.position;
  const group = account.orders.find(desk.index, 'target')?.ocoGroup;
  return intent(desk, account, 'stop', lots > 0 ? 'sell' : 'buy', Math.abs(lots), 'stop', 'gtc', undefined, stop, group, undefined, 'stop renewed');
}

function entryIntent(desk: Desk, account: Account, signedLots: number): OrderIntent {
  const long = signedLots > 0;
  const { grid } = desk.position;
  const limited = desk.entry === desk.entry;
  const limit = !limited ? undefined : long ? grid.priceDown(desk.entry) : grid.priceUp(desk.entry);
  const id = account.nextOrderId(desk.instrument.id);
  const stop = desk.stop === desk.stop ? (long ? grid.priceUp(desk.stop) : grid.priceDown(desk.stop)) : undefined;
  const target = desk.target === desk.target ? (long ? grid.priceUp(desk.target) : grid.priceDown(desk.target)) : undefined;
  let bracket: BracketLeg[] | undefined;
  if (stop !== undefined || target !== undefined) {
    bracket = [];
    if (stop !== undefined) bracket.push({ clientOrderId: `${id}-stop`, role: 'stop', type: 'stop', stopPrice: stop });
    if (target !== undefined) bracket.push({ clientOrderId: `${id}-target`, role: 'target', type: 'limit', limitPrice: target });
  }
  const quantity = toQuantity(grid.lots.value(Math.abs(signedLots)));
  desk.pendingPlan = planOf(desk, account, id, quantity, stop, target);
  const group = bracket === undefined ? undefined : id;
  return intent(desk, account, 'entry', long ? 'buy' : 'sell', Math.abs(signedLots), limited ? 'limit' : 'market', limited ? 'day' : 'gtc', limit, undefined, group, bracket, desk.reason, id);
}

function planOf(desk: Desk, account: Account, id: string, quantity: Quantity, stop: Price | undefined, target: Price | undefined): Plan {
  const { maxHoldMinutes, disasterStop } = account.settings.exits;
  return {
    id,
    version: 1,
    instrument: desk.instrument.id,
    side: desk.targetLots > 0 ? 'long' : 'short',
    quantity,
    entry: toPrice(desk.close),
    stop,
    initialStop: stop,
    target,
    timeLimit: maxHoldMinutes === undefined ? undefined : toUtcMs(account.now + maxHoldMinutes * 60_000),
    disasterLossFraction: disasterStop === undefined ? undefined : toFraction(disasterStop.lossFraction),
    reason: desk.reason,
  };
}

/** Every intent has the same fields in the same order, absent ones undefined: the order path stays fast. */
function intent(
  desk: Desk,
  account: Account,
  role: OrderRole,
  side: Side,
  lots: number,
  type: OrderType,
  timeInForce: TimeInForce,
  limitPrice: Price | undefined,
  stopPrice: Price | undefined,
  ocoGroup: string | undefined,
  bracket: readonly BracketLeg[] | undefined,
  reason: string,
  clientOrderId = account.nextOrderId(desk.instrument.id),
): OrderIntent {
  return {
    clientOrderId,
    instrument: desk.instrument.id,
    role,
    side,
    quantity: toQuantity(desk.position.grid.lots.value(lots)),
    type,
    timeInForce,
    limitPrice,
    stopPrice,
    reduceOnly: role !== 'entry',
    ocoGroup,
    bracket,
    decidedAt: account.now,
    decisionPrice: toPrice(desk.close),
    reason,
  };
}

/** Working entries that the target no longer wants are taken back. */
function cancelEntriesAgainst(desk: Desk, account: Account, wanted: number): void {
  const live = account.orders.live[desk.index] as readonly ManagedOrder[];
  // from the back: a venue in this process answers at once, and the order leaves the list
  for (let i = live.length - 1; i >= 0; i--) {
    const order = live[i];
    if (order === undefined || order.role !== 'entry' || order.sign * wanted > 0 || order.cancelRequested) continue;
    order.cancelRequested = true;
    account.broker.cancel(order.clientOrderId);
  }
}
