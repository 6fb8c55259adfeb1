/** Splits a double into two halves of 26 bits, whose products are exact (T. J. Dekker, 1971). */
const SPLITTER = 134_217_729;

/**
 * A product of many quotients kept in two doubles, about 31 decimal digits: an index can be carried on for years
 * without drift.
 *
 * Source: T. J. Dekker, "A floating-point technique for extending the available precision", Numerische Mathematik 18
 * (1971).
 */
export class DoubleProduct {
  private high: number;
  private low = 0;

  constructor(private readonly base: number) {
    this.high = base;
  }

  /** Multiplies by `numerator / denominator`. */
  scale(numerator: number, denominator: number): void {
    const { high } = this;
    // the product, and exactly what its rounding took
    const product = high * numerator;
    let shifted = high * SPLITTER;
    const highTop = shifted - (shifted - high);
    shifted = numerator * SPLITTER;
    const numeratorTop = shifted - (shifted - numerator);
    const rest = highTop * numeratorTop - product + highTop * (numerator - numeratorTop) + (high - highTop) * numeratorTop + (high - highTop) * (numerator - numeratorTop);
    // the quotient, and exactly what is left over
    const quotient = product / denominator;
    const back = quotient * denominator;
    shifted = quotient * SPLITTER;
    const quotientTop = shifted - (shifted - quotient);
    shifted = denominator * SPLITTER;
    const denominatorTop = shifted - (shifted - denominator);
    const error = quotientTop * denominatorTop - back + quotientTop * (denominator - denominatorTop) + (quotient - quotientTop) * denominatorTop + (quotient - quotientTop) * (denominator - denominatorTop);
    const small = (product - back - error + rest + this.low * numerator) / denominator;
    this.high = quotient + small;
    this.low = small - (this.high - quotient);
  }

  clear(): void {
    this.high = this.base;
    this.low = 0;
  }

  get value(): number {
    return this.high;
  }
}
