import { DoubleSum } from './double-sum.js';
import type { Sample } from './sample.js';

/** Whether a price takes part in averages by volume. */
const counts = (price: number, volume: number): boolean => volume > 0 && volume < Infinity && price - price === 0;

/**
 * Variance of prices by volume that only grows: nothing leaves, so nothing cancels.
 *
 * Source: D. H. D. West, "Updating mean and variance estimates: an improved method", Communications of the ACM 22 (1979).
 */
export class GrowingWeightedVariance {
  /** The variance, of sums of parts; without meaning where there was no volume. */
  value = NaN;
  private mean = NaN;
  private squares = NaN;
  private volumes = NaN;

  constructor() {
    this.clear();
  }

  add(sample: Sample, volumes: Float64Array, at: number): void {
    const { price } = sample;
    const volume = volumes[at];
    if (!counts(price, volume)) return;
    if (this.volumes === 0) this.mean = price;
    this.volumes += volume;
    const distance = price - this.mean;
    this.mean += (distance * volume) / this.volumes;
    this.squares += volume * distance * (price - this.mean);
    this.value = this.squares / this.volumes;
  }

  clear(): void {
    this.squares = 0;
    this.volumes = 0;
  }
}

/**
 * Variance of the prices in a window by volume. O(1) a value, amortised.
 *
 * Sums distances from the mean that the window had a while ago, in two doubles; where the window has travelled
 * many of its own deviations since, it is summed anew.
 */
export class RollingWeightedVariance {
  /** The variance, of sums of parts; without meaning where there is no volume. */
  value = NaN;
  private readonly volume = new DoubleSum();
  private readonly first = new DoubleSum();
  private readonly second = new DoubleSum();
  private origin = NaN;
  private members = 0;

  /** @param prices the window, in any order @param volumes 0 at places not yet filled */
  constructor(
    private readonly prices: Float64Array,
    private readonly volumes: Float64Array,
  ) {}

  /** Takes out what stands at a place of the window. */
  remove(at: number): void {
    if (!counts(this.prices[at], this.volumes[at])) return;
    if (--this.members === 0) this.clear();
    else this.take(at, -1);
  }

  /** Takes in what stands at a place of the window now. */
  add(at: number): void {
    const price = this.prices[at];
    if (!counts(price, this.volumes[at])) return;
    if (this.members++ === 0) this.origin = price;
    this.take(at, 1);
  }

  settle(): void {
    if (this.members === 0) return;
    const mean = this.first.value / this.volume.value;
    const square = mean * mean;
    let variance = this.second.value / this.volume.value - square;
    if (square !== 0 && !(square <= 10_000 * variance)) variance = this.sumAnew();
    this.value = variance > 0 ? variance : 0;
  }

  clear(): void {
    this.volume.clear();
    this.first.clear();
    this.second.clear();
    this.members = 0;
  }

  private take(at: number, sign: 1 | -1): void {
    const volume = sign * this.volumes[at];
    const distance = this.prices[at] - this.origin;
    const product = volume * distance;
    this.volume.add(volume);
    this.first.add(product);
    this.second.add(product * distance);
  }

  /** Moves the origin to the mean. Returns the variance. */
  private sumAnew(): number {
    const { prices, volumes } = this;
    const { members } = this;
    this.origin += this.first.value / this.volume.value;
    this.clear();
    this.members = members;
    for (let i = 0; i < prices.length; i++) if (counts(prices[i], volumes[i])) this.take(i, 1);
    const mean = this.first.value / this.volume.value;
    return this.second.value / this.volume.value - mean * mean;
  }
}
