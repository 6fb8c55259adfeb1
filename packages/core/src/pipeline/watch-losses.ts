import type { Account } from './account.js';
import { cancelEntriesAgainst } from './cancel-orders.js';
import { haltEntries } from './halt-entries.js';

/**
 * Latches the loss limits at the marks of every moment, not only when an entry asks: a limit that was met
 * stays met when the price comes back. Entries that still work are then taken back; exits are left alone.
 */
export function watchLosses(account: Account): void {
  const { maxDrawdownFraction, maxDailyLossFraction } = account.settings.risk;
  if (maxDrawdownFraction === undefined && maxDailyLossFraction === undefined) return;
  const { equity } = account.ledger;
  const { day } = account;
  let met = false;
  if (maxDrawdownFraction !== undefined && account.halted === undefined && equity <= account.peakEquity * (1 - maxDrawdownFraction)) {
    haltEntries(account, `maxDrawdownFraction ${maxDrawdownFraction} was reached`);
  }
  if (maxDailyLossFraction !== undefined && !day.lossLatched && equity <= day.openingEquity * (1 - maxDailyLossFraction)) {
    day.lossLatched = true;
    account.announcer.announce('warning', `${account.name}: daily loss limit`, `maxDailyLossFraction ${maxDailyLossFraction} was reached: no entries until the next session`, account.now);
    met = true;
  }
  if (met) for (const desk of account.desks) cancelEntriesAgainst(desk, account, 0);
}
