import type { ManagedOrder } from '../execution/managed-order.js';
import type { Account } from './account.js';
import { routeCancel } from './cancel-orders.js';
import { convictionOf } from './conviction.js';
import type { Desk } from './desk.js';

/** Takes back entries that have waited too long, or that nothing speaks for any more. */
export function reviewEntries(desk: Desk, account: Account): void {
  const live = account.orders.live[desk.index] as readonly ManagedOrder[];
  const least = account.settings.exits.conviction?.min;
  // from the back: a venue in this process answers at once, and the order leaves the list
  for (let i = live.length - 1; i >= 0; i--) {
    const order = live[i];
    if (order?.plan === undefined || order.cancelRequested) continue;
    const { expiry } = order.plan;
    const reason = expiry !== undefined && account.now >= expiry ? 'it expired' : least !== undefined && convictionOf(order.plan, account) < least ? `its conviction fell below ${least}` : undefined;
    if (reason === undefined) continue;
    account.notes.add(`an entry on ${desk.instrument.id} was taken back: ${reason}`);
    routeCancel(order, account);
  }
}
