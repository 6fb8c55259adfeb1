import { defineRiskOverlay } from '@keelson/core/plugin';
import { z } from 'zod';
import { atMost, entryOverlay, PASS, percent, veto } from './entry-overlay.js';
import { returnCorrelation } from './return-correlation.js';

const params = z.strictObject({
  maxCorrelation: z.number().gt(0).max(1).default(0.8).describe('From this correlation on, two positions count as one bet.'),
  bars: z.int().min(10).max(1000).default(200).describe('Newest bars of both instruments whose returns are compared.'),
  minBars: z.int().min(5).max(1000).default(30).describe('Returns of common times that are needed to tell.'),
  maxFraction: z.number().min(0).max(1000).default(0).describe('Most exposure of one such bet, as a fraction of equity; 0: no second position.'),
  whenUnknown: z.enum(['correlated', 'ignore']).default('correlated').describe('What another position counts as when its correlation cannot be told.'),
});

/**
 * `correlation-cap`: keeps several positions from being one bet.
 *
 * The correlation is Pearson's, of the log returns between the closes that both instruments have in common. Another
 * position belongs to the same bet when its direction times the correlation times the direction of the entry reaches
 * `maxCorrelation`: a long beside a long that moves alike, or beside a short that moves opposite. What is held and
 * what works to enter counts. The entry is cut down to what `maxFraction` leaves beside them; where no other position
 * belongs to its bet, it is not limited. Correlations are those of the past, and rise when markets fall.
 *
 * Source: correlated positions as one unit of risk, as in the Turtle rules: Curtis Faith, Way of the Turtle, 2007.
 */
export const correlationCap = defineRiskOverlay({
  params,
  create({ params: { maxCorrelation, bars: count, minBars, maxFraction, whenUnknown } }) {
    return entryOverlay((request, side) => {
      let used = 0;
      const partners: string[] = [];
      for (const other of request.others) {
        const { long, short } = other;
        if (long === 0 && short === 0) continue;
        const correlation = returnCorrelation(request.bars, other.closes(count), count, minBars);
        if (correlation === undefined && whenUnknown === 'ignore') continue;
        const alike = correlation === undefined || correlation * side >= maxCorrelation ? long : 0;
        const opposite = correlation === undefined || -correlation * side >= maxCorrelation ? short : 0;
        if (alike === 0 && opposite === 0) continue;
        used += alike + opposite;
        partners.push(`${other.instrument} (${correlation === undefined ? 'unknown' : correlation.toFixed(2)})`);
      }
      if (partners.length === 0) return Number.isFinite(request.target.decisionPrice) ? PASS : veto(`decision price was ${request.target.decisionPrice}, expected a number`);
      const perUnit = Math.abs(request.target.decisionPrice) * request.pointValue;
      if (!(perUnit > 0)) return veto(`exposure of a quantity of 1 was ${perUnit}, expected above 0`);
      return atMost(request, (request.equity * maxFraction - used) / perUnit, `correlation with ${partners.join(', ')} makes one bet, which may hold ${percent(maxFraction)} of equity`);
    });
  },
});
