import type { OrderRole } from '../domain/order.js';
import type { ManagedOrder } from '../execution/managed-order.js';
import type { Account } from '../pipeline/account.js';
import { routeCancel } from '../pipeline/cancel-orders.js';
import type { Desk } from '../pipeline/desk.js';
import type { OpenOrder } from '../ports/broker-snapshot.js';

/**
 * Takes over an order that stands at the venue under the account's own name and does not live in the books: its journal
 * was lost, or it was given up too early. What guards a position goes on guarding it; an entry is taken back, since
 * nobody waits for it any more.
 */
export function adoptOrder(found: OpenOrder, account: Account): void {
  const order = bookOrder(found, account);
  if (order === undefined) return;
  if (order.role === 'entry') routeCancel(order, account);
  else (account.desks[order.instrument] as Desk).disturbed = true; // the position that it guards may be gone
}

/** The part that a recall repeats. */
export function bookOrder(found: OpenOrder, account: Account): ManagedOrder | undefined {
  account.names.resumeAfter(found.clientOrderId);
  const index = account.ledger.indexOf(found.instrument);
  if (index < 0) return undefined;
  const known = account.orders.get(found.clientOrderId);
  if (known !== undefined) return account.orders.standsAgain(known, found) ? known : undefined;
  return account.orders.adopt(found, roleOf(found), index);
}

/** Exits of a bracket say so in their names; of the others, an order at a trigger protects and the rest enters. */
function roleOf({ clientOrderId, stopPrice, limitPrice }: OpenOrder): OrderRole {
  if (clientOrderId.endsWith('-stop')) return 'stop';
  if (clientOrderId.endsWith('-target')) return 'target';
  return stopPrice !== undefined && limitPrice === undefined ? 'stop' : 'entry';
}
