import type { BracketLeg, OrderIntent, OrderRole, OrderType, Side, TimeInForce } from '../domain/order.js';
import { toPrice, toQuantity, type Price } from '../domain/units.js';
import type { Account } from './account.js';
import { bracketOf } from './bracket-of.js';
import { cancelEntriesAgainst } from './cancel-orders.js';
import type { Desk } from './desk.js';
import { disasterLevel, noteExitsWithoutStop } from './exit-levels.js';
import { planOf } from './plan-of-entry.js';

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
  const leaving = orders.pendingExitLots(desk.index);
  const exitsToSend = exits - leaving;
  if (exitsToSend > intendedExitLots(desk)) {
    // one exit at a time: of two in the bracket's group, the first one's fill would take the second away
    for (let i = desk.intents.length - 1; i >= 0; i--) if ((desk.intents[i] as OrderIntent).role === 'exit') desk.intents.splice(i, 1);
    desk.intents.push(exitIntent(desk, account, exitsToSend, desk.reason));
    if (exits === Math.abs(lots)) desk.leaving = desk.reason;
  }

  const entries = wanted - (lots * wanted > 0 ? lots : 0);
  // one entry at a time: one that works in this direction stands as it is. One that is being taken back in the
  // other direction does not count: what is not there cannot be turned around.
  // And none while an exit of an earlier bar is still at work: the two positions would become one.
  if (lots !== 0 && leaving > 0) return;
  if (entries * wanted > 0 && orders.pendingEntryLots(desk.index, Math.sign(wanted)) === 0) desk.intents.push(entryIntent(desk, account, entries));
}

/** Lots that this bar's exits, not yet sent, will take off. */
function intendedExitLots(desk: Desk): number {
  let sum = 0;
  for (const intent of desk.intents) if (intent.role === 'exit') sum += desk.position.grid.lots.nearest(intent.quantity);
  return sum;
}

/**
 * A market order that takes `lots` off the open position, linked to the bracket that protects it. Beside an exit that
 * is on its way it stands alone: of two in one group, the first one's fill would take the second away.
 */
export function exitIntent(desk: Desk, account: Account, lots: number, reason: string): OrderIntent {
  const alone = !account.broker.capabilities.oco || account.orders.pendingExitLots(desk.index) > 0;
  const guard = alone ? undefined : (account.orders.find(desk.index, 'stop') ?? account.orders.find(desk.index, 'target'));
  return intent(desk, account, 'exit', desk.position.lots > 0 ? 'sell' : 'buy', lots, 'market', 'gtc', undefined, undefined, guard?.ocoGroup, undefined, reason);
}

/** A stop for `lots` of a position that have lost theirs. */
export function stopIntent(desk: Desk, account: Account, stop: Price, lots: number): OrderIntent {
  // the bracket's own group: an exit or target that fills takes the renewed stop along
  return intent(desk, account, 'stop', desk.position.lots > 0 ? 'sell' : 'buy', lots, 'stop', 'gtc', undefined, stop, account.broker.capabilities.oco ? desk.plan?.id : undefined, undefined, 'stop renewed');
}

/** An entry of `signedLots` with the bracket and the plan of the decision at hand. */
export function entryIntent(desk: Desk, account: Account, signedLots: number): OrderIntent {
  const long = signedLots > 0;
  const { grid } = desk.position;
  const limited = desk.entry === desk.entry;
  const limit = !limited ? undefined : long ? grid.priceDown(desk.entry) : grid.priceUp(desk.entry);
  const id = account.names.next(desk.instrument.id);
  const own = desk.stop === desk.stop ? (long ? grid.priceUp(desk.stop) : grid.priceDown(desk.stop)) : undefined;
  const stop = own ?? disasterLevel(desk, account, signedLots, limit ?? desk.close);
  const target = desk.target === desk.target ? (long ? grid.priceUp(desk.target) : grid.priceDown(desk.target)) : undefined;
  if (own === undefined) noteExitsWithoutStop(desk, account);
  if (stop === undefined && account.settings.exits.withoutStop === undefined) account.notes.add(`an entry on ${desk.instrument.id} had no stop: signal and exits: name none`);
  // without native brackets the plan alone holds them: a stop rests beside the position, the kernel watches the target
  const bracket = account.broker.capabilities.nativeBrackets ? bracketOf(id, stop, target) : undefined;
  const quantity = toQuantity(grid.lots.value(Math.abs(signedLots)));
  desk.pendingPlan = planOf(desk, account, id, quantity, stop, own, target);
  const group = bracket === undefined ? undefined : id;
  return intent(desk, account, 'entry', long ? 'buy' : 'sell', Math.abs(signedLots), limited ? 'limit' : 'market', limited ? 'day' : 'gtc', limit, undefined, group, bracket, desk.reason, id);
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
  clientOrderId = account.names.next(desk.instrument.id),
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
