import type { Account } from './account.js';
import { exitIntent } from './plan-orders.js';
import { routeOrders } from './route-orders.js';

/** Sends every open position out at the market, beside exits that are on their way already. */
export function flatten(account: Account, reason: string): void {
  for (const desk of account.desks) {
    const { lots } = desk.position;
    if (lots === 0) continue;
    // until it is flat, an exit that ends without filling is sent again
    desk.leaving = reason;
    const open = Math.abs(lots) - account.orders.pendingExitLots(desk.index);
    if (open <= 0) continue;
    desk.intents.push(exitIntent(desk, account, open, reason));
    routeOrders(desk, account);
  }
}
