import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { inOrder } from '../numeric/in-order.js';
import { period } from '../numeric/price-source.js';
import { RollingOrder } from '../numeric/rolling-order.js';
import type { VolatilityEstimate } from './volatility-estimate.js';
import { enoughBars, estimateVolatility, volatilityEstimator } from './volatility-estimate.js';

/**
 * `volatility-rank`: where the volatility of now stands among those of a long while: calm near 0, wild near 1.
 *
 * Unit: fraction. Range: 0 to 1; 0.5 where all are equal, no value while one of them has none. Warm-up: `period` +
 * `lookback` − 1 bars, and one more for the estimators `close` and `yang-zhang`.
 *
 * Outputs: `percentile` (the share of the others that it is above), `rank` (its place between the lowest and the highest
 * of them).
 *
 * Formula: over the newest `lookback` values of realised-volatility(period), v the newest: percentile = (values below v +
 * half of the others equal to it) / (lookback − 1); rank = (v − lowest) / (highest − lowest).
 *
 * Source: L. G. McMillan, *McMillan on Options* (1996), chapter 4, on the percentile of volatility.
 */
export const volatilityRank = defineFeature({
  params: z
    .strictObject({
      period: period.default(20).describe('Moves of one volatility; less than `lookback`.'),
      lookback: period.default(252).describe('Volatilities that it is compared with, itself among them.'),
      estimator: volatilityEstimator.default('close').describe('How each is estimated, as in `realised-volatility`.'),
    })
    .superRefine(inOrder('period', 'lookback'))
    .superRefine(enoughBars('period')),
  outputs: ['percentile', 'rank'],
  ahead: true,
  create: ({ params }) => new VolatilityRank(estimateVolatility(params.estimator, params.period), params.lookback),
});

class VolatilityRank implements Feature {
  readonly warmupBars: number;
  private readonly order: RollingOrder;
  private readonly cell = new Float64Array(1);
  private missing: number;

  constructor(
    private readonly estimate: VolatilityEstimate,
    private readonly lookback: number,
  ) {
    this.warmupBars = estimate.warmupBars + lookback - 1;
    this.order = new RollingOrder(lookback);
    this.missing = estimate.warmupBars - 1;
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { order, cell } = this;
    this.estimate.push(bars);
    if (this.missing > 0) {
      this.missing--;
      out[0] = NaN;
      out[1] = NaN;
      return;
    }
    const now = this.estimate.value;
    cell[0] = now;
    order.push(cell, 0);
    // a volatility that is not a number takes no part in the order
    if (order.count < this.lookback) {
      out[0] = NaN;
      out[1] = NaN;
      return;
    }
    order.findRank();
    order.findEnds();
    const { lowest } = order;
    const range = order.highest - lowest;
    out[0] = (order.below + (order.equal - 1) / 2) / (this.lookback - 1);
    out[1] = range > 0 ? (now - lowest) / range : 0.5;
  }

  reset(): void {
    this.estimate.clear();
    this.order.clear();
    this.missing = this.estimate.warmupBars - 1;
  }
}
