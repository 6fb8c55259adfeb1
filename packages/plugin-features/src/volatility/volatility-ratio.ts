import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { inOrder } from '../numeric/in-order.js';
import { period } from '../numeric/price-source.js';
import type { VolatilityEstimate, VolatilityEstimator } from './volatility-estimate.js';
import { enoughBars, estimateVolatility, volatilityEstimator } from './volatility-estimate.js';

/**
 * `volatility-ratio`: volatility of late over its longer measure: above 1 it has risen, below 1 it has calmed down.
 *
 * Unit: ratio. Range: ≥ 0; no value where the long window did not move. Warm-up: `long` bars, and one more for the
 * estimators `close` and `yang-zhang`.
 *
 * Formula: realised-volatility(short) / realised-volatility(long), both by the same estimator.
 *
 * Source: the estimators as in `realised-volatility`; the ratio of a short to a long one: L. A. Connors and L. B.
 * Raschke, *Street Smarts* (1995), chapter on historical volatility (6 over 100 days).
 */
export const volatilityRatio = defineFeature({
  params: z
    .strictObject({
      short: period.default(6).describe('Moves of the short measure; less than `long`.'),
      long: period.default(100).describe('Moves of the long measure.'),
      estimator: volatilityEstimator.default('close').describe('How both are estimated, as in `realised-volatility`.'),
    })
    .superRefine(inOrder('short', 'long'))
    .superRefine(enoughBars('short')),
  outputs: ['volatilityRatio'],
  ahead: true,
  create: ({ params }) => new VolatilityRatio(params.estimator, params.short, params.long),
});

class VolatilityRatio implements Feature {
  readonly warmupBars: number;
  private readonly short: VolatilityEstimate;
  private readonly long: VolatilityEstimate;

  constructor(estimator: VolatilityEstimator, short: number, long: number) {
    this.short = estimateVolatility(estimator, short);
    this.long = estimateVolatility(estimator, long);
    this.warmupBars = this.long.warmupBars;
  }

  update(bars: BarWindow, out: Float64Array): void {
    this.short.push(bars);
    this.long.push(bars);
    out[0] = this.long.value > 0 ? this.short.value / this.long.value : NaN;
  }

  reset(): void {
    this.short.clear();
    this.long.clear();
  }
}
