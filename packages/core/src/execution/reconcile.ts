import type { BrokerEvent, Fill } from '../domain/events.js';
import { toMoney, toPrice, toQuantity, type UtcMs } from '../domain/units.js';
import type { Position } from '../portfolio/position.js';
import type { BrokerSnapshot, OpenOrder } from '../ports/broker-snapshot.js';
import type { ManagedOrder } from './managed-order.js';
import type { OrderBook } from './order-book.js';

/** Costs that differ by less are the same, rounded. */
const LEAST_COST = 1e-6;

/** Executions that were missed come first: what is left of an order is judged after them. */
export function missedFills(book: OrderBook, executions: readonly Fill[]): BrokerEvent[] {
  return executions.filter((fill) => !book.knows(fill)).map((fill) => ({ kind: 'fill', fill }));
}

/**
 * Executions that the venue tells of in the place of others, which it corrected while nobody listened. One event stands for
 * both: were the new one booked before the old one is gone, exits would leave for a position that nobody holds.
 */
export function missedReplacements(book: OrderBook, executions: readonly Fill[], snapshot: BrokerSnapshot, since: UtcMs, now: UtcMs): BrokerEvent[] {
  const unknown = executions.filter((fill) => !book.knows(fill));
  if (unknown.length === 0) return [];
  const gone = untold(book, executions, snapshot, since);
  return unknown.flatMap((replacement): BrokerEvent[] => {
    const { clientOrderId, instrument, side, quantity } = replacement;
    const at = gone.findIndex((fill) => fill.clientOrderId === clientOrderId && fill.instrument === instrument && fill.side === side && fill.quantity === quantity);
    return at < 0 ? [] : gone.splice(at, 1).map(({ executionId }) => ({ kind: 'fill-corrected', executionId, replacement, time: now }));
  });
}

/** Booked fills that the venue does not tell of, none from before the time that it still knows. */
function untold(book: OrderBook, executions: readonly Fill[], snapshot: BrokerSnapshot, since: UtcMs): Fill[] {
  const told = new Set(executions.map(({ executionId }) => executionId));
  const known = snapshot.executionsFrom ?? executions.reduce((oldest, { time }) => Math.min(oldest, time), Number.POSITIVE_INFINITY);
  return book.fillsSince(Math.max(since, known)).filter((fill) => !told.has(fill.executionId));
}

/**
 * Executions that the books have and the venue no longer tells of: taken back by it while nobody listened. Only where
 * they explain, all together, why the venue holds another position, and none from before the time that the venue still
 * knows: there it has forgotten, and what it forgot beside them (a stop that filled) would be forgotten, too.
 */
export function missedCorrections(book: OrderBook, positions: readonly Position[], executions: readonly Fill[], snapshot: BrokerSnapshot, since: UtcMs, now: UtcMs): BrokerEvent[] {
  const booked = untold(book, executions, snapshot, since);
  if (booked.length === 0) return [];
  return positions.flatMap((position) => {
    const gone = booked.filter(({ instrument }) => instrument === position.instrument);
    const { lots } = position.grid;
    const sum = gone.reduce((total, { quantity, side }) => total + lots.nearest(quantity) * (side === 'buy' ? 1 : -1), 0);
    if (gone.length === 0 || position.lots - lotsHeld(snapshot, position) !== sum) return [];
    return gone.map(({ executionId }): BrokerEvent => ({ kind: 'fill-corrected', executionId, time: now }));
  });
}

/** Costs of executions that the books have, and have without it: what a venue charges it may tell late, to nobody who listens. */
export function missedCosts(book: OrderBook, executions: readonly Fill[], now: UtcMs): BrokerEvent[] {
  return executions.flatMap((fill): BrokerEvent[] => {
    const booked = book.fill(fill);
    const comparable = booked !== undefined && (booked.commission === 0 || booked.commissionCurrency === fill.commissionCurrency);
    // a venue that does not say yet what it charges says nothing
    if (!comparable || fill.commission === 0 || Math.abs(fill.commission - booked.commission) < LEAST_COST) return [];
    const { executionId, instrument, commissionCurrency } = fill;
    return [{ kind: 'cash', movement: { id: `commission:${executionId}`, kind: 'fee', instrument, amount: toMoney(booked.commission - fill.commission), currency: commissionCurrency, executionId, time: now } }];
  });
}

/**
 * What the venue would have said of every order that it was asked about, had it been heard. Call it once the missed
 * fills are booked.
 */
export function missedEvents(book: OrderBook, positions: readonly Position[], snapshot: BrokerSnapshot, asked: ReadonlySet<string>, now: UtcMs): BrokerEvent[] {
  const atVenue = new Map(snapshot.orders.map((order) => [order.clientOrderId, order]));
  return book.live.flatMap((orders, i) => {
    const position = positions[i] as Position;
    return orders.flatMap((order) => (asked.has(order.clientOrderId) ? eventsOf(order, atVenue.get(order.clientOrderId), position, now) : []));
  });
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
  if (order.status === 'pending' || order.status === 'unknown') events.push({ kind: 'accepted', clientOrderId, venueOrderId: found.venueOrderId ?? clientOrderId, time: now });
  if (order.status === 'held' && found.status !== 'held') events.push({ kind: 'activated', clientOrderId, quantity: found.quantity, time: now });
  if (differs(order, found, position)) {
    events.push({
      kind: 'modified',
      clientOrderId,
      quantity: toQuantity(found.quantity),
      ...(found.limitPrice === undefined ? {} : { limitPrice: toPrice(found.limitPrice) }),
      ...(found.stopPrice === undefined ? {} : { stopPrice: toPrice(found.stopPrice) }),
      time: now,
    });
  }
  // what was asked for before the venue was read has not reached it, or it would not stand like this
  if (order.cancelRequested) events.push({ kind: 'cancel-rejected', clientOrderId, code: 'RECONCILED', reason: 'the order still stands at the venue', time: now });
  if (order.changeRequested) events.push({ kind: 'modify-rejected', clientOrderId, code: 'RECONCILED', reason: 'the order stands where it stood', time: now });
  return events;
}

function differs(order: ManagedOrder, found: OpenOrder, { grid }: Position): boolean {
  if (found.status !== 'held' && order.status !== 'held' && grid.lots.nearest(found.quantity) !== order.lots) return true;
  return (found.limitPrice !== undefined && found.limitPrice !== order.limitPrice) || (found.stopPrice !== undefined && found.stopPrice !== order.stopPrice);
}

function lotsHeld(snapshot: BrokerSnapshot, { instrument, grid }: Position): number {
  return grid.lots.nearest(snapshot.positions.find((each) => each.instrument === instrument)?.quantity ?? 0);
}

/** Instruments whose position at the venue is not what the books say, with what the venue holds (signed quantity). */
export function disputedPositions(positions: readonly Position[], snapshot: BrokerSnapshot): Record<string, number> {
  return Object.fromEntries(
    positions.flatMap((position) => {
      const lots = lotsHeld(snapshot, position);
      return lots === position.lots ? [] : [[position.instrument, position.grid.lots.value(lots)]];
    }),
  );
}

/** What the venue has and the account cannot explain, in words; empty when all agrees. */
export function unexplained(book: OrderBook, positions: readonly Position[], snapshot: BrokerSnapshot): string[] {
  const lines: string[] = [];
  for (const order of snapshot.orders) {
    const known = book.get(order.clientOrderId);
    if (known?.status === 'filled') lines.push(`order ${order.clientOrderId} stands at the venue and has filled in the books`);
    if (known === undefined) lines.push(`order ${order.clientOrderId} (${order.side} ${order.quantity} ${order.instrument}) at the venue is not the account's`);
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
