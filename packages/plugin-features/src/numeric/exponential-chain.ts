import { ExponentialMean } from './exponential-mean.js';
import { Sample } from './sample.js';
import type { TickScale } from './tick-scale.js';

/**
 * Exponential means one behind the other: the second is of the values of the first, and so on. Each is seeded
 * with the simple mean of its own first `period` values, so the last has a value after
 * `count` × (`period` − 1) + 1 values.
 */
export class ExponentialChain {
  readonly means: readonly ExponentialMean[];
  /** What one mean hands to the next. A mean has no grid: its ticks stay NaN. */
  private readonly link = new Sample();
  private readonly last: ExponentialMean;

  /** @param parts prices that one value is the sum of, e.g. 2 for (high + low) / 2 */
  constructor(scale: TickScale, period: number, parts: number, count: number) {
    this.means = Array.from({ length: count }, (_, i) => new ExponentialMean(scale, period, i === 0 ? parts : 1));
    this.last = this.means[count - 1] as ExponentialMean;
  }

  get isFull(): boolean {
    return this.last.value === this.last.value;
  }

  push(sample: Sample): void {
    const { means, link } = this;
    let next = sample;
    for (let i = 0; i < means.length; i++) {
      const mean = means[i] as ExponentialMean;
      mean.push(next);
      link.price = mean.value;
      next = link;
      if (mean.value !== mean.value) return;
    }
  }

  clear(): void {
    for (const mean of this.means) mean.clear();
  }
}
