import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { period } from '../numeric/price-source.js';
import type { VolatilityEstimate } from './volatility-estimate.js';
import { enoughBars, estimateVolatility, volatilityEstimator } from './volatility-estimate.js';

/**
 * `realised-volatility`: standard deviation of the logarithmic move of one bar, as it was over the newest bars.
 *
 * The estimators see more of a bar from left to right, and need fewer bars for the same error: `close` (from close to
 * close), `parkinson` (high and low; no gaps, no drift), `garman-klass` (open and close as well; no gaps, no drift),
 * `rogers-satchell` (holds with a drift; no gaps), `yang-zhang` (holds with a drift and with gaps).
 *
 * Unit: fraction, 0.01 = 1%, of one bar; of a year with `periodsPerYear`. Range: ≥ 0; no value while a price in the
 * window is not above 0. Warm-up: `period` bars, and one more for `close` and `yang-zhang`, which look at the close
 * before.
 *
 * Formula: with n = period, o, h, l, c the logarithms of the bar's prices, and each mean over n bars: `close` is the
 * sample deviation (over n − 1) of c[t] − c[t − 1]; `parkinson` √mean((h − l)² / (4 ln 2)); `garman-klass`
 * √mean((h − l)² / 2 − (2 ln 2 − 1) × (c − o)²); `rogers-satchell` √mean((h − c) × (h − o) + (l − c) × (l − o));
 * `yang-zhang` √(variance(o[t] − c[t − 1]) + k × variance(c − o) + (1 − k) × rogers-satchell²), sample variances,
 * k = 0.34 / (1.34 + (n + 1) / (n − 1)). With `periodsPerYear` the result is multiplied by its root.
 *
 * Source: M. Parkinson, "The extreme value method for estimating the variance of the rate of return", *Journal of
 * Business* 53 (1980); M. B. Garman and M. J. Klass, "On the estimation of security price volatilities from historical
 * data", *Journal of Business* 53 (1980); L. C. G. Rogers and S. E. Satchell, "Estimating variance from high, low and
 * closing prices", *Annals of Applied Probability* 1 (1991); D. Yang and Q. Zhang, "Drift-independent volatility
 * estimation based on high, low, open, and close prices", *Journal of Business* 73 (2000).
 */
export const realisedVolatility = defineFeature({
  params: z
    .strictObject({
      estimator: volatilityEstimator.default('close').describe('How it is estimated.'),
      period: period.default(20).describe('Moves that count; at least 2 for `close` and `yang-zhang`.'),
      periodsPerYear: z.number().positive().max(1e9).optional().describe('Bars in a year, e.g. 252 for days of a stock, to annualise by; without it the value is of one bar.'),
    })
    .superRefine(enoughBars('period')),
  outputs: ['realisedVolatility'],
  ahead: true,
  create: ({ params }) => new RealisedVolatility(estimateVolatility(params.estimator, params.period), Math.sqrt(params.periodsPerYear ?? 1)),
});

class RealisedVolatility implements Feature {
  readonly warmupBars: number;

  constructor(
    private readonly estimate: VolatilityEstimate,
    private readonly factor: number,
  ) {
    this.warmupBars = estimate.warmupBars;
  }

  update(bars: BarWindow, out: Float64Array): void {
    this.estimate.push(bars);
    out[0] = this.estimate.value * this.factor;
  }

  reset(): void {
    this.estimate.clear();
  }
}
