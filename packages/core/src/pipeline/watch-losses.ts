import { toUtcMs } from '../domain/units.js';
import type { Account } from './account.js';
import { haltEntries, pauseEntries } from './halt-entries.js';

const MINUTE_MS = 60_000;

/**
 * Latches the breakers at the marks of every moment, not only when an entry asks: a limit that was met stays met
 * when the price comes back. Entries that still work are then taken back; exits are left alone.
 */
export function watchLosses(account: Account): void {
  const { latches } = account;
  if (latches.list.length > 0) latches.expire(account.now);
  if (!account.limitsLosses) return;
  const { maxDrawdownFraction, lossStreak, onBreach } = account.settings.risk;
  if (maxDrawdownFraction !== undefined && !latches.has('drawdown') && account.ledger.equity <= account.peakEquity * (1 - maxDrawdownFraction)) {
    haltEntries(account, `maxDrawdownFraction ${maxDrawdownFraction} was reached`, 'drawdown', onBreach.drawdown === 'flatten');
  }
  const met = latches.has('daily-loss') ? undefined : dailyLossMet(account);
  if (met !== undefined) {
    pauseEntries(account, { by: 'daily-loss', reason: `${met} was reached: no entries until the next session`, ends: 'day', flatten: onBreach.dailyLoss === 'flatten' }, 'daily loss limit');
  }
  if (lossStreak !== undefined && account.streak.losses >= lossStreak.losses) {
    const { losses, pauseMinutes } = lossStreak;
    account.streak.losses = 0; // a pause is paid for once
    const ends = toUtcMs(account.now + pauseMinutes * MINUTE_MS);
    pauseEntries(account, { by: 'loss-streak', reason: `lossStreak ${losses} was reached: no entries for ${pauseMinutes} minutes`, ends, flatten: onBreach.lossStreak === 'flatten' }, 'loss streak');
  }
}

/** The daily limit that the account's loss since the day began has reached, realised and open. */
function dailyLossMet({ settings: { risk }, ledger, day }: Account): string | undefined {
  const { maxDailyLoss, maxDailyLossFraction } = risk;
  if (maxDailyLossFraction !== undefined && ledger.equity <= day.openingEquity * (1 - maxDailyLossFraction)) return `maxDailyLossFraction ${maxDailyLossFraction}`;
  if (maxDailyLoss !== undefined && day.openingEquity - ledger.equity >= maxDailyLoss) return `maxDailyLoss ${maxDailyLoss}`;
  return undefined;
}
