import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { period } from '../numeric/price-source.js';
import { RollingSum } from '../numeric/rolling-sum.js';

/**
 * `ease-of-movement`: how far the middle of the bar moves for its volume: high where little volume lifts price easily.
 *
 * Unit: price² for `volumeUnit` of volume. Range: unbounded, around 0. Warm-up: `period` + 1 bars, because the first bar has
 * no move. Needs: volume.
 *
 * Formula: the simple mean over `period` bars of (m − m[t − 1]) × (high − low) × volumeUnit / volume, where m = (high + low) / 2.
 * A bar without volume counts 0.
 *
 * Source: R. W. Arms, *Volume Cycles in the Stock Market* (1983).
 */
export const easeOfMovement = defineFeature({
  params: z.strictObject({
    period: period.default(14).describe('Bars of the mean.'),
    volumeUnit: z.number().positive().max(1e15).default(100_000_000).describe('Volume that counts as one; it only scales the result.'),
  }),
  outputs: ['easeOfMovement'],
  needs: ['volume'],
  ahead: true,
  create: ({ params }) => new EaseOfMovement(params.period, params.volumeUnit),
});

class EaseOfMovement implements Feature {
  readonly warmupBars: number;
  private readonly sum: RollingSum;
  private readonly ease = new Float64Array(1);
  private readonly factor: number;
  /** High + low of the bar before. */
  private before = NaN;
  private isFirst = true;

  constructor(
    private readonly length: number,
    volumeUnit: number,
  ) {
    this.warmupBars = length + 1;
    this.sum = new RollingSum(length);
    this.factor = volumeUnit / 2;
  }

  update(bars: BarWindow, out: Float64Array): void {
    const i = bars.index;
    const high = bars.high[i];
    const low = bars.low[i];
    const now = high + low;
    if (this.isFirst) {
      this.isFirst = false;
    } else {
      const volume = bars.volume[i];
      this.ease[0] = volume > 0 ? ((now - this.before) * (high - low) * this.factor) / volume : 0;
      this.sum.push(this.ease, 0);
    }
    this.before = now;
    out[0] = this.sum.value / this.length;
  }

  reset(): void {
    this.sum.clear();
    this.before = NaN;
    this.isFirst = true;
  }
}
