import type { BarWindow } from '@keelson/core/domain';

/**
 * Wilder's mean of true ranges, as the feature `atr` describes it.
 */
export class AverageTrueRange {
  /** The mean, as a price; NaN until there are `period` + 1 bars. */
  value = NaN;
  private ranges = -1;
  private previousClose = NaN;
  private mean = 0;

  constructor(private readonly period: number) {}

  push(bars: BarWindow): void {
    const i = bars.index;
    const high = bars.high[i];
    const low = bars.low[i];
    const before = this.previousClose;
    const range = (high > before ? high : before) - (low < before ? low : before);
    this.previousClose = bars.close[i];

    if (++this.ranges > this.period) {
      this.mean = (this.mean * (this.period - 1) + range) / this.period;
      this.value = this.mean;
      return;
    }
    if (this.ranges > 0) this.mean += range;
    if (this.ranges === this.period) {
      this.mean /= this.period;
      this.value = this.mean;
    }
  }

  clear(): void {
    this.value = NaN;
    this.ranges = -1;
    this.previousClose = NaN;
    this.mean = 0;
  }
}
