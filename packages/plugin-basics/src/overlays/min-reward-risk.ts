import { defineRiskOverlay } from '@keelson/core/plugin';
import { z } from 'zod';
import { entryOverlay, entryPrice, PASS, veto } from './entry-overlay.js';

/** Prices are decimals: a ratio that is exactly the minimum on paper must not fail by rounding. */
const ROUNDING = 1e-9;

const params = z.strictObject({
  ratio: z.number().positive().default(1.5).describe('Least reward for a risk of 1.'),
  requireBoth: z.boolean().default(false).describe('Also vetoes an entry that lacks a stop or a take-profit.'),
});

/**
 * `min-reward-risk`: vetoes an entry whose way to the target is short against its way to the stop.
 *
 * Reward is the distance from the entry (the entry price if the target has one, else the decision price) to
 * the take-profit, risk the distance to the stop; the trade passes with reward ≥ `ratio` × risk. A stop or a
 * take-profit on the wrong side of the entry is vetoed. An entry without a stop or without a take-profit has no
 * such ratio: it passes, unless `requireBoth` is true.
 */
export const minRewardRisk = defineRiskOverlay({
  params,
  create({ params: { ratio, requireBoth } }) {
    return entryOverlay(({ target }, side) => {
      const entry = entryPrice(target);
      if (target.stop === undefined || target.target === undefined) {
        if (!Number.isFinite(entry)) return veto(`entry was ${entry}, expected a price`);
        return requireBoth ? veto(`${target.stop === undefined ? 'stop' : 'target'} was absent, expected a stop and a target`) : PASS;
      }
      const reward = (target.target - entry) * side;
      const risk = (entry - target.stop) * side;
      const [behind, ahead] = side > 0 ? ['below', 'above'] : ['above', 'below'];
      // negated, so that NaN is vetoed, too
      if (!(risk > 0)) return veto(`stop was ${target.stop}, expected ${behind} the entry (${entry})`);
      if (!(reward > 0)) return veto(`target was ${target.target}, expected ${ahead} the entry (${entry})`);
      if (reward >= ratio * risk * (1 - ROUNDING)) return PASS;
      return veto(`reward to risk was ${(reward / risk).toFixed(2)}, expected at least ${ratio}`);
    });
  },
});
