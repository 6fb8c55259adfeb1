/**
 * A sum kept in two doubles, about 32 decimal digits: values can enter and leave it for years without drift.
 * The second double gathers the exact rounding errors of the first, so an addition waits for one addition only.
 *
 * Source: A. Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", ZAMM 54 (1974);
 * the exact error of a sum: D. E. Knuth, *The Art of Computer Programming* vol. 2 (1969), section 4.2.2.
 */
export class DoubleSum {
  private high = 0;
  private low = 0;

  add(value: number): void {
    const sum = this.high + value;
    const back = sum - this.high;
    this.low += this.high - (sum - back) + (value - back);
    this.high = sum;
  }

  /** Takes `pair[at]` out and `pair[at + 1]` in, as two additions would. */
  exchange(pair: Float64Array, at: number): void {
    const { high } = this;
    const leaving = pair[at];
    const entering = pair[at + 1];
    const less = high - leaving;
    const lessBack = less - high;
    const more = less + entering;
    const moreBack = more - less;
    this.low += high - (less - lessBack) - (leaving + lessBack);
    this.low += less - (more - moreBack) + (entering - moreBack);
    this.high = more;
  }

  clear(): void {
    this.high = 0;
    this.low = 0;
  }

  get value(): number {
    return this.high + this.low;
  }

  /** The sum over `divisor` (a whole number below 2^26), as if divided before any rounding. */
  over(divisor: number): number {
    const sum = this.high + this.low;
    const back = sum - this.high;
    const rest = this.high - (sum - back) + (this.low - back);
    const quotient = sum / divisor;
    // the exact remainder: a quotient split at 26 bits (T. J. Dekker, 1971) gives two products without rounding
    const shifted = quotient * 134_217_729;
    const top = shifted - (shifted - quotient);
    const remainder = sum - top * divisor - (quotient - top) * divisor + rest;
    return quotient + remainder / divisor;
  }
}
