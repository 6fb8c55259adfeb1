import { defineRiskOverlay } from '@keelson/core/plugin';
import type { OverlayVerdict } from '@keelson/core/ports';
import { z } from 'zod';

const PASS: OverlayVerdict = Object.freeze({ kind: 'pass' });
/** Prices are decimals: a ratio that is exactly the minimum on paper must not fail by rounding. */
const ROUNDING = 1e-9;

/**
 * `min-reward-risk`: vetoes an entry whose way to the target is short against its way to the stop.
 *
 * Reward is the distance from the entry (the entry price if the target has one, else the decision price) to
 * the take-profit, risk the distance to the stop; the trade passes with reward ≥ `ratio` × risk (default 1.5).
 * A stop or a take-profit on the wrong side of the entry is vetoed. An entry without a stop or without a
 * take-profit has no such ratio: it passes, unless `requireBoth` is true. What does not grow a position passes
 * always, because an exit has no reward to wait for.
 */
export const minRewardRisk = defineRiskOverlay({
  params: z.strictObject({ ratio: z.number().positive().default(1.5), requireBoth: z.boolean().default(false) }),
  create({ params: { ratio, requireBoth } }) {
    return {
      review({ target, position }) {
        const sameSide = Math.sign(target.quantity) === Math.sign(position.quantity);
        if (target.quantity === 0 || (sameSide && Math.abs(target.quantity) <= Math.abs(position.quantity))) return PASS;
        if (target.stop === undefined || target.target === undefined) {
          return requireBoth ? veto(`${target.stop === undefined ? 'stop' : 'target'} was absent, expected a stop and a target`) : PASS;
        }
        const side = Math.sign(target.quantity);
        const entry = target.entry ?? target.decisionPrice;
        const reward = (target.target - entry) * side;
        const risk = (entry - target.stop) * side;
        const [behind, ahead] = side > 0 ? ['below', 'above'] : ['above', 'below'];
        // negated, so that NaN is vetoed, too
        if (!(risk > 0)) return veto(`stop was ${target.stop}, expected ${behind} the entry (${entry})`);
        if (!(reward > 0)) return veto(`target was ${target.target}, expected ${ahead} the entry (${entry})`);
        if (reward >= ratio * risk * (1 - ROUNDING)) return PASS;
        return veto(`reward to risk was ${(reward / risk).toFixed(2)}, expected at least ${ratio}`);
      },
    };
  },
});

function veto(reason: string): OverlayVerdict {
  return { kind: 'veto', reason };
}
