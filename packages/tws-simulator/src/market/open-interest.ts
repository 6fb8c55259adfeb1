import type { Instrument } from '../reference/instrument.js';

const DAY_MS = 86_400_000;
/** Half of those in a future have gone over to the next one so many days before it ends … */
const ROLL_DAYS = 11;
/** … most of them within so many days around that. */
const ROLL_SPREAD_DAYS = 1.2;
/** Later expiries have fewer: by this many days each about a third of what is before. */
const FADE_DAYS = 45;
/** Contracts open in the expiry that is traded, for each that trades in a busy minute. */
const PER_MINUTE = 150;

/**
 * Contracts open in a future, as the exchange counted them at the end of the day before: they build up as the future comes
 * nearer, and go over to the next one in the days before it ends.
 */
export function openInterest({ expiresMs, volumePerMinute, securityType }: Instrument, nowMs: number): number {
  if (securityType !== 'FUT') return 0;
  const days = (expiresMs - Math.floor(nowMs / DAY_MS) * DAY_MS) / DAY_MS;
  if (days <= 0) return 0;
  const notYetGone = 1 / (1 + Math.exp((ROLL_DAYS - days) / ROLL_SPREAD_DAYS));
  return Math.round(volumePerMinute * PER_MINUTE * notYetGone * Math.exp(-Math.max(0, days - ROLL_DAYS) / FADE_DAYS));
}
