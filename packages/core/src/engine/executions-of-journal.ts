import type { BrokerEvent, Fill } from '../domain/events.js';
import { withLateCost } from '../domain/late-cost.js';
import type { OrderIntent, OrderRole } from '../domain/order.js';
import type { JournalRecord } from '../ports/journal.js';

/** An execution as it stands after all corrections, with all that it cost, and what it was for. */
export type RecordedExecution = {
  readonly fill: Fill;
  /** Of its order; undefined for one of another source. */
  readonly role: OrderRole | undefined;
  /** Why its order, or the entry that it is an exit of, was sent; undefined for one of another source. */
  readonly reason: string | undefined;
};

/**
 * Every execution that a journal holds, oldest first: the trade history of an account over all its runs, also where the
 * venue tells only of the present day. One that was told several times counts once, one that was taken back not at all.
 */
export function executionsOfJournal(records: Iterable<JournalRecord>): readonly RecordedExecution[] {
  const orders = new Map<string, { readonly role: OrderRole; readonly reason: string }>();
  const fills = new Map<string, Fill | undefined>();
  const costs = new Set<string>();
  for (const { kind, data } of records) {
    if (kind === 'intent') {
      const { clientOrderId, role, reason, bracket } = data as OrderIntent;
      orders.set(clientOrderId, { role, reason });
      for (const leg of bracket ?? []) orders.set(leg.clientOrderId, { role: leg.role, reason });
    } else if (kind === 'broker-event') take(data as BrokerEvent, fills, costs);
  }
  return [...fills.values()]
    .flatMap((fill) => (fill === undefined ? [] : [{ fill, role: orders.get(fill.clientOrderId)?.role, reason: orders.get(fill.clientOrderId)?.reason }]))
    .sort((a, b) => a.fill.time - b.fill.time);
}

function take(event: BrokerEvent, fills: Map<string, Fill | undefined>, costs: Set<string>): void {
  if (event.kind === 'fill') {
    if (!fills.has(event.fill.executionId)) fills.set(event.fill.executionId, event.fill);
  } else if (event.kind === 'fill-corrected') {
    fills.set(event.executionId, undefined);
    if (event.replacement !== undefined) take({ kind: 'fill', fill: event.replacement }, fills, costs);
  } else if (event.kind === 'cash' && event.movement.executionId !== undefined && !costs.has(event.movement.id)) {
    costs.add(event.movement.id);
    const paidFor = fills.get(event.movement.executionId);
    if (paidFor !== undefined) fills.set(paidFor.executionId, withLateCost(paidFor, event.movement));
  }
}
