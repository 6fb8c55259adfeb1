import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { DoubleSum } from '../numeric/double-sum.js';

/**
 * `obv`: on-balance volume, the volume of the bars that rose less that of the bars that fell.
 *
 * It counts from the first bar that it sees, so only its changes mean something: two runs that begin at different bars
 * differ by a constant.
 *
 * Unit: volume. Range: unbounded. Warm-up: 1 bar. Needs: volume.
 *
 * Formula: v[t] = v[t − 1] + volume where the close is above the one before, − volume where it is below, as it was where they
 * are equal; v[0] is the volume of the first bar, as in TA-Lib. The sum is kept in two doubles, so it does not drift.
 *
 * Source: J. E. Granville, *New Key to Stock Market Profits* (1963).
 */
export const obv = defineFeature({
  params: z.strictObject({}),
  outputs: ['obv'],
  needs: ['volume'],
  ahead: true,
  create: () => new OnBalanceVolume(),
});

class OnBalanceVolume implements Feature {
  readonly warmupBars = 1;
  private readonly sum = new DoubleSum();
  private previousClose = NaN;

  update(bars: BarWindow, out: Float64Array): void {
    const close = bars.close[bars.index];
    const before = this.previousClose;
    // the first bar counts as risen
    if (close > before || before !== before) this.sum.add(bars.volume[bars.index]);
    else if (close < before) this.sum.add(-bars.volume[bars.index]);
    this.previousClose = close;
    out[0] = this.sum.value;
  }

  reset(): void {
    this.sum.clear();
    this.previousClose = NaN;
  }
}
