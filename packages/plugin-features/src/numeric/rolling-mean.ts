import { DoubleSum } from './double-sum.js';
import type { Sample } from './sample.js';
import type { TickScale } from './tick-scale.js';

/**
 * Mean of the newest `period` values. O(1) a value.
 *
 * Exact while all values in the window lie on the tick grid, and good to about 1e-16 where some do not; once
 * the last of those has left, it is exact again. For a source that is a mean of several prices the values are
 * the sum of its `parts`, and the one division comes last.
 */
export class RollingMean {
  /** The mean; NaN until there are `period` values. */
  value = NaN;
  private readonly ticks: Float64Array;
  /** Only the values off the grid are kept here. */
  private readonly prices: Float64Array;
  private readonly rest = new DoubleSum();
  private readonly tickSize: number;
  private readonly divisor: number;
  private readonly tickDivisor: number;
  private total = 0;
  private offGrid = 0;
  private next = 0;
  private missing: number;

  /** @param parts prices that one value is the sum of, e.g. 2 for (high + low) / 2 */
  constructor(
    scale: TickScale,
    private readonly period: number,
    parts: number,
  ) {
    this.ticks = new Float64Array(period);
    this.prices = new Float64Array(period);
    this.missing = period;
    this.divisor = period * parts;
    this.tickSize = scale.numerator;
    this.tickDivisor = this.divisor * scale.denominator;
  }

  /** Takes a value in; see {@link value}. */
  push(sample: Sample): void {
    const { ticks } = sample;
    const at = this.next;
    // a place not yet filled holds 0 ticks, which leave the total as it is
    const leaving = this.ticks[at];
    const change = ticks - leaving;
    this.ticks[at] = ticks;
    if (change === change) this.total += change;
    else this.pushOffGrid(at, leaving, sample);
    this.next = at + 1 === this.period ? 0 : at + 1;
    if (this.missing > 0 && --this.missing > 0) return;
    if (this.offGrid === 0) this.value = (this.total * this.tickSize) / this.tickDivisor;
    else this.settleMixed();
  }

  clear(): void {
    this.value = NaN;
    this.ticks.fill(0);
    this.prices.fill(0);
    this.rest.clear();
    this.total = 0;
    this.offGrid = 0;
    this.next = 0;
    this.missing = this.period;
  }

  /** The newest value, the one before it in its place, or both, are off the grid. */
  private pushOffGrid(at: number, oldTicks: number, { ticks, price }: Sample): void {
    const oldPrice = this.prices[at];
    this.prices[at] = price;
    if (oldTicks === oldTicks) {
      this.total -= oldTicks;
    } else {
      this.offGrid--;
      // NaN or infinity cannot be subtracted again
      if (oldPrice - oldPrice !== 0) this.sumRest(at);
      else if (this.offGrid === 0) this.rest.clear();
      else this.rest.add(-oldPrice);
    }
    if (ticks === ticks) {
      this.total += ticks;
    } else {
      this.offGrid++;
      this.rest.add(price);
    }
  }

  /** Sums what is off the grid anew, leaving out one place. */
  private sumRest(except: number): void {
    this.rest.clear();
    for (let i = 0; i < this.period; i++) {
      if (i !== except && Number.isNaN(this.ticks[i])) this.rest.add(this.prices[i]);
    }
  }

  private settleMixed(): void {
    const rest = this.rest.over(this.divisor);
    this.value = this.total === 0 ? rest : rest + (this.total * this.tickSize) / this.tickDivisor;
  }
}
