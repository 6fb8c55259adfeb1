import { defineRiskOverlay } from '@keelson/core/plugin';
import { z } from 'zod';

/**
 * `__ID__`: keeps the notional of a position within a share of the account's equity. A target above it is reduced to
 * whole lots, or vetoed where not even one lot fits. What makes a position smaller always passes.
 */
export const riskOverlay = defineRiskOverlay({
  params: z.strictObject({ maxEquityFraction: z.number().positive().max(100).default(1).describe('Largest notional as a share of the equity; 1 is 100%.') }),
  create({ params, instrument }) {
    return {
      review({ target, bars, position, equity, pointValue }) {
        const wanted = Math.abs(target.quantity);
        const sameSide = target.quantity * position.quantity >= 0;
        if (sameSide && wanted <= Math.abs(position.quantity)) return { kind: 'pass' };
        const perUnit = bars.close[bars.index] * pointValue;
        const allowed = (params.maxEquityFraction * equity) / perUnit;
        // negated, so that NaN is vetoed, too
        if (!(allowed >= instrument.lotSize)) return { kind: 'veto', reason: `one lot is a notional of ${(perUnit * instrument.lotSize).toFixed(2)}, allowed are ${(params.maxEquityFraction * equity).toFixed(2)}` };
        if (wanted <= allowed) return { kind: 'pass' };
        const quantity = Math.floor(allowed / instrument.lotSize + 1e-9) * instrument.lotSize;
        return { kind: 'reduce', quantity, reason: `quantity was ${wanted}, allowed are ${quantity} at ${params.maxEquityFraction} of the equity` };
      },
    };
  },
});
