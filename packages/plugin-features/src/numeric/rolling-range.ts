/**
 * Highest of one series and lowest of another over the newest `period` values, such as the range of the newest bars.
 * O(1) a value, amortised; found by blocks as in `RollingExtreme`, both at once and without their age. NaN takes no part.
 */
export class RollingRange {
  /** NaN until `period` values were taken in. */
  highest = NaN;
  lowest = NaN;
  /** The values of this block up to `next`, then what is the extreme from each place of the last block to its end. */
  private readonly highs: Float64Array;
  private readonly lows: Float64Array;
  private next = 0;
  /** Of this block so far. */
  private high = -Infinity;
  private low = Infinity;
  private missing: number;

  constructor(private readonly period: number) {
    // the place after the last holds no value
    this.highs = new Float64Array(period + 1).fill(-Infinity);
    this.lows = new Float64Array(period + 1).fill(Infinity);
    this.missing = period;
  }

  /** Takes in `highs[highAt]` and `lows[lowAt]`; see {@link highest} and {@link lowest}. */
  push(highs: Float64Array, highAt: number, lows: Float64Array, lowAt: number): void {
    const place = this.next;
    const high = highs[highAt];
    const low = lows[lowAt];
    this.highs[place] = high;
    this.lows[place] = low;
    if (high > this.high) this.high = high;
    if (low < this.low) this.low = low;
    const after = place + 1;
    if (this.missing > 0) this.missing--;
    if (this.missing === 0) {
      const earlierHigh = this.highs[after];
      const earlierLow = this.lows[after];
      const highest = earlierHigh > this.high ? earlierHigh : this.high;
      const lowest = earlierLow < this.low ? earlierLow : this.low;
      // a window without a number has neither
      this.highest = highest === -Infinity ? NaN : highest;
      this.lowest = lowest === Infinity ? NaN : lowest;
    }
    if (after === this.period) this.endBlock();
    else this.next = after;
  }

  clear(): void {
    this.highest = NaN;
    this.lowest = NaN;
    this.highs.fill(-Infinity);
    this.lows.fill(Infinity);
    this.next = 0;
    this.high = -Infinity;
    this.low = Infinity;
    this.missing = this.period;
  }

  private endBlock(): void {
    const { highs, lows } = this;
    let high = -Infinity;
    let low = Infinity;
    for (let place = this.period - 1; place >= 0; place--) {
      if (highs[place] > high) high = highs[place];
      if (lows[place] < low) low = lows[place];
      highs[place] = high;
      lows[place] = low;
    }
    this.next = 0;
    this.high = -Infinity;
    this.low = Infinity;
  }
}
