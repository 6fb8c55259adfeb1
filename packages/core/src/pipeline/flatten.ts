import type { Account } from './account.js';
import type { Desk } from './desk.js';
import { exitIntent } from './plan-orders.js';
import { routeOrders } from './route-orders.js';

/** Sends every open position out at the market, beside exits that are on their way already. */
export function flatten(account: Account, reason: string): void {
  for (const desk of account.desks) leave(desk, account, reason);
}

/** Leaves what a latch wants left and nobody has begun to leave: when it was set, and what fills late. */
export function keepFlat(account: Account): void {
  const latch = account.latches.flattening;
  if (latch === undefined) return;
  for (const desk of account.desks) if (desk.leaving === undefined) leave(desk, account, latch.reason);
}

function leave(desk: Desk, account: Account, reason: string): void {
  const { lots } = desk.position;
  if (lots === 0) return;
  // until it is flat, an exit that ends without filling is sent again
  desk.leaving = reason;
  const open = Math.abs(lots) - account.orders.pendingExitLots(desk.index);
  if (open <= 0) return;
  desk.intents.push(exitIntent(desk, account, open, reason));
  routeOrders(desk, account);
}
