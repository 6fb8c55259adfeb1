import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { DoubleSum } from '../numeric/double-sum.js';

/**
 * `price-volume-trend`: volume summed by the relative change of the close, so that a small move counts little of it.
 *
 * It counts from the first bar that it sees, so only its changes mean something: two runs that begin at different bars
 * differ by a constant.
 *
 * Unit: volume. Range: unbounded. Warm-up: 2 bars, because the first bar has no change. Needs: volume.
 *
 * Formula: p[t] = p[t − 1] + volume × (close − close[t − 1]) / close[t − 1], from 0 on the first bar; a change from a close that
 * is not above 0 adds nothing. The sum is kept in two doubles, so it does not drift.
 *
 * Source: S. B. Achelis, *Technical Analysis from A to Z* (2000), "Price and Volume Trend".
 */
export const priceVolumeTrend = defineFeature({
  params: z.strictObject({}),
  outputs: ['priceVolumeTrend'],
  needs: ['volume'],
  ahead: true,
  create: () => new PriceVolumeTrend(),
});

class PriceVolumeTrend implements Feature {
  readonly warmupBars = 2;
  private readonly sum = new DoubleSum();
  private previousClose = NaN;
  private isFirst = true;

  update(bars: BarWindow, out: Float64Array): void {
    const close = bars.close[bars.index];
    const before = this.previousClose;
    this.previousClose = close;
    if (this.isFirst) {
      this.isFirst = false;
      out[0] = NaN;
      return;
    }
    if (before > 0) this.sum.add((bars.volume[bars.index] * (close - before)) / before);
    out[0] = this.sum.value;
  }

  reset(): void {
    this.sum.clear();
    this.previousClose = NaN;
    this.isFirst = true;
  }
}
