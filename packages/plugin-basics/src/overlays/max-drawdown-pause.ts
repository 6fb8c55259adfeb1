import { durationSchema } from '@keelson/core/config';
import { isoTime, parseDuration, toUtcMs } from '@keelson/core/domain';
import { defineRiskOverlay } from '@keelson/core/plugin';
import { z } from 'zod';
import { entryOverlay, PASS, percent, veto } from './entry-overlay.js';
import { pausedUntil, roundTrips, type RoundTrip } from './round-trips.js';

const params = z.strictObject({
  maxDrawdown: z.number().gt(0).lt(1).default(0.05).describe('Largest fall of the balance from its highest point within the span, as a fraction of that point.'),
  lookback: durationSchema.default('1d').describe('Span before an exit that is looked at.'),
  minTrades: z.int().min(1).max(200).default(1).describe('Round trips that must have closed within it.'),
  pause: durationSchema.default('12h').describe('How long nothing is entered after the exit that reached the limit.'),
});

/**
 * `max-drawdown-pause`: enters nothing for a while after the closed trades of a span lost too much.
 *
 * The balance is followed from exit to exit within `lookback`, backwards from what it is now through the last 256
 * trades; open profit does not count. The pause begins with the exit at which the fall from the highest point was
 * larger than `maxDrawdown`. It ends by itself: the limit that halts an account until somebody resumes it is
 * `risk.maxDrawdownFraction`.
 *
 * Source: the protection MaxDrawdown of freqtrade.
 */
export const maxDrawdownPause = defineRiskOverlay({
  params,
  create({ params: { maxDrawdown, lookback, minTrades, pause } }) {
    const lookbackMs = parseDuration(lookback) as number;
    const pauseMs = parseDuration(pause) as number;
    return entryOverlay(({ time, recentTrades, balance }) => {
      if (!Number.isFinite(balance)) return veto(`balance was ${balance}, expected a number`);
      const trips = roundTrips(recentTrades);
      const balances = balancesAfter(trips, balance);
      const until = pausedUntil(trips, pauseMs, (last) => fell(trips, balances, last, lookbackMs, minTrades, maxDrawdown));
      // negated, so that NaN is vetoed, too
      if (until === Number.NEGATIVE_INFINITY || time >= until) return PASS;
      return veto(`closed trades lost more than ${percent(maxDrawdown)} within ${lookback}, expected no entry before ${isoTime(toUtcMs(until))}`);
    });
  },
});

/** Balance after each round trip; the one before the first stands at the end. */
function balancesAfter(trips: readonly RoundTrip[], balance: number): Float64Array {
  const balances = new Float64Array(trips.length + 1);
  let sum = balance;
  for (let i = trips.length - 1; i >= 0; i--) {
    balances[i] = sum;
    sum -= (trips[i] as RoundTrip).net;
  }
  balances[trips.length] = sum;
  return balances;
}

function fell(trips: readonly RoundTrip[], balances: Float64Array, last: number, lookbackMs: number, minTrades: number, maxDrawdown: number): boolean {
  const from = (trips[last] as RoundTrip).exitTime - lookbackMs;
  const end = balances[last] as number;
  let peak = end;
  let i = last;
  for (; i >= 0 && (trips[i] as RoundTrip).exitTime > from; i--) peak = Math.max(peak, balances[i > 0 ? i - 1 : trips.length] as number);
  return last - i >= minTrades && !(peak - end <= maxDrawdown * peak);
}
