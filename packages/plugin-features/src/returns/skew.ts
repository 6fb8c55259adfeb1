import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import type { PriceSource } from '../numeric/price-source.js';
import { periodOf, priceSource } from '../numeric/price-source.js';
import { RollingMoments } from '../numeric/rolling-moments.js';
import type { Estimator, SeriesKind } from '../numeric/value-reader.js';
import { ValueReader, estimator, seriesKind } from '../numeric/value-reader.js';

/**
 * `skew`: skewness of the newest returns or prices: whether the far values lie above (positive) or below the mean.
 *
 * Unit: none. Range: unbounded, 0 for a symmetric window; no value where all values are equal. Warm-up: `period`
 * bars, one more for returns.
 *
 * Formula: g = m3 / m2^1.5, m2 and m3 the second and third moment about the mean; for `estimator: sample`
 * g × √(n × (n − 1)) / (n − 2), n = period.
 *
 * Source: D. N. Joanes and C. A. Gill, "Comparing measures of sample skewness and kurtosis", The Statistician 47 (1998).
 */
export const skew = defineFeature({
  params: z.strictObject({
    period: periodOf(3).default(50).describe('Values.'),
    of: seriesKind.default('return'),
    estimator: estimator.default('population'),
    source: priceSource.default('close'),
  }),
  outputs: ['skew'],
  ahead: true,
  create: ({ params, instrument }) => new Skew(params.period, params.of, params.estimator, params.source, instrument.tickSize),
});

class Skew implements Feature {
  readonly warmupBars: number;
  private readonly reader: ValueReader;
  private readonly moments: RollingMoments;
  private readonly factor: number;

  constructor(length: number, of: SeriesKind, kind: Estimator, source: PriceSource, tickSize: number) {
    this.reader = ValueReader.of(of, source, tickSize, 1);
    this.warmupBars = length + this.reader.lag;
    this.moments = new RollingMoments(length);
    this.factor = kind === 'sample' ? Math.sqrt(length * (length - 1)) / (length - 2) : 1;
  }

  update(bars: BarWindow, out: Float64Array): void {
    if (this.reader.read(bars)) this.moments.push(this.reader.cell, 0);
    const { central } = this.moments;
    const second = central[0];
    const third = central[1];
    out[0] = second > 0 ? (this.factor * third) / (second * Math.sqrt(second)) : NaN;
  }

  reset(): void {
    this.reader.clear();
    this.moments.clear();
  }
}
