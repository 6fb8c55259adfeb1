import type { Account } from './account.js';
import { cancelEntriesAgainst } from './cancel-orders.js';
import type { Desk } from './desk.js';
import { exitIntent } from './plan-orders.js';

/**
 * The whole position goes out, beside what is on its way already; the rest of an entry must not come after it. Until
 * it is flat, an exit that ends without filling is sent again.
 */
export function leave(desk: Desk, account: Account, reason: string): void {
  cancelEntriesAgainst(desk, account, 0);
  desk.leaving = reason;
  const open = Math.abs(desk.position.lots) - account.orders.pendingExitLots(desk.index);
  if (open > 0) desk.intents.push(exitIntent(desk, account, open, reason));
}
