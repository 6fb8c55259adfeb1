import type { Account } from './account.js';
import type { Desk } from './desk.js';
import { leave } from './leave.js';
import { routeOrders } from './route-orders.js';

/** Sends every open position out at the market, beside exits that are on their way already. */
export function flatten(account: Account, reason: string): void {
  for (const desk of account.desks) leaveAtOnce(desk, account, reason);
}

/** Leaves what a latch wants left and nobody has begun to leave: when it was set, and what fills late. */
export function keepFlat(account: Account): void {
  const latch = account.latches.flattening;
  if (latch === undefined) return;
  for (const desk of account.desks) if (desk.leaving === undefined) leaveAtOnce(desk, account, latch.reason);
}

function leaveAtOnce(desk: Desk, account: Account, reason: string): void {
  if (desk.position.lots === 0) return;
  leave(desk, account, reason);
  if (desk.intents.length > 0) routeOrders(desk, account);
}
