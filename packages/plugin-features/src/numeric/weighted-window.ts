import type { PriceSource } from './price-source.js';
import { partsOf } from './price-source.js';
import type { Sample } from './sample.js';
import type { TickScale } from './tick-scale.js';
import { WeightedMean } from './weighted-mean.js';

/** Mean by volume of the newest `length` prices. */
export class WeightedWindow {
  readonly mean: WeightedMean;
  /** The window, in the order of a ring; volumes are 0 at places not yet filled. */
  readonly prices: Float64Array;
  readonly volumes: Float64Array;
  isFull = false;
  /** The place that is taken next: until the window is full it is empty, then it holds the oldest. */
  next = 0;
  private missing: number;

  constructor(
    private readonly length: number,
    source: PriceSource,
    scale: TickScale,
  ) {
    this.mean = new WeightedMean(scale, partsOf(source));
    this.prices = new Float64Array(length);
    this.volumes = new Float64Array(length);
    this.missing = length;
  }

  push(sample: Sample, volumes: Float64Array, at: number): void {
    const place = this.next;
    if (this.isFull) this.mean.remove(this.prices, this.volumes, place);
    else if (--this.missing === 0) this.isFull = true;
    this.mean.add(sample, volumes, at);
    this.prices[place] = sample.price;
    this.volumes[place] = volumes[at];
    this.next = place + 1 === this.length ? 0 : place + 1;
    this.mean.settle();
  }

  clear(): void {
    this.mean.clear();
    this.volumes.fill(0);
    this.isFull = false;
    this.next = 0;
    this.missing = this.length;
  }
}
