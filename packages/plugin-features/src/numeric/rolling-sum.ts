/**
 * Sum of the newest `period` numbers. O(1) a number, amortised.
 *
 * Kept in two doubles as in `DoubleSum`, so it does not drift; whole numbers below 2^53 are summed exactly, and a
 * window of zeros sums to exactly 0, whatever came before it.
 */
export class RollingSum {
  /** The sum; NaN until there are `period` numbers. */
  value = NaN;
  private readonly values: Float64Array;
  private high = 0;
  private low = 0;
  /** Zeros in a row, the newest included: where they fill the window the sum begins anew. */
  private zeros = 0;
  private next = 0;
  private missing: number;

  constructor(private readonly period: number) {
    this.values = new Float64Array(period);
    this.missing = period;
  }

  /** Takes in `column[at]`; see {@link value}. */
  push(column: Float64Array, at: number): void {
    const place = this.next;
    const entering = column[at];
    const leaving = this.values[place];
    this.values[place] = entering;
    this.next = place + 1 === this.period ? 0 : place + 1;
    this.zeros = entering === 0 ? this.zeros + 1 : 0;
    if (this.zeros >= this.period) {
      this.high = 0;
      this.low = 0;
    } else if (leaving - leaving !== 0) {
      // NaN or infinity cannot be subtracted again
      this.sumAnew();
    } else {
      const { high } = this;
      const less = high - leaving;
      const lessBack = less - high;
      const more = less + entering;
      const moreBack = more - less;
      this.low += high - (less - lessBack) - (leaving + lessBack) + (less - (more - moreBack) + (entering - moreBack));
      this.high = more;
    }
    if (this.missing > 0 && --this.missing > 0) return;
    this.value = this.high + this.low;
  }

  clear(): void {
    this.value = NaN;
    this.values.fill(0);
    this.high = 0;
    this.low = 0;
    this.zeros = 0;
    this.next = 0;
    this.missing = this.period;
  }

  private sumAnew(): void {
    this.high = 0;
    this.low = 0;
    for (let i = 0; i < this.period; i++) {
      const value = this.values[i];
      const sum = this.high + value;
      const back = sum - this.high;
      this.low += this.high - (sum - back) + (value - back);
      this.high = sum;
    }
  }
}
