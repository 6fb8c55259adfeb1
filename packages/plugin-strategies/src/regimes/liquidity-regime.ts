import { defineRegime } from '@keelson/core/plugin';
import type { UseFeature } from '@keelson/core/ports';
import { z } from 'zod';
import { DimensionRegime, ascending, hysteresisParams, reachable, type Dimension } from './dimension.js';

export const LIQUIDITY_LABELS = ['thin', 'normal', 'deep'] as const;

const fraction = (fallback: number) => z.number().gt(0).lt(1).default(fallback);

export const liquidityShape = {
  period: z.int().min(2).max(100_000).default(20).describe('Bars of one median spread and one sum of volume; less than `lookback`.'),
  lookback: z.int().min(3).max(100_000).default(500).describe('Bars that they are compared with.'),
  normal: fraction(0.15).describe('Level from which it is `normal`; below it is `thin`.'),
  deep: fraction(0.7).describe('Level from which it is `deep`.'),
  ...hysteresisParams(0.03, 'as a fraction'),
};

type LiquidityParams = z.output<z.ZodObject<typeof liquidityShape>>;

/**
 * `liquidity`: how much can be traded without moving the price.
 *
 * Label `liquidity`: `thin`, `normal` or `deep`, by the worst of what the feed shows: the percentile of volume, the percentile of
 * the quantity at the best prices, and half the usual median spread over the present one (0.5 is usual, 0.25 twice as wide).
 */
export const liquidityRegime = defineRegime({
  params: z
    .strictObject({ ...liquidityShape, avoid: z.array(z.enum(LIQUIDITY_LABELS)).default([]).describe('Labels with which the market is not tradable.') })
    .superRefine(ascending('period', 'lookback'))
    .superRefine(ascending('normal', 'deep'))
    .superRefine(reachable('normal', 'deep')),
  create: ({ params, use }) => new DimensionRegime([liquidityDimension(params, use)], { liquidity: params.avoid }, 'trade'),
});

export function liquidityDimension(params: LiquidityParams, use: UseFeature): Dimension {
  const { period, lookback } = params;
  const volume = use('volume-percentile', { period, lookback }, { optional: true });
  const depth = use('depth-percentile', { period: lookback }, { optional: true });
  const spread = use('median-spread', { period }, { optional: true });
  const usualSpread = use('median-spread', { period: lookback }, { optional: true });
  return {
    name: 'liquidity',
    labels: LIQUIDITY_LABELS,
    thresholds: [params.normal, params.deep],
    hysteresis: params,
    level() {
      const [now, usual] = [spread.value, usualSpread.value];
      // a spread of nothing is as tight as can be
      const tightness = now === undefined || usual === undefined ? undefined : now === 0 ? 1 : Math.min(1, usual / now / 2);
      const known = Math.min(volume.value ?? Infinity, depth.value ?? Infinity, tightness ?? Infinity);
      return known === Infinity ? undefined : known;
    },
  };
}
