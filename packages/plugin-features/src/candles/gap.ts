import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { AverageTrueRange } from '../numeric/average-true-range.js';
import { period } from '../numeric/price-source.js';

/**
 * `gap`: how far a bar opened from the close before.
 *
 * Outputs: `gap` (in price), `fraction` (of the close before), `atr` (in average true ranges).
 *
 * Unit: price; a fraction; average true ranges. Range: unbounded, around 0; `atr` has no value where the bars before
 * did not move. Warm-up: `period` + 2 bars.
 *
 * Formula: open − close[t − 1]; that over close[t − 1]; and over the `atr` of the bar before, which this gap is not in.
 *
 * Source: J. J. Murphy, *Technical Analysis of the Financial Markets* (1999), chapter 4; the range of J. W. Wilder, *New
 * Concepts in Technical Trading Systems* (1978), section III.
 */
export const gap = defineFeature({
  params: z.strictObject({ period: period.default(14).describe('True ranges of the average that gaps are measured in.') }),
  outputs: ['gap', 'fraction', 'atr'],
  ahead: true,
  create: ({ params }) => new Gap(params.period),
});

class Gap implements Feature {
  readonly warmupBars: number;
  private readonly range: AverageTrueRange;
  private previousClose = NaN;

  constructor(length: number) {
    this.warmupBars = length + 2;
    this.range = new AverageTrueRange(length);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { range } = this;
    const before = range.value;
    const distance = before === before ? bars.open[bars.index] - this.previousClose : NaN;
    out[0] = distance;
    out[1] = distance / this.previousClose;
    out[2] = before === 0 ? NaN : distance / before;
    this.previousClose = bars.close[bars.index];
    range.push(bars);
  }

  reset(): void {
    this.range.clear();
    this.previousClose = NaN;
  }
}
