/**
 * The sum of the newest `period` values, and the sum with weights 1 for the oldest to `period` for the newest.
 * O(1) a value, amortised.
 *
 * Sums distances from an origin near the window. They are exact for whole numbers (as long as sums stay below
 * 2^53); others are summed anew every `period` values, so that rounding does not add up, and when a value far
 * from the others leaves, which may have taken their digits. A window of equal values has sums of exactly 0,
 * whatever came before it.
 */
export class LinearSums {
  /** Where distances are measured from. */
  origin = NaN;
  /** Σ d and Σ k d over the window. Without meaning until {@link isFull}. */
  sum = NaN;
  weighted = NaN;
  isFull = false;
  private readonly values: Float64Array;
  private next = 0;
  private missing: number;
  private age = 0;
  /** Equal values in a row, the newest included: where they fill the window the sums are exactly 0. */
  private equal = 0;
  private previous = NaN;

  constructor(private readonly period: number) {
    this.values = new Float64Array(period);
    this.missing = period;
  }

  /** Takes in `column[at]`. */
  push(column: Float64Array, at: number): void {
    const value = column[at];
    const place = this.next;
    if (this.missing === this.period) this.begin(value);
    const leaving = this.values[place];
    this.values[place] = value;
    this.next = place + 1 === this.period ? 0 : place + 1;
    const distance = value - this.origin;
    const left = leaving - this.origin;
    // each value that stays loses one in weight
    this.weighted += this.period * distance - this.sum;
    this.sum += distance - left;
    this.equal = value === this.previous ? this.equal + 1 : 1;
    this.previous = value;
    if (this.equal >= this.period) this.settleEqual(value);
    // negated, so that NaN goes this way too
    else if (++this.age >= this.period || !(Math.abs(leaving) <= 16 * Math.abs(value) + 16)) this.sumAnew(value);
    if (this.missing > 0 && --this.missing === 0) this.isFull = true;
  }

  clear(): void {
    this.next = 0;
    this.missing = this.period;
    this.isFull = false;
    this.equal = 0;
    this.previous = NaN;
  }

  private settleEqual(value: number): void {
    this.origin = value;
    this.sum = 0;
    this.weighted = 0;
    this.age = 0;
  }

  /** Places not yet filled hold the origin, at a distance of 0. */
  private begin(value: number): void {
    this.values.fill(value);
    this.origin = value;
    this.sum = 0;
    this.weighted = 0;
    this.age = 0;
  }

  private sumAnew(origin: number): void {
    const { values, period } = this;
    this.origin = origin;
    this.age = 0;
    let sum = 0;
    let weighted = 0;
    let place = this.next;
    for (let weight = 1; weight <= period; weight++) {
      const distance = values[place] - origin;
      sum += distance;
      weighted += weight * distance;
      if (++place === period) place = 0;
    }
    this.sum = sum;
    this.weighted = weighted;
  }
}
