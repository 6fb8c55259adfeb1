import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import type { PriceSource } from '../numeric/price-source.js';
import { periodOf, priceSource } from '../numeric/price-source.js';
import { RollingVariance } from '../numeric/rolling-variance.js';
import type { Estimator, SeriesKind } from '../numeric/value-reader.js';
import { ValueReader, estimator, seriesKind } from '../numeric/value-reader.js';

/**
 * `deviation`: standard deviation of the newest prices or returns.
 *
 * Unit: price, or that of the returns. Range: ≥ 0. Warm-up: `period` bars, one more for returns.
 *
 * Formula: the root of Σ (x − mean)² / n, n = period, or of Σ (x − mean)² / (n − 1) for `estimator: sample`. Equal
 * values give exactly 0.
 *
 * Source: M. G. Kendall and A. Stuart, *The Advanced Theory of Statistics* vol. 1 (1963), chapter 2.
 */
export const deviation = defineFeature({
  params: z.strictObject({
    period: periodOf(2).default(20).describe('Values.'),
    of: seriesKind.default('price'),
    estimator: estimator.default('population'),
    source: priceSource.default('close'),
  }),
  outputs: ['deviation'],
  ahead: true,
  create: ({ params, instrument }) => new Deviation(params.period, params.of, params.estimator, params.source, instrument.tickSize),
});

class Deviation implements Feature {
  readonly warmupBars: number;
  private readonly reader: ValueReader;
  private readonly variance: RollingVariance;
  private readonly factor: number;

  constructor(length: number, of: SeriesKind, kind: Estimator, source: PriceSource, tickSize: number) {
    this.reader = ValueReader.of(of, source, tickSize, length);
    const { lag, unit, parts } = this.reader;
    this.warmupBars = length + lag;
    this.variance = new RollingVariance(length, unit);
    this.factor = (unit / parts) * (kind === 'sample' ? Math.sqrt(length / (length - 1)) : 1);
  }

  update(bars: BarWindow, out: Float64Array): void {
    if (this.reader.read(bars)) this.variance.push(this.reader.sample);
    out[0] = Math.sqrt(this.variance.value) * this.factor;
  }

  reset(): void {
    this.reader.clear();
    this.variance.clear();
  }
}
