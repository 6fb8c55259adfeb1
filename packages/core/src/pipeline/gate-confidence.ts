import type { Account } from './account.js';
import type { Desk } from './desk.js';

/**
 * Signal → signal or hold. Entries need the minimum confidence, a tradable market and enough agreement; `flat`
 * passes always. Where only market or agreement is lacking, a signal against the open position still closes it.
 */
export function gateConfidence(desk: Desk, account: Account): void {
  if (desk.action === 'flat') return;
  if (!(desk.confidence >= account.settings.decision.minConfidence)) {
    desk.action = 'hold';
    return;
  }
  if (!desk.regime.tradable) {
    account.notes.add(`no entry on ${desk.instrument.id}: ${desk.regime.reason}`);
    leaveOrHold(desk);
  } else if (!desk.agreed) {
    account.notes.add(`no entry on ${desk.instrument.id}: fewer agreed than decision.ensemble.minAgreement asks for`);
    leaveOrHold(desk);
  }
}

/** What is left of a signal that must not enter: limits on entries never keep a position open. */
function leaveOrHold(desk: Desk): void {
  const against = desk.action === 'long' ? desk.position.lots < 0 : desk.position.lots > 0;
  desk.action = against ? 'flat' : 'hold';
}
