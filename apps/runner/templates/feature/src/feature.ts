import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';

/**
 * `__ID__`: where the newest bars closed within their ranges, on average.
 *
 * Range: 0 (all at their lows) to 1 (all at their highs); a bar without a range counts as 0.5. Warm-up: `period` bars.
 */
export const feature = defineFeature({
  params: z.strictObject({ period: z.int().min(1).max(1000).default(14).describe('Bars of the mean.') }),
  outputs: ['close-location'],
  create: ({ params }) => new CloseLocation(params.period),
});

class CloseLocation implements Feature {
  readonly warmupBars: number;
  /** The newest values, in a ring: O(1) a bar, and nothing is made anew. */
  private readonly ring: Float64Array;
  private seen = 0;

  constructor(period: number) {
    this.warmupBars = period;
    this.ring = new Float64Array(period);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { ring } = this;
    const row = bars.index;
    const range = bars.high[row] - bars.low[row];
    ring[this.seen % ring.length] = range > 0 ? (bars.close[row] - bars.low[row]) / range : 0.5;
    this.seen++;
    if (this.seen < ring.length) {
      out[0] = Number.NaN;
      return;
    }
    // summed from the oldest on: a running sum would keep the rounding of all bars before
    let sum = 0;
    for (let i = 0; i < ring.length; i++) sum += ring[(this.seen + i) % ring.length];
    out[0] = sum / ring.length;
  }

  reset(): void {
    this.seen = 0;
    this.ring.fill(0);
  }
}
