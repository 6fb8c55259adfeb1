import type { BracketLeg, OrderIntent, OrderRole, Side } from '../domain/order.js';
import { toFraction, toPrice, toQuantity, toUtcMs } from '../domain/units.js';
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
  return {
    ...base(desk, account, 'exit', desk.position.lots > 0 ? 'sell' : 'buy', lots, reason),
    type: 'market',
    reduceOnly: true,
    ...(guard?.ocoGroup === undefined ? {} : { ocoGroup: guard.ocoGroup }),
  };
}

/** A stop for a position that has lost its own. */
export function stopIntent(desk: Desk, account: Account, stop: number): OrderIntent {
  const target = account.orders.find(desk.index, 'target');
  return {
    ...base(desk, account, 'stop', desk.position.lots > 0 ? 'sell' : 'buy', Math.abs(desk.position.lots), 'stop renewed'),
    type: 'stop',
    stopPrice: toPrice(stop),
    reduceOnly: true,
    ...(target?.ocoGroup === undefined ? {} : { ocoGroup: target.ocoGroup }),
  };
}

function entryIntent(desk: Desk, account: Account, signedLots: number): OrderIntent {
  const long = signedLots > 0;
  const { grid } = desk.position;
  const fields = base(desk, account, 'entry', long ? 'buy' : 'sell', Math.abs(signedLots), desk.reason);
  const bracket: BracketLeg[] = [];
  let plan: { stop?: ReturnType<typeof toPrice>; initialStop?: ReturnType<typeof toPrice>; target?: ReturnType<typeof toPrice> } = {};
  if (desk.stop === desk.stop) {
    const stop = long ? grid.priceUp(desk.stop) : grid.priceDown(desk.stop);
    bracket.push({ clientOrderId: `${fields.clientOrderId}-stop`, role: 'stop', type: 'stop', stopPrice: stop });
    plan = { stop, initialStop: stop };
  }
  if (desk.target === desk.target) {
    const target = long ? grid.priceUp(desk.target) : grid.priceDown(desk.target);
    bracket.push({ clientOrderId: `${fields.clientOrderId}-target`, role: 'target', type: 'limit', limitPrice: target });
    plan = { ...plan, target };
  }
  const { maxHoldMinutes, disasterStop } = account.settings.exits;
  desk.pendingPlan = {
    id: fields.clientOrderId,
    version: 1,
    instrument: desk.instrument.id,
    side: long ? 'long' : 'short',
    quantity: fields.quantity,
    entry: toPrice(desk.close),
    ...plan,
    ...(maxHoldMinutes === undefined ? {} : { timeLimit: toUtcMs(account.now + maxHoldMinutes * 60_000) }),
    ...(disasterStop === undefined ? {} : { disasterLossFraction: toFraction(disasterStop.lossFraction) }),
    reason: desk.reason,
  };
  const limited = desk.entry === desk.entry;
  return {
    ...fields,
    type: limited ? 'limit' : 'market',
    timeInForce: limited ? 'day' : 'gtc',
    ...(limited ? { limitPrice: long ? grid.priceDown(desk.entry) : grid.priceUp(desk.entry) } : {}),
    reduceOnly: false,
    ...(bracket.length > 0 ? { bracket, ocoGroup: fields.clientOrderId } : {}),
  };
}

function base(desk: Desk, account: Account, role: OrderRole, side: Side, lots: number, reason: string): Omit<OrderIntent, 'type' | 'reduceOnly'> {
  return {
    clientOrderId: account.nextOrderId(desk.instrument.id),
    instrument: desk.instrument.id,
    role,
    side,
    quantity: toQuantity(desk.position.grid.lots.value(lots)),
    timeInForce: 'gtc',
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
