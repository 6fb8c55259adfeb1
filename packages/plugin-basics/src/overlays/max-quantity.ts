import { defineRiskOverlay } from '@keelson/core/plugin';
import { z } from 'zod';
import { PASS, veto } from './entry-overlay.js';

/** `max-quantity`: cuts a target down to a number of contracts, shares or coins, long or short. */
export const maxQuantity = defineRiskOverlay({
  params: z.strictObject({ quantity: z.number().positive().describe('Most contracts, shares or coins, long or short.') }),
  create({ params: { quantity } }) {
    return {
      review({ target }) {
        const wanted = Math.abs(target.quantity);
        if (wanted <= quantity) return PASS;
        if (!Number.isFinite(wanted)) return veto(`quantity was ${wanted}, expected a number`);
        return { kind: 'reduce', quantity, reason: `quantity was ${wanted}, expected at most ${quantity}` };
      },
    };
  },
});
