import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { period } from '../numeric/price-source.js';
import { RollingSum } from '../numeric/rolling-sum.js';

/**
 * `up-down-volume`: volume of the bars that rose against that of the bars that fell.
 *
 * Unit: ratio; a fraction for `balance`. Range: `ratio` ≥ 0, no value where no volume fell; `balance` −1 to 1, no value where
 * none rose or fell. Warm-up: `period` + 1 bars, because the first bar has no change. Needs: volume.
 *
 * Outputs: `ratio` (above 1 where more volume rose than fell), `balance` (the same between −1 and 1, with a value also where
 * no volume fell).
 *
 * Formula: up = Σ volume of the bars with close > close[t − 1], down = Σ volume of those with close < close[t − 1], over
 * `period` bars; ratio = up / down, balance = (up − down) / (up + down).
 *
 * Source: W. J. O'Neil, *How to Make Money in Stocks* (1988), on the up/down volume ratio of 50 days.
 */
export const upDownVolume = defineFeature({
  params: z.strictObject({ period: period.default(50).describe('Changes that count.') }),
  outputs: ['ratio', 'balance'],
  needs: ['volume'],
  ahead: true,
  create: ({ params }) => new UpDownVolume(params.period),
});

const [UP, DOWN] = [0, 1];

class UpDownVolume implements Feature {
  readonly warmupBars: number;
  private readonly up: RollingSum;
  private readonly down: RollingSum;
  private readonly parts = new Float64Array(2);
  private previousClose = NaN;
  private isFirst = true;

  constructor(length: number) {
    this.warmupBars = length + 1;
    this.up = new RollingSum(length);
    this.down = new RollingSum(length);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const close = bars.close[bars.index];
    const before = this.previousClose;
    this.previousClose = close;
    if (this.isFirst) {
      this.isFirst = false;
    } else {
      const volume = bars.volume[bars.index];
      this.parts[UP] = close > before ? volume : 0;
      this.parts[DOWN] = close < before ? volume : 0;
      this.up.push(this.parts, UP);
      this.down.push(this.parts, DOWN);
    }
    const up = this.up.value;
    const down = this.down.value;
    out[0] = down > 0 ? up / down : NaN;
    out[1] = up + down > 0 ? (up - down) / (up + down) : NaN;
  }

  reset(): void {
    this.up.clear();
    this.down.clear();
    this.previousClose = NaN;
    this.isFirst = true;
  }
}
