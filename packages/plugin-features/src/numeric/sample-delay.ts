import { Sample } from './sample.js';

/** Hands out each value again a number of values later. */
export class SampleDelay {
  /** The value `delay` values before the newest; NaN until there is one. */
  readonly sample = new Sample();
  private readonly ticks: Float64Array;
  private readonly prices: Float64Array;
  private next = 0;

  constructor(private readonly delay: number) {
    this.ticks = new Float64Array(delay).fill(NaN);
    this.prices = new Float64Array(delay).fill(NaN);
  }

  push({ ticks, price }: Sample): void {
    const at = this.next;
    this.sample.ticks = this.ticks[at];
    this.sample.price = this.prices[at];
    this.ticks[at] = ticks;
    this.prices[at] = price;
    this.next = at + 1 === this.delay ? 0 : at + 1;
  }

  clear(): void {
    this.ticks.fill(NaN);
    this.prices.fill(NaN);
    this.next = 0;
  }
}
