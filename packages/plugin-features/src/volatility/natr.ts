import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { AverageTrueRange } from '../numeric/average-true-range.js';
import { period } from '../numeric/price-source.js';

/**
 * `natr`: normalised average true range, `atr` in percent of the close: comparable between instruments and years.
 *
 * Unit: percent. Range: ≥ 0; no value at a close that is not above 0. Warm-up: `period` + 1 bars.
 *
 * Formula: 100 × atr / close.
 *
 * Source: J. Forman, "Cross-Market Evaluations With Normalized Average True Range", *Technical Analysis of Stocks &
 * Commodities* (May 2006).
 */
export const natr = defineFeature({
  params: z.strictObject({ period: period.default(14).describe('True ranges.') }),
  outputs: ['natr'],
  ahead: true,
  create: ({ params }) => new Natr(params.period),
});

class Natr implements Feature {
  readonly warmupBars: number;
  private readonly mean: AverageTrueRange;

  constructor(length: number) {
    this.warmupBars = length + 1;
    this.mean = new AverageTrueRange(length);
  }

  update(bars: BarWindow, out: Float64Array): void {
    this.mean.push(bars);
    const close = bars.close[bars.index];
    out[0] = close > 0 ? (100 * this.mean.value) / close : NaN;
  }

  reset(): void {
    this.mean.clear();
  }
}
