/**
 * A sum kept in two doubles, about 32 decimal digits: values can enter and leave it for years without drift.
 *
 * Source: D. E. Knuth, *The Art of Computer Programming* vol. 2 (1969), section 4.2.2 (the exact sum of two
 * doubles); T. J. Dekker, "A floating-point technique for extending the available precision" (1971).
 */
export class DoubleSum {
  private high = 0;
  private low = 0;

  add(value: number): void {
    const sum = this.high + value;
    const back = sum - this.high;
    const tail = this.low + (this.high - (sum - back)) + (value - back);
    this.high = sum + tail;
    this.low = tail - (this.high - sum);
  }

  clear(): void {
    this.high = 0;
    this.low = 0;
  }

  get value(): number {
    return this.high;
  }

  /** The sum over `divisor` (a whole number below 2^26), as if divided before any rounding. */
  over(divisor: number): number {
    const quotient = this.high / divisor;
    // the exact remainder: a quotient split at 26 bits gives two products without rounding
    const shifted = quotient * 134_217_729;
    const top = shifted - (shifted - quotient);
    const remainder = this.high - top * divisor - (quotient - top) * divisor + this.low;
    return quotient + remainder / divisor;
  }
}
