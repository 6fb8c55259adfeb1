import { defineStrategy } from '@keelson/core/plugin';
import { z } from 'zod';
import { bars, lessThan } from './params.js';

/**
 * `sma-cross`: follows the trend while a fast average of closes stands above a slow one.
 *
 * Idea: Prices trend. While a fast average of closes stands above a slow one, the last prices are higher than those before
 * them, and the trend is followed until the averages cross again.
 *
 * Signals: a cross up is long with confidence 0.7; a cross down is flat, or short with confidence 0.7. Nothing between crosses, so
 * a position that a stop has closed is not opened again before the next cross. It names no stop: `exits:` can.
 *
 * Fails: in markets without a trend the averages cross again and again: each cross comes after the move, buys near the top and
 * sells near the bottom, and pays costs. The shorter the averages, the more often. After a sharp turn the slow average
 * gives back much of what was won.
 *
 * Source: W. Brock, J. Lakonishok and B. LeBaron, "Simple technical trading rules and the stochastic properties of
 * stock returns", *Journal of Finance* 47 (1992).
 */
export const smaCross = defineStrategy({
  params: z
    .strictObject({
      fast: bars(10, 'Bars of the fast average; less than `slow`.'),
      slow: bars(30, 'Bars of the slow average.', 2),
      side: z.enum(['long', 'both']).default('long').describe('`long`: long or flat. `both`: a cross down turns to short.'),
    })
    .superRefine(lessThan('fast', 'slow')),
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
