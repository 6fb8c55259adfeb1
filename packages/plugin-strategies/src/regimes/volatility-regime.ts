import { defineRegime } from '@keelson/core/plugin';
import type { UseFeature } from '@keelson/core/ports';
import { z } from 'zod';
import { DimensionRegime, ascending, hysteresisParams, reachable, type Dimension } from './dimension.js';

export const VOLATILITY_LABELS = ['low', 'normal', 'high', 'extreme'] as const;

const fraction = (fallback: number) => z.number().gt(0).lt(1).default(fallback);

export const volatilityShape = {
  period: z.int().min(2).max(100_000).default(20).describe('Moves of one volatility; less than `lookback`.'),
  lookback: z.int().min(3).max(100_000).default(500).describe('Volatilities that the newest one is compared with.'),
  estimator: z.enum(['close', 'parkinson', 'garman-klass', 'rogers-satchell', 'yang-zhang']).default('close').describe('How a volatility is estimated, as in the feature `realised-volatility`.'),
  normal: fraction(0.25).describe('Percentile from which it is `normal`; below it is `low`.'),
  high: fraction(0.75).describe('Percentile from which it is `high`.'),
  extreme: fraction(0.95).describe('Percentile from which it is `extreme`.'),
  ...hysteresisParams(0.03, 'as a fraction'),
};

type VolatilityParams = z.output<z.ZodObject<typeof volatilityShape>>;

/**
 * `volatility`: how much prices move, against a long while.
 *
 * Label `volatility`: `low`, `normal`, `high` or `extreme`, by the percentile of realised volatility (feature `volatility-rank`).
 */
export const volatilityRegime = defineRegime({
  params: z
    .strictObject({ ...volatilityShape, avoid: z.array(z.enum(VOLATILITY_LABELS)).default([]).describe('Labels with which the market is not tradable.') })
    .superRefine(ascending('period', 'lookback'))
    .superRefine(ascending('normal', 'high', 'extreme'))
    .superRefine(reachable('normal', 'extreme')),
  create: ({ params, use }) => new DimensionRegime([volatilityDimension(params, use)], { volatility: params.avoid }, 'trade'),
});

export function volatilityDimension(params: VolatilityParams, use: UseFeature): Dimension {
  const { period, lookback, estimator, normal, high, extreme } = params;
  const rank = use('volatility-rank', { period, lookback, estimator });
  return { name: 'volatility', labels: VOLATILITY_LABELS, thresholds: [normal, high, extreme], hysteresis: params, level: () => rank.value };
}
