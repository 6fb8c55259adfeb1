import { DoubleSum } from './double-sum.js';
import type { TickScale } from './tick-scale.js';

/**
 * A sum of prices that is exact while all of them lie on the tick grid, and good to about 1e-30 where some
 * do not. Once the last price off the grid has left, it is exact again.
 *
 * A value is given twice: in whole ticks (NaN when off the grid) and as the price. For a source that is a
 * mean of several prices both are the sum of its `parts`, and the division comes last.
 */
export class PriceSum {
  private ticks = 0;
  private offGrid = 0;
  private readonly rest = new DoubleSum();

  constructor(
    private readonly scale: TickScale,
    private readonly parts: number,
  ) {}

  add(ticks: number, price: number): void {
    if (ticks === ticks) {
      this.ticks += ticks;
    } else {
      this.offGrid++;
      this.rest.add(price);
    }
  }

  remove(ticks: number, price: number): void {
    if (ticks === ticks) {
      this.ticks -= ticks;
    } else if (--this.offGrid === 0) {
      this.rest.clear();
    } else {
      this.rest.add(-price);
    }
  }

  /** The sum over `count` values. */
  mean(count: number): number {
    const divisor = count * this.parts;
    if (this.offGrid === 0) return this.scale.price(this.ticks, divisor);
    const rest = this.rest.over(divisor);
    return this.ticks === 0 ? rest : rest + this.scale.price(this.ticks, divisor);
  }

  clear(): void {
    this.ticks = 0;
    this.offGrid = 0;
    this.rest.clear();
  }
}
