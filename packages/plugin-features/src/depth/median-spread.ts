import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { period } from '../numeric/price-source.js';
import { RollingOrder } from '../numeric/rolling-order.js';
import { SpreadReader } from './spread-reader.js';

/**
 * `median-spread`: the median of the spreads of the newest `period` bars, what crossing it usually costs.
 *
 * Outputs: `price` (in price), `ticks` (in ticks of the instrument).
 *
 * Unit: price; ticks. Range: ≥ 0; bars without a spread take no part, and there is no value where no bar of the
 * window has one. Warm-up: `period` bars. Needs: depth.
 *
 * Formula: the middle one of the spreads in order, or the mean of the two in the middle.
 *
 * Source: the liquidity measure of A. Chordia, R. Roll and A. Subrahmanyam, "Market Liquidity and Trading Activity",
 * *Journal of Finance* 56 (2001); the median in place of the mean, which one empty book can move.
 */
export const medianSpread = defineFeature({
  params: z.strictObject({ period: period.default(100).describe('Bars.') }),
  outputs: ['price', 'ticks'],
  needs: ['depth'],
  ahead: true,
  create: ({ params, instrument }) => new MedianSpread(params.period, instrument.tickSize),
});

class MedianSpread implements Feature {
  readonly warmupBars: number;
  private readonly reader: SpreadReader;
  private readonly order: RollingOrder;

  constructor(
    length: number,
    private readonly tickSize: number,
  ) {
    this.warmupBars = length;
    this.reader = new SpreadReader(tickSize);
    this.order = new RollingOrder(length);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { reader, order } = this;
    reader.read(bars);
    order.push(reader.value, 0);
    if (!order.full) {
      out[0] = out[1] = NaN;
      return;
    }
    order.findMedian();
    out[0] = order.median;
    out[1] = order.median / this.tickSize;
  }

  reset(): void {
    this.order.clear();
  }
}
