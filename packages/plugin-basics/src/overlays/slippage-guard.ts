import type { BarWindow } from '@keelson/core/domain';
import { defineRiskOverlay } from '@keelson/core/plugin';
import { z } from 'zod';
import { entryOverlay, PASS, percent, show, veto } from './entry-overlay.js';

/** Fewer changes from close to open say nothing about the next one. */
const LEAST_GAPS = 20;

const params = z
  .strictObject({
    maxTicks: z.number().min(0).optional().describe('Most slippage in ticks.'),
    maxBps: z.number().min(0).optional().describe('Most slippage in hundredths of a percent of the decision price.'),
    maxRiskFraction: z.number().min(0).optional().describe('Most slippage as a fraction of the distance to the stop. An entry without a stop is vetoed.'),
    withoutQuotes: z.enum(['gaps', 'allow', 'veto']).default('gaps').describe('What counts where a bar has no quotes: the usual gap to the next open, nothing, or a veto.'),
    gapBars: z.int().min(LEAST_GAPS).max(1000).default(200).describe('Bars whose gaps are looked at.'),
    gapQuantile: z.number().min(0.5).max(1).default(0.9).describe('Share of those gaps that were not larger than the one expected.'),
  })
  .refine((given) => given.maxTicks !== undefined || given.maxBps !== undefined || given.maxRiskFraction !== undefined, { error: 'expected maxTicks, maxBps or maxRiskFraction' });

/**
 * `slippage-guard`: vetoes a market entry that would be filled too far from the price it was decided at.
 *
 * Where bars have depth, the price to be had is the best ask for a buy and the best bid for a sale, and slippage is
 * its distance from the decision price; a book with one side empty, or with the bid above the ask, is vetoed. Where
 * they have none, an order fills near the next open: what is expected then is the quantile `gapQuantile` of the
 * adverse changes from a close to the next open. Of several limits each must hold. A limit entry cannot be filled
 * at a worse price than its own, and passes.
 */
export const slippageGuard = defineRiskOverlay({
  params,
  create({ params: { maxTicks, maxBps, maxRiskFraction, withoutQuotes, gapBars, gapQuantile }, instrument }) {
    return entryOverlay(({ target, bars }, side) => {
      if (target.entry !== undefined) return Number.isFinite(target.entry) ? PASS : veto(`entry was ${target.entry}, expected a price`);
      const price = target.decisionPrice;
      if (!Number.isFinite(price)) return veto(`decision price was ${price}, expected a number`);
      const { depth } = bars;
      const bid = depth === undefined ? Number.NaN : (depth.bid[bars.index] as number);
      const ask = depth === undefined ? Number.NaN : (depth.ask[bars.index] as number);
      let slippage: number;
      let where: string;
      if (Number.isNaN(bid) && Number.isNaN(ask)) {
        if (withoutQuotes === 'allow') return PASS;
        if (withoutQuotes === 'veto') return veto('the bar had no quotes, expected a bid and an ask');
        const gap = adverseGap(bars, side, gapBars, gapQuantile);
        if (gap === undefined) return veto(`found fewer than ${LEAST_GAPS} changes from a close to the next open, expected that many to tell slippage from`);
        slippage = gap;
        where = 'at the next open';
      } else {
        if (!(bid <= ask)) return veto(`bid was ${bid} and ask ${ask}, expected both, and the bid not above the ask`);
        slippage = side > 0 ? ask - price : price - bid;
        where = side > 0 ? `at the ask of ${ask}` : `at the bid of ${bid}`;
      }
      const limits = [
        { most: maxTicks === undefined ? undefined : maxTicks * instrument.tickSize, text: `${maxTicks} ticks` },
        { most: maxBps === undefined ? undefined : (maxBps / 10_000) * Math.abs(price), text: `${maxBps} bps` },
        { most: maxRiskFraction === undefined ? undefined : maxRiskFraction * (price - (target.stop ?? Number.NaN)) * side, text: `${percent(maxRiskFraction ?? 0)} of the distance to the stop` },
      ];
      for (const { most, text } of limits) {
        if (most === undefined) continue;
        // negated, so that NaN is vetoed, too; ticks are decimals, and a limit met exactly must not fail by rounding
        if (!(slippage <= most + instrument.tickSize * 1e-6)) return veto(`slippage was ${show(slippage)} ${where}, expected at most ${show(most)} (${text})`);
      }
      return PASS;
    });
  },
});

/** Quantile of the changes from a close to the next open against `side`; those in its favour count as none. */
function adverseGap(bars: BarWindow, side: 1 | -1, most: number, quantile: number): number | undefined {
  const count = Math.min(most, bars.count - 1, bars.mask);
  if (!(count >= LEAST_GAPS)) return undefined;
  const gaps = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const at = (bars.index - i) & bars.mask;
    gaps[i] = Math.max(0, ((bars.open[at] as number) - (bars.close[(at - 1) & bars.mask] as number)) * side);
  }
  gaps.sort();
  // sorting puts NaN last: a window with one in it has no quantile
  return Number.isNaN(gaps[count - 1]) ? Number.NaN : (gaps[Math.ceil(quantile * count) - 1] as number);
}
