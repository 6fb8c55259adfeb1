import { defineRiskOverlay } from '@keelson/core/plugin';
import type { OverlayVerdict } from '@keelson/core/ports';
import { z } from 'zod';

const PASS: OverlayVerdict = Object.freeze({ kind: 'pass' });

/** `max-quantity`: cuts a target down to `quantity` contracts, shares or coins, long or short. */
export const maxQuantity = defineRiskOverlay({
  params: z.strictObject({ quantity: z.number().positive() }),
  create({ params: { quantity } }) {
    return {
      review({ target }) {
        const wanted = Math.abs(target.quantity);
        if (wanted <= quantity) return PASS;
        return { kind: 'reduce', quantity, reason: `quantity was ${wanted}, expected at most ${quantity}` };
      },
    };
  },
});
