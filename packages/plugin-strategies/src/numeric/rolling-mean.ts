import { PriceSum } from './price-sum.js';
import type { TickScale } from './tick-scale.js';

/** Mean of the newest `period` values, exact on the tick grid. O(1) a value. */
export class RollingMean {
  private readonly ticks: Float64Array;
  private readonly prices: Float64Array;
  private readonly sum: PriceSum;
  private next = 0;
  private filled = 0;

  /** @param parts prices that one value is the sum of, e.g. 2 for (high + low) / 2 */
  constructor(
    scale: TickScale,
    private readonly period: number,
    parts: number,
  ) {
    this.ticks = new Float64Array(period);
    this.prices = new Float64Array(period);
    this.sum = new PriceSum(scale, parts);
  }

  /** Takes a value in and returns the mean; NaN until there are `period` of them. */
  push(ticks: number, price: number): number {
    const at = this.next;
    let poisoned = false;
    if (this.filled === this.period) {
      const leaving = this.prices[at] as number;
      this.sum.remove(this.ticks[at] as number, leaving);
      poisoned = leaving - leaving !== 0;
    } else {
      this.filled++;
    }
    this.ticks[at] = ticks;
    this.prices[at] = price;
    this.next = at + 1 === this.period ? 0 : at + 1;
    // NaN or infinity cannot be subtracted again
    if (poisoned) this.rebuild();
    else this.sum.add(ticks, price);
    return this.filled === this.period ? this.sum.mean(this.period) : NaN;
  }

  clear(): void {
    this.sum.clear();
    this.next = 0;
    this.filled = 0;
  }

  private rebuild(): void {
    this.sum.clear();
    for (let i = 0; i < this.filled; i++) this.sum.add(this.ticks[i] as number, this.prices[i] as number);
  }
}
