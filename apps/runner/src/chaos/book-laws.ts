import type { LiveEngine } from '@keelson/core/engine';
import type { Fill } from '@keelson/core/domain';
import type { JournalRecord } from '@keelson/core/ports';
import type { RemoteVenue } from '@keelson/plugin-simulated';
import type { Breaches } from './breach.js';

const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a), Math.abs(b));

/** At every instant: equity is what was put in, and what trading made of it. */
export function checkEquity(engine: LiveEngine, initialCash: number, breaches: Breaches): void {
  const { ledger, desks } = engine.account;
  if (desks.some((desk) => ledger.rateOf(desk.index) !== 1)) return; // rates move equity by themselves
  const open = desks.reduce((sum, { position }) => sum + position.unrealizedPnl, 0);
  const explained = initialCash + ledger.realized.value + open - ledger.commissions.value + ledger.transfers.value;
  if (!near(ledger.equity, explained)) breaches.add('equity', `equity is ${ledger.equity}, and start, profit and costs make ${explained}`);
}

/** At the end, with the line calm and books and venue compared: both say the same. */
export function checkAgreement(engine: LiveEngine, venue: RemoteVenue, executions: readonly Fill[], records: Iterable<JournalRecord>, breaches: Breaches): void {
  const { desks, orders, ledger } = engine.account;
  for (const desk of desks) {
    const atVenue = venue.venue.quantityOf(desk.index);
    if (!near(atVenue, desk.position.quantity)) breaches.add('agreement', `the books hold ${desk.position.quantity} ${desk.instrument.id}, the venue ${atVenue}`);
  }
  const working = venue.venue.openOrders.map(({ clientOrderId }) => clientOrderId).sort();
  const known = orders.live.flatMap((each) => each.map(({ clientOrderId }) => clientOrderId)).sort();
  if (working.join() !== known.join()) breaches.add('agreement', `the books have the orders [${known.join(', ')}], the venue [${working.join(', ')}]`);
  if (!near(ledger.equity, venue.venue.equity)) breaches.add('agreement', `equity is ${ledger.equity} in the books and ${venue.venue.equity} at the venue`);
  const heard = new Set<string>();
  for (const { kind, data } of records) {
    if (kind !== 'broker-event') continue;
    const event = data as { readonly kind: string; readonly fill?: Fill; readonly replacement?: Fill };
    const fill = event.fill ?? event.replacement;
    if (fill !== undefined) heard.add(fill.executionId);
  }
  for (const { executionId, clientOrderId } of executions) if (!heard.has(executionId)) breaches.add('lost-fill', `the fill ${executionId} of ${clientOrderId} is not in the journal`);
}
