import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { AverageTrueRange } from '../numeric/average-true-range.js';
import { period } from '../numeric/price-source.js';

/**
 * `atr`: Wilder's average true range, how far a bar goes on average, gaps included.
 *
 * Unit: price. Range: ≥ 0. Warm-up: `period` + 1 bars, because the first bar has no close before it.
 *
 * Formula: the true range is max(high, close[t − 1]) − min(low, close[t − 1]);
 * a[t] = (a[t − 1] × (period − 1) + range[t]) / period, seeded with the simple mean of the first `period`
 * true ranges, the ones of bar 1 to bar `period`.
 *
 * Source: J. W. Wilder, *New Concepts in Technical Trading Systems* (1978), section III.
 */
export const atr = defineFeature({
  params: z.strictObject({ period: period.default(14).describe('True ranges.') }),
  outputs: ['atr'],
  ahead: true,
  create: ({ params }) => new Atr(params.period),
});

class Atr implements Feature {
  readonly warmupBars: number;
  private readonly mean: AverageTrueRange;

  constructor(length: number) {
    this.warmupBars = length + 1;
    this.mean = new AverageTrueRange(length);
  }

  update(bars: BarWindow, out: Float64Array): void {
    this.mean.push(bars);
    out[0] = this.mean.value;
  }

  reset(): void {
    this.mean.clear();
  }
}
