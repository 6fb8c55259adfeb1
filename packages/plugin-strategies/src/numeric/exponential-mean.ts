import { RollingMean } from './rolling-mean.js';
import type { TickScale } from './tick-scale.js';

/**
 * Exponential mean with smoothing 2 / (period + 1), seeded with the simple mean of its first `period` values.
 * A series that stands still leaves the mean exactly where it is. Values are given as in {@link RollingMean}.
 */
export class ExponentialMean {
  private readonly seed: RollingMean;
  private readonly smoothing: number;
  private missing: number;
  private mean = NaN;

  constructor(
    private readonly scale: TickScale,
    private readonly period: number,
    private readonly parts: number,
  ) {
    this.seed = new RollingMean(scale, period, parts);
    this.smoothing = 2 / (period + 1);
    this.missing = period;
  }

  /** Takes a value in and returns the mean; NaN until there are `period` of them. */
  push(ticks: number, price: number): number {
    if (this.missing > 0) {
      this.missing--;
      this.mean = this.seed.push(ticks, price);
    } else {
      const value = this.parts === 1 ? price : this.valueOf(ticks, price);
      this.mean += this.smoothing * (value - this.mean);
    }
    return this.mean;
  }

  clear(): void {
    this.seed.clear();
    this.missing = this.period;
    this.mean = NaN;
  }

  private valueOf(ticks: number, price: number): number {
    return ticks === ticks ? this.scale.price(ticks, this.parts) : price / this.parts;
  }
}
