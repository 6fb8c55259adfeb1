/**
 * Highest or lowest of the newest `period` values, and how long ago it was. O(1) a value, amortised.
 *
 * Values are taken in blocks of `period`. A window is the end of one block and the beginning of the next: the extremes of
 * all ends are found once a block, from its end to its beginning, that of the beginning as it grows. Among equal values
 * the newest counts, as in TA-Lib. NaN takes no part; a window of nothing else has no extreme.
 *
 * Source: M. van Herk, "A fast algorithm for local minimum and maximum filters on rectangular and octagonal kernels",
 * Pattern Recognition Letters 13 (1992).
 */
export class RollingExtreme {
  /** The extreme; NaN until `period` values were taken in. */
  value = NaN;
  /** Values taken in since the extreme: 0 when it is the newest. Without meaning while `value` is NaN. */
  age = 0;
  /** 1 for the highest; −1 turns the values around for the lowest. */
  private readonly sign: 1 | -1;
  /** The values of this block up to `next`, then what is the extreme from each place of the last block to its end. */
  private readonly values: Float64Array;
  /** Where in the last block that extreme stands. */
  private readonly places: Int32Array;
  private next = 0;
  /** The extreme of this block, NaN while it holds no number, and its place. */
  private best = NaN;
  private bestPlace = 0;
  private missing: number;

  constructor(
    kind: 'highest' | 'lowest',
    private readonly period: number,
  ) {
    this.sign = kind === 'highest' ? 1 : -1;
    // the place after the last holds no value
    this.values = new Float64Array(period + 1).fill(NaN);
    this.places = new Int32Array(period + 1);
    this.missing = period;
  }

  /** Takes in `column[at]`; see {@link value} and {@link age}. */
  push(column: Float64Array, at: number): void {
    const { values, period } = this;
    const value = this.sign * column[at];
    const place = this.next;
    values[place] = value;
    if (value >= this.best || this.best !== this.best) {
      this.best = value;
      this.bestPlace = place;
    }
    if (this.missing > 0) this.missing--;
    if (this.missing === 0) {
      const earlier = values[place + 1];
      if (this.best >= earlier || earlier !== earlier) {
        this.value = this.sign * this.best;
        this.age = place - this.bestPlace;
      } else {
        this.value = this.sign * earlier;
        this.age = place + period - this.places[place + 1];
      }
    }
    if (place + 1 === period) this.endBlock();
    else this.next = place + 1;
  }

  clear(): void {
    this.value = NaN;
    this.age = 0;
    this.values.fill(NaN);
    this.next = 0;
    this.best = NaN;
    this.missing = this.period;
  }

  private endBlock(): void {
    const { values, places } = this;
    let best = NaN;
    let bestPlace = 0;
    for (let place = this.period - 1; place >= 0; place--) {
      const value = values[place];
      if (value > best || best !== best) {
        best = value;
        bestPlace = place;
      }
      values[place] = best;
      places[place] = bestPlace;
    }
    this.next = 0;
    this.best = NaN;
  }
}
