import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import type { PriceSource } from '../numeric/price-source.js';
import { periodOf, priceSource } from '../numeric/price-source.js';
import { RollingOrder } from '../numeric/rolling-order.js';
import type { SeriesKind } from '../numeric/value-reader.js';
import { ValueReader, seriesKind } from '../numeric/value-reader.js';

/**
 * `percentile-rank`: where the newest price or return stands among the newest ones, by rank.
 *
 * Unit: fraction. Range: 0 (the lowest of all) to 1 (the highest); 0.5 where all values are equal. Warm-up: `period`
 * bars, one more for returns.
 *
 * Formula: (values below x[t] + half of the others equal to it) / (period − 1) over the newest `period` values.
 *
 * Source: M. G. Kendall, *Rank Correlation Methods* (1948), chapter 3.
 */
export const percentileRank = defineFeature({
  params: z.strictObject({ period: periodOf(2).default(100).describe('Values.'), of: seriesKind.default('price'), source: priceSource.default('close') }),
  outputs: ['percentile-rank'],
  ahead: true,
  create: ({ params, instrument }) => new PercentileRank(params.period, params.of, params.source, instrument.tickSize),
});

class PercentileRank implements Feature {
  readonly warmupBars: number;
  private readonly reader: ValueReader;
  private readonly order: RollingOrder;

  constructor(
    private readonly length: number,
    of: SeriesKind,
    source: PriceSource,
    tickSize: number,
  ) {
    this.reader = ValueReader.of(of, source, tickSize, 1);
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
    order.findRank();
    out[0] = (order.below + (order.equal - 1) / 2) / (this.length - 1);
  }

  reset(): void {
    this.reader.clear();
    this.order.clear();
  }
}
