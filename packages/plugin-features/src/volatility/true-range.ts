import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';

/**
 * `true-range`: how far a bar went, the gap from the close before included.
 *
 * Unit: price. Range: ≥ 0. Warm-up: 2 bars, because the first bar has no close before it.
 *
 * Formula: max(high, close[t − 1]) − min(low, close[t − 1]).
 *
 * Source: J. W. Wilder, *New Concepts in Technical Trading Systems* (1978), section III.
 */
export const trueRange = defineFeature({
  params: z.strictObject({}),
  outputs: ['trueRange'],
  ahead: true,
  create: () => new TrueRange(),
});

class TrueRange implements Feature {
  readonly warmupBars = 2;
  private previousClose = NaN;

  update(bars: BarWindow, out: Float64Array): void {
    const i = bars.index;
    const high = bars.high[i];
    const low = bars.low[i];
    const before = this.previousClose;
    out[0] = before === before ? (high > before ? high : before) - (low < before ? low : before) : NaN;
    this.previousClose = bars.close[i];
  }

  reset(): void {
    this.previousClose = NaN;
  }
}
