import { durationSchema } from '@keelson/core/config';
import { isoTime, parseDuration, toUtcMs } from '@keelson/core/domain';
import { defineRiskOverlay } from '@keelson/core/plugin';
import { z } from 'zod';
import { entryOverlay, PASS, percent, veto } from './entry-overlay.js';
import { pausedUntil, roundTrips, type RoundTrip } from './round-trips.js';

const params = z.strictObject({
  lookback: durationSchema.default('7d').describe('Span before an exit whose round trips are summed.'),
  minTrades: z.int().min(1).max(60).default(4).describe('Round trips within it that are needed to judge an instrument.'),
  minProfitFraction: z.number().min(-1).max(1).default(0).describe("Least sum of their results after commission, as a fraction of the account's balance. An instrument below it is paused."),
  pause: durationSchema.default('1d').describe('How long it is paused after an exit at which the sum is below.'),
});

/**
 * `low-profit-instrument`: pauses an instrument whose recent trades lose, and leaves the others alone.
 *
 * It is worked out from the instrument's closed trades (the last 64), so a restart changes nothing. After the pause
 * the instrument is traded again, and judged anew with its next exit.
 *
 * Source: the protection LowProfitPairs of freqtrade.
 */
export const lowProfitInstrument = defineRiskOverlay({
  params,
  create({ params: { lookback, minTrades, minProfitFraction, pause }, instrument }) {
    const lookbackMs = parseDuration(lookback) as number;
    const pauseMs = parseDuration(pause) as number;
    return entryOverlay(({ time, ownTrades, balance }) => {
      const trips = roundTrips(ownTrades);
      const least = minProfitFraction * balance;
      const until = pausedUntil(trips, pauseMs, (last) => isLow(trips, last, lookbackMs, minTrades, least));
      // negated, so that NaN is vetoed, too
      if (until === Number.NEGATIVE_INFINITY || time >= until) return PASS;
      return veto(`${instrument.id} brought less than ${percent(minProfitFraction)} within ${lookback}, expected no entry before ${isoTime(toUtcMs(until))}`);
    });
  },
});

function isLow(trips: readonly RoundTrip[], last: number, lookbackMs: number, minTrades: number, least: number): boolean {
  const from = (trips[last] as RoundTrip).exitTime - lookbackMs;
  let sum = 0;
  let count = 0;
  for (let i = last; i >= 0 && (trips[i] as RoundTrip).exitTime > from; i--) {
    sum += (trips[i] as RoundTrip).net;
    count++;
  }
  return count >= minTrades && !(sum >= least);
}
