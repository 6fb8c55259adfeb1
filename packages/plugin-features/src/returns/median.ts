import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import type { PriceSource } from '../numeric/price-source.js';
import { period, priceSource } from '../numeric/price-source.js';
import { RollingOrder } from '../numeric/rolling-order.js';
import type { SeriesKind } from '../numeric/value-reader.js';
import { ValueReader, seriesKind } from '../numeric/value-reader.js';

/**
 * `median`: median of the newest prices or returns: half of them lie above it.
 *
 * Unit: price, or that of the returns. Range: between the lowest and the highest in the window. Warm-up: `period`
 * bars, one more for returns.
 *
 * Formula: the value in the middle of the newest `period` values by size; the mean of the middle two where `period`
 * is even.
 *
 * Source: M. G. Kendall and A. Stuart, *The Advanced Theory of Statistics* vol. 1 (1963), chapter 2.
 */
export const median = defineFeature({
  params: z.strictObject({ period: period.default(20).describe('Values.'), of: seriesKind.default('price'), source: priceSource.default('close') }),
  outputs: ['median'],
  ahead: true,
  create: ({ params, instrument }) => new Median(params.period, params.of, params.source, instrument.tickSize),
});

class Median implements Feature {
  readonly warmupBars: number;
  private readonly reader: ValueReader;
  private readonly order: RollingOrder;

  constructor(
    private readonly length: number,
    of: SeriesKind,
    source: PriceSource,
    tickSize: number,
  ) {
    this.reader = ValueReader.of(of, source, tickSize, 2);
    this.warmupBars = length + this.reader.lag;
    this.order = new RollingOrder(length);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { reader, order } = this;
    if (reader.read(bars)) order.push(reader.cell, 0);
    // a value that is not a number takes no part in the order
    if (order.count < this.length) {
      out[0] = NaN;
      return;
    }
    order.findMedian();
    out[0] = reader.lag === 0 ? reader.scale.price(2 * order.median, 2 * reader.parts) : order.median;
  }

  reset(): void {
    this.reader.clear();
    this.order.clear();
  }
}
