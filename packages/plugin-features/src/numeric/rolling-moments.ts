/**
 * Second, third and fourth central moment of the newest `period` values. O(1) a value, amortised.
 *
 * Sums powers of the distances from the mean that the window had a while ago. The window is summed anew every
 * `period` values, and where the sums have been so much larger that digits would cancel: after an outlier has
 * left, or when the window has travelled many of its own deviations.
 */
export class RollingMoments {
  /** Moments 2, 3 and 4 at places 0, 1 and 2; NaN until there are `period` values. All 0 where they are equal. */
  readonly central = new Float64Array(3).fill(NaN);
  private readonly values: Float64Array;
  /** Σ d, Σ d², Σ d³, Σ d⁴. */
  private readonly sums = new Float64Array(4);
  private origin = NaN;
  private previous = NaN;
  /** Largest Σ d⁴ since the window was summed. */
  private peak = NaN;
  private equal = 0;
  private age = 0;
  private next = 0;
  private missing: number;

  constructor(private readonly period: number) {
    this.values = new Float64Array(period);
    this.missing = period;
  }

  /** Takes in `column[at]`; see {@link central}. */
  push(column: Float64Array, at: number): void {
    const { values, sums, period } = this;
    const value = column[at];
    // places not yet filled hold the first value
    if (this.missing === period) this.begin(value);
    const leaving = values[this.next];
    values[this.next] = value;
    this.next = this.next + 1 === period ? 0 : this.next + 1;
    this.equal = value === this.previous ? this.equal + 1 : 1;
    this.previous = value;

    const d = value - this.origin;
    const e = leaving - this.origin;
    const dd = d * d;
    const ee = e * e;
    sums[0] += d - e;
    sums[1] += dd - ee;
    sums[2] += dd * d - ee * e;
    sums[3] += dd * dd - ee * ee;
    if (sums[3] > this.peak) this.peak = sums[3];
    if (++this.age >= period || leaving - leaving !== 0) this.sumAnew();
    if (this.missing > 0 && --this.missing > 0) return;
    if (this.equal >= period) {
      this.central.fill(0);
      return;
    }
    this.settle();
    if (this.peak > 10_000 * period * this.central[2]) {
      this.sumAnew();
      this.settle();
    }
  }

  clear(): void {
    this.central.fill(NaN);
    this.previous = NaN;
    this.equal = 0;
    this.next = 0;
    this.missing = this.period;
  }

  private begin(value: number): void {
    this.values.fill(value);
    this.sums.fill(0);
    this.origin = value;
    this.peak = 0;
    this.age = 0;
  }

  private settle(): void {
    const { sums, central, period } = this;
    const mean = sums[0] / period;
    const second = sums[1] / period;
    const third = sums[2] / period;
    const square = mean * mean;
    central[0] = second - square;
    central[1] = third - 3 * mean * second + 2 * mean * square;
    central[2] = sums[3] / period - 4 * mean * third + 6 * square * second - 3 * square * square;
  }

  private sumAnew(): void {
    const { values, sums, period } = this;
    const first = values[0];
    let total = 0;
    for (let i = 0; i < period; i++) total += values[i] - first;
    const origin = first + total / period;
    let [one, two, three, four] = [0, 0, 0, 0];
    for (let i = 0; i < period; i++) {
      const d = values[i] - origin;
      one += d;
      two += d * d;
      three += d * d * d;
      four += d * d * d * d;
    }
    sums[0] = one;
    sums[1] = two;
    sums[2] = three;
    sums[3] = four;
    this.origin = origin;
    this.peak = four;
    this.age = 0;
  }
}
