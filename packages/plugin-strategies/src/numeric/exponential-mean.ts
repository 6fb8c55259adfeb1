import { PriceSum } from './price-sum.js';
import type { TickScale } from './tick-scale.js';

/**
 * Exponential mean with smoothing 2 / (period + 1), seeded with the simple mean of its first `period` values.
 * A series that stands still leaves the mean exactly where it is.
 */
export class ExponentialMean {
  private readonly seed: PriceSum;
  private readonly smoothing: number;
  private seen = 0;
  private mean = NaN;

  constructor(
    private readonly scale: TickScale,
    private readonly period: number,
    private readonly parts: number,
  ) {
    this.seed = new PriceSum(scale, parts);
    this.smoothing = 2 / (period + 1);
  }

  /** Takes a value in and returns the mean; NaN until there are `period` of them. */
  push(ticks: number, price: number): number {
    if (this.seen >= this.period) {
      const value = this.parts === 1 ? price : ticks === ticks ? this.scale.price(ticks, this.parts) : price / this.parts;
      this.mean += this.smoothing * (value - this.mean);
    } else {
      this.seed.add(ticks, price);
      if (++this.seen === this.period) this.mean = this.seed.mean(this.period);
    }
    return this.mean;
  }

  clear(): void {
    this.seed.clear();
    this.seen = 0;
    this.mean = NaN;
  }
}
