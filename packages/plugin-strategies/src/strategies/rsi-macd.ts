import { defineStrategy } from '@keelson/core/plugin';
import { z } from 'zod';

const level = z.number().min(0).max(100);

/**
 * `rsi-macd`: enters when the MACD line crosses its signal line and the RSI stands on the same side.
 *
 * The cross says that momentum turns; the RSI says whether the closes of the last bars agree, which leaves
 * out many crosses against the move. The opposite cross always ends a position, whatever the RSI says.
 *
 * Params: `fast`, `slow`, `signal` of the MACD and `rsiPeriod`, in bars; `longAbove` and `shortBelow`, the RSI
 * levels in points beyond which an entry is taken; `side` is `long`, `short` or `both`.
 * Fails in narrow ranges, where crosses come late and in quick turns, and after gaps, where both lag.
 *
 * Sources: G. Appel, *Technical Analysis: Power Tools for Active Investors* (2005), chapter 8 (MACD);
 * J. W. Wilder, *New Concepts in Technical Trading Systems* (1978), section VI (RSI).
 */
export const rsiMacd = defineStrategy({
  params: z
    .strictObject({
      rsiPeriod: z.int().min(1).default(14),
      longAbove: level.default(50),
      shortBelow: level.default(50),
      fast: z.int().min(1).default(12),
      slow: z.int().min(2).default(26),
      signal: z.int().min(1).default(9),
      side: z.enum(['long', 'short', 'both']).default('long'),
    })
    .superRefine(({ fast, slow }, context) => {
      if (fast >= slow) context.addIssue({ code: 'custom', path: ['fast'], message: `fast was ${fast}, expected less than slow (${slow}): lower fast or raise slow` });
    }),
  create({ params, use }) {
    const macd = use('macd', { fast: params.fast, slow: params.slow, signal: params.signal });
    const line = macd.output('signal');
    const rsi = use('rsi', { period: params.rsiPeriod });
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
          if (longs && (rsi.value ?? NaN) > longAbove) signal.long(rise);
          else signal.flat(leaveShort);
        } else if (macd.crossedBelow(line)) {
          if (shorts && (rsi.value ?? NaN) < shortBelow) signal.short(fall);
          else signal.flat(leaveLong);
        }
      },
    };
  },
});
