import { ExponentialMean } from './exponential-mean.js';
import { Sample } from './sample.js';
import type { TickScale } from './tick-scale.js';

/**
 * Exponential means one behind the other: the second is of the values of the first, and so on. Each is seeded
 * with the simple mean of its own first `period` values, so the last has a value after
 * `count` × (`period` − 1) + 1 values.
 */
export class ExponentialChain {
  /** The mean of each, without meaning until {@link isFull}. */
  readonly values: Float64Array;
  isFull = false;
  private readonly first: ExponentialMean;
  /** The others, until all have a value: from then on `values` is all that is needed. */
  private readonly seeds: readonly ExponentialMean[];
  /** What one mean hands to the next. A mean has no grid: its ticks stay NaN. */
  private readonly link = new Sample();
  private readonly smoothing: number;

  /** @param parts prices that one value is the sum of, e.g. 2 for (high + low) / 2 */
  constructor(scale: TickScale, period: number, parts: number, count: number) {
    this.values = new Float64Array(count);
    this.first = new ExponentialMean(scale, period, parts);
    this.seeds = Array.from({ length: count - 1 }, () => new ExponentialMean(scale, period, 1));
    this.smoothing = 2 / (period + 1);
  }

  push(sample: Sample): void {
    const { values, first, smoothing } = this;
    first.push(sample);
    if (!this.isFull) {
      this.seed();
      return;
    }
    let value = (values[0] = first.value);
    for (let i = 1; i < values.length; i++) {
      value = values[i] + smoothing * (value - values[i]);
      values[i] = value;
    }
  }

  clear(): void {
    this.first.clear();
    for (const mean of this.seeds) mean.clear();
    this.isFull = false;
  }

  private seed(): void {
    const { values, seeds, link } = this;
    values[0] = this.first.value;
    for (let i = 0; i < seeds.length; i++) {
      const mean = seeds[i] as ExponentialMean;
      link.price = values[i];
      if (link.price !== link.price) return;
      mean.push(link);
      values[i + 1] = mean.value;
    }
    const last = values[seeds.length];
    this.isFull = last === last;
  }
}
