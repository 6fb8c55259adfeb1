import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { inOrder } from '../numeric/in-order.js';
import { period } from '../numeric/price-source.js';
import { RollingOrder } from '../numeric/rolling-order.js';
import { RollingSum } from '../numeric/rolling-sum.js';

/**
 * `volume-percentile`: how much changes hands now against a long while: quiet near 0, busy near 1.
 *
 * Unit: fraction. Range: 0 to 1; 0.5 where all are equal. Warm-up: `period` + `lookback` − 1 bars. Needs: volume.
 *
 * Formula: over the newest `lookback` sums of the volumes of `period` bars, v the newest: (sums below v + half of the
 * others equal to it) / (lookback − 1). O(log `lookback`) a bar.
 *
 * Source: the mid-rank percentile, J. W. Tukey, *Exploratory Data Analysis* (1977), chapter 14.
 */
export const volumePercentile = defineFeature({
  params: z
    .strictObject({
      period: period.default(20).describe('Bars of one sum; less than `lookback`.'),
      lookback: period.default(500).describe('Sums that it is compared with, itself among them.'),
    })
    .superRefine(inOrder('period', 'lookback')),
  outputs: ['percentile'],
  needs: ['volume'],
  ahead: true,
  create: ({ params }) => new VolumePercentile(params.period, params.lookback),
});

class VolumePercentile implements Feature {
  readonly warmupBars: number;
  private readonly sum: RollingSum;
  private readonly order: RollingOrder;
  private readonly cell = new Float64Array(1);
  private missing: number;

  constructor(
    private readonly length: number,
    private readonly lookback: number,
  ) {
    this.warmupBars = length + lookback - 1;
    this.sum = new RollingSum(length);
    this.order = new RollingOrder(lookback);
    this.missing = length - 1;
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { order, cell, sum } = this;
    sum.push(bars.volume, bars.index);
    out[0] = NaN;
    if (this.missing > 0) {
      this.missing--;
      return;
    }
    cell[0] = sum.value;
    order.push(cell, 0);
    if (!order.full) return;
    order.findRank();
    out[0] = (order.below + (order.equal - 1) / 2) / (this.lookback - 1);
  }

  reset(): void {
    this.sum.clear();
    this.order.clear();
    this.missing = this.length - 1;
  }
}
