import { defineStrategy } from '@keelson/core/plugin';
import { z } from 'zod';
import { bars, lessThan, side } from './params.js';
import { Sentiment, sentimentParams } from './sentiment.js';

const level = z.number().min(0).max(100);

/**
 * `rsi-macd`: enters when the MACD line crosses its signal line and the RSI stands on the same side.
 *
 * Idea: The MACD line crossing its signal line says that momentum turns; the RSI says whether the closes of the last bars
 * agree. Only crosses that the RSI agrees with are entered, which leaves out many that go against the move.
 *
 * Signals: a cross up with the RSI above `longAbove` is long with confidence 0.65; any other cross up is flat, which ends a short.
 * A cross down is the mirror image. The opposite cross always ends a position, whatever the RSI says. It names no stop:
 * `exits:` can.
 *
 * With `sentiment` a number from elsewhere takes part: a series of the account's `context:`, such as an index of fear and greed, or any
 * feature. Its score, (value − `neutral`) / `scale` within −1 and 1, times `weight` is added to the confidence of a long and taken
 * from that of a short; against a score of `veto` or more a cross only ends a position. While it is absent, because its
 * source is down or its last value has expired, the strategy is what it is without it.
 *
 * Fails: in narrow ranges crosses come late and in quick turns, and an RSI near 50 filters little. After a gap both lag: the entry
 * comes when the move is over. In a long, steady trend momentum fades without a fall, and the strategy sits out.
 *
 * Sources: G. Appel, *Technical Analysis: Power Tools for Active Investors* (2005), chapter 8 (MACD);
 * J. W. Wilder, *New Concepts in Technical Trading Systems* (1978), section VI (RSI).
 */
export const rsiMacd = defineStrategy({
  params: z
    .strictObject({
      rsiPeriod: bars(14, 'Bars of the RSI.'),
      longAbove: level.default(50).describe('Long only with an RSI above this, in points.'),
      shortBelow: level.default(50).describe('Short only with an RSI below this, in points.'),
      fast: bars(12, 'Bars of the fast average of the MACD; less than `slow`.'),
      slow: bars(26, 'Bars of the slow average of the MACD.', 2),
      signal: bars(9, 'Bars of the signal line.'),
      side: side('long'),
      sentiment: sentimentParams,
    })
    .superRefine(lessThan('fast', 'slow')),
  create({ params, use, context }) {
    const macd = use('macd', { fast: params.fast, slow: params.slow, signal: params.signal });
    const line = macd.output('signal');
    const rsi = use('rsi', { period: params.rsiPeriod });
    const sentiment = new Sentiment(params.sentiment, { use, context });
    const longs = params.side !== 'short';
    const shorts = params.side !== 'long';
    const { longAbove, shortBelow } = params;
    const rise = { confidence: 0.65, reason: `macd rose above its signal with rsi above ${longAbove}` };
    const fall = { confidence: 0.65, reason: `macd fell below its signal with rsi below ${shortBelow}` };
    const leaveShort = { reason: 'macd rose above its signal' };
    const leaveLong = { reason: 'macd fell below its signal' };
    return {
      onBar({ signal }) {
        if (macd.crossedAbove(line)) {
          if (longs && (rsi.value ?? NaN) > longAbove && !sentiment.forbids(1)) signal.long(sentiment.tint(1, rise));
          else signal.flat(leaveShort);
        } else if (macd.crossedBelow(line)) {
          if (shorts && (rsi.value ?? NaN) < shortBelow && !sentiment.forbids(-1)) signal.short(sentiment.tint(-1, fall));
          else signal.flat(leaveLong);
        }
      },
    };
  },
});
