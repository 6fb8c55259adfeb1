import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { period } from '../numeric/price-source.js';
import { RollingExtreme } from '../numeric/rolling-extreme.js';
import { RollingSum } from '../numeric/rolling-sum.js';

/**
 * `ulcer-index`: how deep and how long price has been under its recent high: the volatility that hurts.
 *
 * Unit: percent. Range: 0 to 100 for prices above 0. Warm-up: 2 × `period` − 1 bars: `period` for a high, and as many
 * distances from one.
 *
 * Formula: √mean(d²) over `period` bars, where d = 100 × (close − highest) / highest and `highest` is the highest close of
 * the `period` bars up to that bar.
 *
 * Source: P. G. Martin and B. B. McCann, *The Investor's Guide to Fidelity Funds* (1989), appendix.
 */
export const ulcerIndex = defineFeature({
  params: z.strictObject({ period: period.default(14).describe('Bars of the high, and of the mean.') }),
  outputs: ['ulcerIndex'],
  ahead: true,
  create: ({ params }) => new UlcerIndex(params.period),
});

class UlcerIndex implements Feature {
  readonly warmupBars: number;
  private readonly highest: RollingExtreme;
  private readonly squares: RollingSum;
  private readonly square = new Float64Array(1);

  constructor(private readonly length: number) {
    this.warmupBars = 2 * length - 1;
    this.highest = new RollingExtreme('highest', length);
    this.squares = new RollingSum(length);
  }

  update(bars: BarWindow, out: Float64Array): void {
    this.highest.push(bars.close, bars.index);
    const highest = this.highest.value;
    if (highest === highest) {
      const distance = (100 * (bars.close[bars.index] - highest)) / highest;
      this.square[0] = distance * distance;
      this.squares.push(this.square, 0);
    }
    const sum = this.squares.value;
    out[0] = Math.sqrt((sum < 0 ? 0 : sum) / this.length);
  }

  reset(): void {
    this.highest.clear();
    this.squares.clear();
  }
}
