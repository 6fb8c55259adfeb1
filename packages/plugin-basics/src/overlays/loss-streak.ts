import { durationSchema } from '@keelson/core/config';
import { isoTime, parseDuration, toUtcMs } from '@keelson/core/domain';
import { defineRiskOverlay } from '@keelson/core/plugin';
import { z } from 'zod';
import { entryOverlay, PASS, veto } from './entry-overlay.js';
import { pausedUntil, roundTrips, type RoundTrip } from './round-trips.js';

const params = z.strictObject({
  losses: z.int().min(1).max(50).default(3).describe('Losing round trips in a row that begin a pause.'),
  within: durationSchema.default('1d').describe('Span that all of them must have closed in.'),
  pause: durationSchema.default('1h').describe('How long nothing is entered after the last of them.'),
  of: z.enum(['account', 'instrument']).default('account').describe('Whose round trips are counted.'),
});

/**
 * `loss-streak`: enters nothing for a while after several losses in a row.
 *
 * A round trip loses when it brought nothing after commission. Each further loss of a streak begins the pause anew;
 * a gain ends the streak, not a pause that has begun. It is worked out from the closed trades alone, so a restart
 * changes nothing.
 *
 * Source: the protection StoplossGuard of freqtrade, for all losses.
 */
export const lossStreak = defineRiskOverlay({
  params,
  create({ params: { losses, within, pause, of } }) {
    const withinMs = parseDuration(within) as number;
    const pauseMs = parseDuration(pause) as number;
    return entryOverlay(({ time, recentTrades, ownTrades }) => {
      const trips = roundTrips(of === 'account' ? recentTrades : ownTrades);
      const until = pausedUntil(trips, pauseMs, (last) => isStreak(trips, last, losses, withinMs));
      // negated, so that NaN is vetoed, too
      if (until === Number.NEGATIVE_INFINITY || time >= until) return PASS;
      return veto(`${losses} round trips in a row lost within ${within}, expected no entry before ${isoTime(toUtcMs(until))}`);
    });
  },
});

function isStreak(trips: readonly RoundTrip[], last: number, losses: number, withinMs: number): boolean {
  if (last + 1 < losses) return false;
  for (let i = last - losses + 1; i <= last; i++) if ((trips[i] as RoundTrip).net > 0) return false;
  return (trips[last] as RoundTrip).exitTime - (trips[last - losses + 1] as RoundTrip).exitTime <= withinMs;
}
