import type { BrokerEvent, Fill } from '../domain/events.js';
import { toQuantity, type UtcMs } from '../domain/units.js';
import type { Position } from '../portfolio/position.js';
import type { BrokerSnapshot, OpenOrder } from '../ports/broker-snapshot.js';
import type { ManagedOrder } from './managed-order.js';
import type { OrderBook } from './order-book.js';

/** Executions that were missed come first: what is left of an order is judged after them. */
export function missedFills(book: OrderBook, executions: readonly Fill[]): BrokerEvent[] {
  return executions.filter((fill) => !book.knows(fill)).map((fill) => ({ kind: 'fill', fill }));
}

/** What the venue would have said of every order, had it been heard. Call it once the missed fills are booked. */
export function missedEvents(book: OrderBook, positions: readonly Position[], snapshot: BrokerSnapshot, now: UtcMs): BrokerEvent[] {
  const atVenue = new Map(snapshot.orders.map((order) => [order.clientOrderId, order]));
  return book.live.flatMap((orders, i) => orders.flatMap((order) => eventsOf(order, atVenue.get(order.clientOrderId), positions[i] as Position, now)));
}

function eventsOf(order: ManagedOrder, found: OpenOrder | undefined, position: Position, now: UtcMs): BrokerEvent[] {
  const { clientOrderId } = order;
  if (found === undefined) {
    // what neither stands nor traded never arrived, or has ended; the outcome of either is the same
    const neverSeen = (order.status === 'pending' || order.status === 'unknown') && order.filledLots === 0;
    return neverSeen
      ? [{ kind: 'rejected', clientOrderId, code: 'RECONCILED', reason: 'the venue does not have it', time: now }]
      : [{ kind: 'canceled', clientOrderId, reason: 'the venue does not have it any more', time: now }];
  }
  const events: BrokerEvent[] = [];
  const { lots } = position.grid;
  if (order.status === 'pending' || order.status === 'unknown') events.push({ kind: 'accepted', clientOrderId, venueOrderId: found.venueOrderId ?? clientOrderId, time: now });
  if (order.status === 'held' && found.status !== 'held') events.push({ kind: 'activated', clientOrderId, quantity: found.quantity, time: now });
  else if (order.status !== 'held' && lots.nearest(found.quantity) !== order.lots) events.push({ kind: 'modified', clientOrderId, quantity: toQuantity(found.quantity), time: now });
  return events;
}

/** What the venue has and the account cannot explain, in words; empty when all agrees. */
export function unexplained(book: OrderBook, positions: readonly Position[], snapshot: BrokerSnapshot): string[] {
  const lines: string[] = [];
  for (const order of snapshot.orders) {
    if (book.get(order.clientOrderId) === undefined) lines.push(`order ${order.clientOrderId} (${order.side} ${order.quantity} ${order.instrument}) at the venue is not the account's`);
  }
  const held = new Map(snapshot.positions.map((each) => [each.instrument, each.quantity]));
  for (const position of positions) {
    const atVenue = held.get(position.instrument) ?? 0;
    held.delete(position.instrument);
    if (position.grid.lots.nearest(atVenue) !== position.lots) lines.push(`the position in ${position.instrument} is ${atVenue} at the venue and ${position.quantity} in the books`);
  }
  for (const [instrument, quantity] of held) if (quantity !== 0) lines.push(`the venue holds ${quantity} ${instrument}, which the account does not trade`);
  return lines;
}
