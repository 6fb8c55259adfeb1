import type { ManagedOrder } from '../execution/managed-order.js';
import type { Account } from './account.js';
import { routeCancel } from './cancel-orders.js';
import { carryOver } from './carry-over.js';
import { cancelOrphans, cancelWrongSide, cutExits } from './cut-exits.js';
import type { Desk } from './desk.js';
import { leave } from './leave.js';
import { stopIntent } from './plan-orders.js';
import { routeOrders } from './route-orders.js';

/** Why a position is left that nobody wanted. */
export const TURNED = 'exits or a correction turned it around';
/** Stops that the venue may refuse between two bars before the position is left instead, and exits before the next bar is waited for. */
const MOST_REFUSALS = 3;

/**
 * Position ↔ the orders that protect it: what has lost its stop gets one, stops beyond the position are cut, what
 * guards nothing is taken back, and so is an entry whose exits the venue refused.
 *
 * @param thorough false where the venue may still say itself what a fill did to its linked orders
 * @returns true when the position has to be left, since no stop stands
 */
export function guardPosition(desk: Desk, account: Account, thorough: boolean): boolean {
  const { position, plan } = desk;
  const { lots } = position;
  const live = account.orders.live[desk.index] as readonly ManagedOrder[];
  if (live.length > 0) cancelRefusedEntries(live, account);
  // the position is not what the books say: what guards it is left alone until they know
  const isKnown = live.length > 0 && !account.orders.owes(desk.index);
  const guardedLots = lotsToGuard(desk, account);
  if (guardedLots === 0) {
    if (isKnown) cancelOrphans(live, account, thorough);
    return false;
  }
  if (thorough && isKnown) {
    cancelWrongSide(live, guardedLots, account);
    cutExits(guardedLots, live, desk, account);
  }
  if (lots === 0) return false;
  const held = Math.abs(lots);
  if (desk.leaving === TURNED && desk.refusals < 2 * MOST_REFUSALS) leave(desk, account, desk.leaving);
  if (plan?.stop === undefined) return false;
  const guarded = account.orders.stopLots(desk.index, -Math.sign(lots));
  if (guarded >= held) return false;
  const stands = (desk.close - plan.stop) * lots > 0;
  if (!stands || desk.refusals >= MOST_REFUSALS) {
    if (desk.refusals < 2 * MOST_REFUSALS) leave(desk, account, stands ? 'the venue refuses its stop' : 'the stop was passed');
    return true;
  }
  desk.intents.push(stopIntent(desk, account, plan.stop, held - guarded));
  return false;
}

/** Guards every desk that an event disturbed, at once: protection does not wait for a bar, and what is carried over a roll goes on. */
export function guardDisturbed(account: Account): void {
  for (const desk of account.desks) {
    if (desk.disturbed) guardDesk(desk, account);
    if (desk.carried !== undefined) carryOver(desk, account);
  }
}

function guardDesk(desk: Desk, account: Account): void {
  // a venue in this process answers inside the call: what it refuses disturbs again
  for (let round = 0; desk.disturbed && round <= 2 * MOST_REFUSALS; round++) {
    desk.disturbed = false;
    const { loose } = desk;
    desk.loose = false;
    if (desk.bars.count === 0) continue; // without a price nothing can be placed
    guardPosition(desk, account, loose);
    if (desk.intents.length > 0) routeOrders(desk, account);
  }
}

/**
 * Lots (signed) whose exits stay where they stand. Where the newest comparison found more at the venue than in the books, what
 * protects that is left to it: nobody knows yet why the books lack it.
 */
function lotsToGuard({ index, position: { lots } }: Desk, { disputed }: Account): number {
  const atVenue = disputed.size === 0 ? undefined : disputed.get(index);
  return atVenue !== undefined && atVenue * lots >= 0 && Math.abs(atVenue) > Math.abs(lots) ? atVenue : lots;
}

function cancelRefusedEntries(live: readonly ManagedOrder[], account: Account): void {
  for (let i = live.length - 1; i >= 0; i--) {
    const order = live[i];
    if (order?.exitsRefused === true && !order.cancelRequested) routeCancel(order, account);
  }
}
