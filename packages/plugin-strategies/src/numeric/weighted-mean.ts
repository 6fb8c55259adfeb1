import { DoubleSum } from './double-sum.js';

/**
 * Weighted mean of values that enter and leave, without drift: distances from the first value, kept in two
 * doubles. A weight of 0, and a value or weight that is not finite, takes no part.
 */
export class WeightedMean {
  private readonly products = new DoubleSum();
  private readonly weights = new DoubleSum();
  /** Members with a weight: where there are none the sums begin anew. */
  private members = 0;
  /** The value that distances are measured from: the first of the members. */
  origin = NaN;

  add(value: number, weight: number): void {
    if (!takesPart(value, weight)) return;
    if (this.members++ === 0) this.origin = value;
    this.products.add((value - this.origin) * weight);
    this.weights.add(weight);
  }

  /** Takes out what was added before. */
  remove(value: number, weight: number): void {
    if (!takesPart(value, weight)) return;
    if (--this.members === 0) {
      this.clear();
    } else {
      this.products.add((this.origin - value) * weight);
      this.weights.add(-weight);
    }
  }

  /** Mean distance from the origin; NaN where there is no weight. */
  distance(): number {
    return this.members === 0 ? NaN : this.products.value / this.weights.value;
  }

  clear(): void {
    this.products.clear();
    this.weights.clear();
    this.members = 0;
    this.origin = NaN;
  }
}

function takesPart(value: number, weight: number): boolean {
  // false for NaN and infinity, too
  return weight > 0 && weight < Infinity && value - value === 0;
}
