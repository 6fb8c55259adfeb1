import { defineStrategy } from '@keelson/core/plugin';
import { z } from 'zod';

/**
 * `sma-cross`: follows the trend while a fast average of closes stands above a slow one.
 *
 * Params: `fast` and `slow` in bars, `fast` < `slow`; `side` is `long` (long or flat) or `both` (long or short).
 * Fails in markets without trend, where it buys tops and sells bottoms by turns, and pays costs for it.
 *
 * Source: W. Brock, J. Lakonishok and B. LeBaron, "Simple technical trading rules and the stochastic
 * properties of stock returns", Journal of Finance 47 (1992).
 */
export const smaCross = defineStrategy({
  params: z
    .strictObject({
      fast: z.int().min(1).default(10),
      slow: z.int().min(2).default(30),
      side: z.enum(['long', 'both']).default('long'),
    })
    .superRefine(({ fast, slow }, context) => {
      if (fast >= slow) context.addIssue({ code: 'custom', path: ['fast'], message: `fast was ${fast}, expected less than slow (${slow}): lower fast or raise slow` });
    }),
  create({ params, use }) {
    const fast = use('sma', { period: params.fast });
    const slow = use('sma', { period: params.slow });
    const rise = { confidence: 0.7, reason: 'fast above slow' };
    const fall = { confidence: 0.7, reason: 'fast below slow' };
    const leave = { reason: 'fast below slow' };
    const shorts = params.side === 'both';
    return {
      onBar({ signal }) {
        if (fast.crossedAbove(slow)) signal.long(rise);
        else if (fast.crossedBelow(slow)) {
          if (shorts) signal.short(fall);
          else signal.flat(leave);
        }
      },
    };
  },
});
