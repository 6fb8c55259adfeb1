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
 * `kurtosis`: excess kurtosis of the newest returns or prices: how far the far values lie, 0 for a normal distribution.
 *
 * Unit: none. Range: ≥ −2 (`estimator: sample` may lie below); no value where all values are equal. Warm-up:
 * `period` bars, one more for returns.
 *
 * Formula: g = m4 / m2² − 3, m2 and m4 the second and fourth moment about the mean; for `estimator: sample`
 * ((n + 1) × g + 6) × (n − 1) / ((n − 2) × (n − 3)), n = period.
 *
 * Source: D. N. Joanes and C. A. Gill, "Comparing measures of sample skewness and kurtosis", The Statistician 47 (1998).
 */
export const kurtosis = defineFeature({
  params: z.strictObject({
    period: periodOf(4).default(50).describe('Values.'),
    of: seriesKind.default('return'),
    estimator: estimator.default('population'),
    source: priceSource.default('close'),
  }),
  outputs: ['kurtosis'],
  ahead: true,
  create: ({ params, instrument }) => new Kurtosis(params.period, params.of, params.estimator, params.source, instrument.tickSize),
});

class Kurtosis implements Feature {
  readonly warmupBars: number;
  private readonly reader: ValueReader;
  private readonly moments: RollingMoments;
  private readonly factor: number;
  private readonly offset: number;

  constructor(length: number, of: SeriesKind, kind: Estimator, source: PriceSource, tickSize: number) {
    this.reader = ValueReader.of(of, source, tickSize, 1);
    this.warmupBars = length + this.reader.lag;
    this.moments = new RollingMoments(length);
    this.factor = kind === 'sample' ? ((length + 1) * (length - 1)) / ((length - 2) * (length - 3)) : 1;
    this.offset = kind === 'sample' ? (6 * (length - 1)) / ((length - 2) * (length - 3)) : 0;
  }

  update(bars: BarWindow, out: Float64Array): void {
    if (this.reader.read(bars)) this.moments.push(this.reader.cell, 0);
    const { central } = this.moments;
    const second = central[0];
    out[0] = second > 0 ? this.factor * (central[2] / (second * second) - 3) + this.offset : NaN;
  }

  reset(): void {
    this.reader.clear();
    this.moments.clear();
  }
}
