import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import type { PriceSource } from '../numeric/price-source.js';
import { periodOf, priceSource } from '../numeric/price-source.js';
import { RollingMean } from '../numeric/rolling-mean.js';
import { RollingVariance } from '../numeric/rolling-variance.js';
import type { Estimator, SeriesKind } from '../numeric/value-reader.js';
import { ValueReader, estimator, seriesKind } from '../numeric/value-reader.js';

/**
 * `z-score`: how many standard deviations the newest price or return lies above its mean.
 *
 * Unit: standard deviations. Range: within ±√(`period` − 1); 0 where all values are equal. Warm-up: `period` bars,
 * one more for returns.
 *
 * Formula: (x[t] − mean) / deviation over the newest `period` values, x[t] included.
 *
 * Source: M. G. Kendall and A. Stuart, *The Advanced Theory of Statistics* vol. 1 (1963), chapter 2.
 */
export const zScore = defineFeature({
  params: z.strictObject({
    period: periodOf(2).default(20).describe('Values.'),
    of: seriesKind.default('price'),
    estimator: estimator.default('population'),
    source: priceSource.default('close'),
  }),
  outputs: ['z-score'],
  ahead: true,
  create: ({ params, instrument }) => new ZScore(params.period, params.of, params.estimator, params.source, instrument.tickSize),
});

class ZScore implements Feature {
  readonly warmupBars: number;
  private readonly reader: ValueReader;
  private readonly mean: RollingMean;
  private readonly variance: RollingVariance;
  private readonly factor: number;

  constructor(length: number, of: SeriesKind, kind: Estimator, source: PriceSource, tickSize: number) {
    this.reader = ValueReader.of(of, source, tickSize, length);
    const { lag, unit, parts, scale } = this.reader;
    this.warmupBars = length + lag;
    this.mean = new RollingMean(scale, length, parts);
    this.variance = new RollingVariance(length, unit);
    this.factor = (unit / parts) * (kind === 'sample' ? Math.sqrt(length / (length - 1)) : 1);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { reader, mean, variance } = this;
    if (reader.read(bars)) {
      mean.push(reader.sample);
      variance.push(reader.sample);
    }
    const spread = Math.sqrt(variance.value) * this.factor;
    // the other way for a spread of NaN, which stays NaN, and of 0
    out[0] = spread > 0 ? (reader.sample.price / reader.parts - mean.value) / spread : spread;
  }

  reset(): void {
    this.reader.clear();
    this.mean.clear();
    this.variance.clear();
  }
}
