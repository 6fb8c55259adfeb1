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
  /** Numbers in the window other than 0: where there are none the sum begins anew. */
  private members = 0;
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
    if (entering !== leaving) {
      if (leaving !== 0) this.members--;
      if (entering !== 0) this.members++;
      // NaN or infinity cannot be subtracted again
      if (this.members === 0 || leaving - leaving !== 0) {
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
    }
    if (this.missing > 0 && --this.missing > 0) return;
    this.value = this.high + this.low;
  }

  clear(): void {
    this.value = NaN;
    this.values.fill(0);
    this.high = 0;
    this.low = 0;
    this.members = 0;
    this.next = 0;
    this.missing = this.period;
  }

  private sumAnew(): void {
    this.high = 0;
    this.low = 0;
    for (let i = 0; i < this.period && this.members > 0; i++) {
      const value = this.values[i];
      const sum = this.high + value;
      const back = sum - this.high;
      this.low += this.high - (sum - back) + (value - back);
      this.high = sum;
    }
  }
}
