import type { Sample } from './sample.js';

/** Adding and subtracting 1.5 × 2^52 rounds a double below 2^51 to a whole number: two additions, no branch. */
const ROUNDER = 6_755_399_441_055_744;
const LARGEST_ROUNDED = 2 ** 51;
const MOST_SHARED = 1_000;

/**
 * Turns prices into whole ticks and sums of ticks back into a price, without rounding noise.
 *
 * A tick size is a decimal, so it is a ratio of whole numbers, `numerator / denominator`. A sum of ticks is
 * a whole number as long as it stays below 2^53, and its mean is then *one* correctly rounded division.
 * Two means that are equal on paper are therefore the same double, whatever their windows.
 */
export class TickScale {
  /** Scales do not change, so features share them: what all of them read stays in the nearest cache. */
  private static readonly shared = new Map<string, TickScale>();

  /** The tick size is `numerator / denominator`, in lowest terms. */
  readonly numerator: number;
  readonly denominator: number;
  private readonly perPrice: number;
  private readonly largest: number;

  /**
   * @param tickSize price of one tick
   * @param terms most prices that are ever summed before a division; bounds the ticks that stay exact
   */
  static of(tickSize: number, terms: number): TickScale {
    const { shared } = TickScale;
    const key = `${tickSize} ${terms}`;
    const known = shared.get(key);
    if (known !== undefined) return known;
    if (shared.size >= MOST_SHARED) shared.clear(); // those in use live on
    const scale = new TickScale(tickSize, terms);
    shared.set(key, scale);
    return scale;
  }

  private constructor(
    readonly tickSize: number,
    terms: number,
  ) {
    if (!(tickSize > 0) || !Number.isFinite(tickSize)) throw new RangeError(`tickSize was ${tickSize}, expected a positive number`);
    let denominator = 1;
    while (denominator < 1e12 && Math.abs(Math.round(tickSize * denominator) - tickSize * denominator) > 1e-9 * tickSize * denominator) denominator *= 10;
    const numerator = Math.round(tickSize * denominator);
    const divisor = greatestCommonDivisor(numerator, denominator);
    this.numerator = numerator / divisor;
    this.denominator = denominator / divisor;
    this.perPrice = this.denominator / this.numerator;
    const safe = this.numerator > 0 && this.denominator * terms < Number.MAX_SAFE_INTEGER;
    this.largest = safe ? Math.min(LARGEST_ROUNDED, Math.floor(Number.MAX_SAFE_INTEGER / (this.numerator * terms))) : -1;
  }

  /**
   * Sets the sample's whole ticks by its price: NaN for one that is not on the grid, or too large to sum exactly.
   * A price within 1e-15 of a tick (relative) counts as on it: that is the noise of one multiplication.
   */
  locate(sample: Sample): void {
    const { price } = sample;
    const ticks = price * this.perPrice + ROUNDER - ROUNDER;
    const onGrid = Math.abs(ticks * this.tickSize - price) <= 1e-15 * Math.abs(price) && Math.abs(ticks) <= this.largest;
    sample.ticks = onGrid ? ticks : NaN;
  }

  /** Writes the price `column[at]` in ticks to `out[place]`: a whole number on the grid, a fraction off it. */
  locateInto(column: Float64Array, at: number, out: Float64Array, place: number): void {
    const price = column[at];
    const ticks = price * this.perPrice + ROUNDER - ROUNDER;
    const onGrid = Math.abs(ticks * this.tickSize - price) <= 1e-15 * Math.abs(price) && Math.abs(ticks) <= this.largest;
    out[place] = onGrid ? ticks : price / this.tickSize;
  }

  /** The price of `ticks / count` ticks, rounded once when `ticks` is whole. */
  price(ticks: number, count: number): number {
    return (ticks * this.numerator) / (count * this.denominator);
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  while (b > 0) [a, b] = [b, a % b];
  return a > 0 ? a : 1;
}
