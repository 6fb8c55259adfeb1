import type { ManagedOrder } from '../execution/managed-order.js';
import type { Account } from './account.js';
import type { Desk } from './desk.js';

/** Why nothing leaves at all, neither order nor change nor cancel; undefined where it may. */
export function whyMute({ settings }: Account): string | undefined {
  if (settings.dryRun) return 'dryRun is on';
  return settings.mayTrade ? undefined : 'allowOrders is false';
}

/** Asks the venue to take back a working order: journal first. */
export function routeCancel(order: ManagedOrder, account: Account): void {
  const mute = whyMute(account);
  if (mute !== undefined) {
    account.notes.add(`the cancel of a ${order.role} order was not sent: ${mute}`);
    return;
  }
  account.orders.noteCancel(order);
  if (account.journal.enabled) {
    account.journal.append({ kind: 'cancel', time: account.now, data: { clientOrderId: order.clientOrderId } });
    account.journal.sync();
  }
  account.broker.cancel(order.clientOrderId);
}

/** Takes back working entries that a target of sign `wanted` has no use for; all of them for 0. */
export function cancelEntriesAgainst(desk: Desk, account: Account, wanted: number): void {
  const live = account.orders.live[desk.index] as readonly ManagedOrder[];
  // from the back: a venue in this process answers at once, and the order leaves the list
  for (let i = live.length - 1; i >= 0; i--) {
    const order = live[i];
    if (order === undefined || order.role !== 'entry' || order.sign * wanted > 0 || order.cancelRequested) continue;
    routeCancel(order, account);
  }
}
