import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { ExponentialMean } from '../numeric/exponential-mean.js';
import { period } from '../numeric/price-source.js';
import { Sample } from '../numeric/sample.js';
import { TickScale } from '../numeric/tick-scale.js';

/**
 * `force-index`: price changes weighted by their volume, averaged: who pushes, and how hard.
 *
 * Unit: price × volume. Range: unbounded, around 0. Warm-up: `period` + 1 bars, because the first bar has no change. Needs:
 * volume.
 *
 * Formula: the exponential mean over `period` bars of (close − close[t − 1]) × volume, seeded with the simple mean of its
 * first `period` values. A period of 1 gives the force of the bar itself.
 *
 * Source: A. Elder, *Trading for a Living* (1993), section 42.
 */
export const forceIndex = defineFeature({
  params: z.strictObject({ period: period.default(13).describe('Bars of the average; Elder takes 2 for entries and 13 for the trend.') }),
  outputs: ['forceIndex'],
  needs: ['volume'],
  ahead: true,
  create: ({ params }) => new ForceIndex(params.period),
});

class ForceIndex implements Feature {
  readonly warmupBars: number;
  private readonly mean: ExponentialMean;
  private readonly force = new Sample();
  private previousClose = NaN;
  private isFirst = true;

  constructor(length: number) {
    this.warmupBars = length + 1;
    this.mean = new ExponentialMean(TickScale.of(1, length), length, 1);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const i = bars.index;
    const close = bars.close[i];
    if (this.isFirst) {
      this.isFirst = false;
    } else {
      this.force.price = (close - this.previousClose) * bars.volume[i];
      this.mean.push(this.force);
    }
    this.previousClose = close;
    out[0] = this.mean.value;
  }

  reset(): void {
    this.mean.clear();
    this.previousClose = NaN;
    this.isFirst = true;
  }
}
