import type { Fill } from '../domain/events.js';
import { missedCorrections, missedEvents, missedFills, unexplained } from '../execution/reconcile.js';
import type { UtcMs } from '../domain/units.js';
import type { Account } from '../pipeline/account.js';
import type { BrokerSnapshot } from '../ports/broker-snapshot.js';
import type { Finding } from '../ports/diagnosis.js';
import { foldEvent } from './fold-events.js';

/** Why entries are off, as the journal has it. */
export function standingLatches({ latches, name }: Account): Finding[] {
  return latches.list.map(({ by, reason, ends }) => ({
    level: 'warning',
    check: 'halted',
    found: `no entries (${by}): ${reason}`,
    hint: ends === undefined ? `look at positions and orders of ${name}, then run "keelson resume"` : 'it ends by itself',
  }));
}

/**
 * Holds the books against the venue as the next start will, in memory alone: what was missed is booked, and what is
 * left of a difference would halt entries.
 */
export function compareBooks(account: Account, snapshot: BrokerSnapshot, executions: readonly Fill[], since: UtcMs): Finding[] {
  const { orders, ledger, desks } = account;
  const findings: Finding[] = [];
  const traded = executions.filter(({ instrument }) => ledger.indexOf(instrument) >= 0);
  const missed = missedFills(orders, traded);
  for (const event of missed) foldEvent(event, account);
  if (missed.length > 0) findings.push({ level: 'warning', check: 'executions', found: `${missed.length} at the venue are not in the journal`, hint: 'nothing: the next start books them' });
  const takenBack = missedCorrections(orders, ledger.positions, traded, snapshot, since, account.now);
  for (const event of takenBack) foldEvent(event, account);
  if (takenBack.length > 0) findings.push({ level: 'warning', check: 'executions', found: `${takenBack.length} in the journal were taken back by the venue`, hint: 'nothing: the next start takes them out of the books' });
  const asked = new Set(orders.live.flatMap((live) => live.map(({ clientOrderId }) => clientOrderId)));
  for (const event of missedEvents(orders, ledger.positions, snapshot, asked, account.now)) foldEvent(event, account);

  const own = snapshot.orders.filter(({ clientOrderId, instrument }) => account.names.own(clientOrderId, instrument) && orders.get(clientOrderId) === undefined && ledger.indexOf(instrument) >= 0);
  for (const { clientOrderId } of own) findings.push({ level: 'warning', check: 'orders', found: `${clientOrderId} stands at the venue and not in the journal`, hint: 'nothing: the next start takes it over' });
  const rest = { ...snapshot, orders: snapshot.orders.filter((order) => !own.includes(order)) };
  for (const line of unexplained(orders, ledger.positions, rest)) findings.push({ level: 'fault', check: 'books and venue', found: line, hint: 'settle it at the venue: until then the next start halts entries' });
  for (const { position, plan, index, instrument } of desks) {
    const { lots } = position;
    if (lots === 0 || plan?.stop === undefined || orders.stopLots(index, -Math.sign(lots)) >= Math.abs(lots)) continue;
    findings.push({ level: 'warning', check: 'protection', found: `the position of ${position.quantity} ${instrument.id} has no stop for all of it at the venue`, hint: 'start the account: it protects positions first of all' });
  }
  if (!findings.some(({ level }) => level === 'fault')) findings.push({ level: 'ok', check: 'books and venue', found: 'nothing that the next start cannot explain' });
  return findings;
}
