import { defineStrategy } from '@keelson/core/plugin';
import { z } from 'zod';

/**
 * `__ID__`: long when a bar closes above the highest high of the bars before it, flat when one closes below their
 * lowest low. The stop stands at that low.
 */
export const strategy = defineStrategy({
  params: z.strictObject({
    lookbackBars: z.int().min(2).max(200).default(40).describe('Bars whose range has to be left.'),
    confidence: z.number().min(0).max(1).default(0.7).describe('Confidence of an entry.'),
  }),
  create({ params }) {
    return {
      onBar({ bars, position, signal }) {
        if (bars.count <= params.lookbackBars) return; // a range needs its bars, and the bar that leaves it
        let high = Number.NEGATIVE_INFINITY;
        let low = Number.POSITIVE_INFINITY;
        for (let ago = 1; ago <= params.lookbackBars; ago++) {
          const row = (bars.index - ago) & bars.mask;
          if (bars.high[row] > high) high = bars.high[row];
          if (bars.low[row] < low) low = bars.low[row];
        }
        const close = bars.close[bars.index];
        if (close > high && position.quantity <= 0) signal.long({ confidence: params.confidence, reason: 'close above the range', stop: low });
        else if (close < low && position.quantity > 0) signal.flat({ reason: 'close below the range' });
      },
    };
  },
});
