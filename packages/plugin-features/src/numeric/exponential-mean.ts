import { RollingMean } from './rolling-mean.js';
import type { Sample } from './sample.js';
import type { TickScale } from './tick-scale.js';

/**
 * Exponential mean with smoothing 2 / (period + 1), or another one, seeded with the simple mean of its first `period` values.
 * A series that stands still leaves the mean exactly where it is.
 */
export class ExponentialMean {
  /** The mean; NaN until there are `period` values. */
  value = NaN;
  private readonly seed: RollingMean;
  private missing: number;

  /** @param parts prices that one value is the sum of, e.g. 2 for (high + low) / 2 */
  constructor(
    private readonly scale: TickScale,
    private readonly period: number,
    private readonly parts: number,
    private readonly smoothing = 2 / (period + 1),
  ) {
    this.seed = new RollingMean(scale, period, parts);
    this.missing = period;
  }

  /** Takes a value in; see {@link value}. */
  push(sample: Sample): void {
    if (this.missing > 0) this.begin(sample);
    else if (this.parts === 1) this.value += this.smoothing * (sample.price - this.value);
    else this.pushMean(sample);
  }

  clear(): void {
    this.seed.clear();
    this.missing = this.period;
    this.value = NaN;
  }

  private begin(sample: Sample): void {
    this.missing--;
    this.seed.push(sample);
    this.value = this.seed.value;
  }

  private pushMean({ ticks, price }: Sample): void {
    const mean = ticks === ticks ? this.scale.price(ticks, this.parts) : price / this.parts;
    this.value += this.smoothing * (mean - this.value);
  }
}
