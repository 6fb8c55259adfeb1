import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import type { PriceSource } from '../numeric/price-source.js';
import { period, priceSource } from '../numeric/price-source.js';
import { RollingMean } from '../numeric/rolling-mean.js';
import type { SeriesKind } from '../numeric/value-reader.js';
import { ValueReader, seriesKind } from '../numeric/value-reader.js';

/**
 * `mean`: mean of the newest prices or returns.
 *
 * Unit: price, or that of the returns. Range: between the lowest and the highest in the window. Warm-up: `period`
 * bars, one more for returns.
 *
 * Formula: (x[t] + … + x[t − period + 1]) / period.
 *
 * Source: M. G. Kendall and A. Stuart, *The Advanced Theory of Statistics* vol. 1 (1963), chapter 2.
 */
export const mean = defineFeature({
  params: z.strictObject({ period: period.default(20).describe('Values.'), of: seriesKind.default('price'), source: priceSource.default('close') }),
  outputs: ['mean'],
  ahead: true,
  create: ({ params, instrument }) => new Mean(params.period, params.of, params.source, instrument.tickSize),
});

class Mean implements Feature {
  readonly warmupBars: number;
  private readonly reader: ValueReader;
  private readonly mean: RollingMean;

  constructor(length: number, of: SeriesKind, source: PriceSource, tickSize: number) {
    this.reader = ValueReader.of(of, source, tickSize, length);
    this.warmupBars = length + this.reader.lag;
    this.mean = new RollingMean(this.reader.scale, length, this.reader.parts);
  }

  update(bars: BarWindow, out: Float64Array): void {
    if (this.reader.read(bars)) this.mean.push(this.reader.sample);
    out[0] = this.mean.value;
  }

  reset(): void {
    this.reader.clear();
    this.mean.clear();
  }
}
