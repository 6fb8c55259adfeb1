/**
 * Highest or lowest of the newest `period` values, and how long ago it was. O(1) a value, amortised.
 *
 * A monotonic deque: a value stays only as long as no later one is as extreme. So among equal values the newest
 * counts, as in TA-Lib. NaN takes no part; a window of nothing else has no extreme.
 *
 * Source: D. Lemire, "Streaming maximum-minimum filter using no more than three comparisons per element",
 * Nordic Journal of Computing 13 (2006).
 */
export class RollingExtreme {
  /** The extreme; NaN until `period` values were taken in. */
  value = NaN;
  /** Values taken in since the extreme: 0 when it is the newest. Without meaning while `value` is NaN. */
  age = 0;
  /** 1 for the highest; −1 turns the values around for the lowest. */
  private readonly sign: 1 | -1;
  private readonly values: Float64Array;
  /** When each of the values came, by a clock that may wrap around. */
  private readonly times: Int32Array;
  private readonly mask: number;
  private head = 0;
  private size = 0;
  private now = 0;
  private missing: number;

  constructor(
    kind: 'highest' | 'lowest',
    private readonly period: number,
  ) {
    this.sign = kind === 'highest' ? 1 : -1;
    const capacity = 2 ** Math.ceil(Math.log2(period));
    this.mask = capacity - 1;
    this.values = new Float64Array(capacity);
    this.times = new Int32Array(capacity);
    this.missing = period;
  }

  /** Takes in `column[at]`; see {@link value} and {@link age}. */
  push(column: Float64Array, at: number): void {
    const { values, times, mask, now } = this;
    const value = this.sign * column[at];
    let { head, size } = this;
    if (size > 0 && ((now - times[head]) | 0) === this.period) {
      head = (head + 1) & mask;
      size--;
    }
    if (value === value) {
      while (size > 0 && values[(head + size - 1) & mask] <= value) size--;
      const place = (head + size) & mask;
      values[place] = value;
      times[place] = now;
      size++;
    }
    this.head = head;
    this.size = size;
    this.now = (now + 1) | 0;
    if (this.missing > 0 && --this.missing > 0) return;
    if (size > 0) {
      this.value = this.sign * values[head];
      this.age = (now - times[head]) | 0;
    } else {
      this.value = NaN;
    }
  }

  clear(): void {
    this.value = NaN;
    this.age = 0;
    this.head = 0;
    this.size = 0;
    this.now = 0;
    this.missing = this.period;
  }
}
