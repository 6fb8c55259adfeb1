import { durationSchema } from '@keelson/core/config';
import type { Target } from '@keelson/core/domain';
import { parseDuration } from '@keelson/core/domain';
import { defineRiskOverlay } from '@keelson/core/plugin';
import { z } from 'zod';
import { entryOverlay, entryPrice, PASS, veto } from './entry-overlay.js';
import { roundTrips } from './round-trips.js';

const params = z.strictObject({
  minimum: z.number().min(-1).max(10).default(0).describe('Least expected result, in units of the risk.'),
  trades: z.int().min(5).max(250).default(50).describe('Newest round trips that count.'),
  minTrades: z.int().min(1).max(250).default(20).describe('With fewer, every entry passes.'),
  maxAge: durationSchema.default('30d').describe('Older round trips do not count. An instrument that is held back is tried again once too few are left.'),
  priorTrades: z.number().min(0).max(1000).default(20).describe('Weight of the prior: so many round trips at priorWinRate are added to those that were.'),
  priorWinRate: z.number().min(0).max(1).default(0.5).describe('Win rate that a small sample is drawn towards.'),
  of: z.enum(['account', 'instrument']).default('instrument').describe('Whose round trips are counted: of the account the last 256 trades are known, of an instrument the last 64.'),
});

/**
 * `expected-value`: vetoes an entry that recent outcomes expect to lose.
 *
 * The expected result of a risk of 1 is p × b − (1 − p). The win rate p is (wins + `priorTrades` × `priorWinRate`) /
 * (round trips + `priorTrades`): few outcomes say little, and count little. The payoff b is reward over risk of the
 * entry at hand where it has a stop and a take-profit, else the mean gain over the mean loss of the sample. A round
 * trip wins when it brought more than its commission.
 *
 * Source: expectancy in units of risk, Van K. Tharp, Trade Your Way to Financial Freedom, 1998; shrinkage with a
 * beta prior, Gelman and others, Bayesian Data Analysis, 3rd edition, 2013, section 2.4.
 */
export const expectedValue = defineRiskOverlay({
  params,
  create({ params: { minimum, trades, minTrades, maxAge, priorTrades, priorWinRate, of } }) {
    const maxAgeMs = parseDuration(maxAge) as number;
    return entryOverlay(({ target, time, recentTrades, ownTrades }, side) => {
      if (!Number.isFinite(time)) return veto(`time was ${time}, expected a number`);
      const recent = roundTrips(of === 'account' ? recentTrades : ownTrades).filter(({ exitTime }) => !(exitTime < time - maxAgeMs)).slice(-trades);
      if (recent.length < minTrades) return PASS;
      const gains = recent.filter(({ net }) => net > 0).map(({ net }) => net);
      const losses = recent.filter(({ net }) => !(net > 0)).map(({ net }) => -net);
      const p = (gains.length + priorTrades * priorWinRate) / (recent.length + priorTrades);
      const own = payoffOf(target, side);
      if (own === undefined && losses.every((loss) => loss === 0)) return PASS; // nothing was ever lost
      const b = own ?? mean(gains) / mean(losses);
      const expected = p * b - (1 - p);
      // negated, so that NaN is vetoed, too
      if (expected >= minimum) return PASS;
      return veto(`expected value was ${expected.toFixed(2)} of the risk (win rate ${p.toFixed(2)} of ${recent.length} round trips, payoff ${b.toFixed(2)}), expected at least ${minimum}`);
    });
  },
});

/** Reward over risk of an entry that has both; NaN where they lie on the wrong side. */
function payoffOf(target: Target, side: 1 | -1): number | undefined {
  if (target.stop === undefined || target.target === undefined) return undefined;
  const entry = entryPrice(target);
  const risk = (entry - target.stop) * side;
  const reward = (target.target - entry) * side;
  return risk > 0 && reward > 0 ? reward / risk : Number.NaN;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
