import type { Account } from './account.js';
import type { Desk } from './desk.js';

/**
 * Signal → signal or hold. Entries need the minimum confidence and a tradable market; `flat` passes always.
 * In a market that is not tradable a signal against the open position still closes it.
 */
export function gateConfidence(desk: Desk, account: Account): void {
  if (desk.action === 'flat') return;
  if (!(desk.confidence >= account.settings.decision.minConfidence)) {
    desk.action = 'hold';
    return;
  }
  if (!desk.regime.tradable) {
    const against = desk.action === 'long' ? desk.position.lots < 0 : desk.position.lots > 0;
    desk.action = against ? 'flat' : 'hold';
    account.notes.add(`no entry on ${desk.instrument.id}: ${desk.regime.reason}`);
  }
}
