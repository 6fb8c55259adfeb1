/** Equity in buckets of equal numbers of bars, oldest first: row `i` of every column is one bucket. */
export type CurvePoints = {
  readonly length: number;
  /** Close of the bucket's last bar (UtcMs). */
  readonly time: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  /** Equity after the bucket's last bar. */
  readonly last: Float64Array;
};

/**
 * The equity curve in bounded memory: every session's close exactly, and a decimated curve of at most `capacity`
 * points. When the points are used up, neighbours merge and a point stands for twice as many bars; lows and highs
 * survive. O(1) a bar on average; allocates only as sessions are added.
 */
export class EquityCurve {
  private readonly time: Float64Array;
  private readonly min: Float64Array;
  private readonly max: Float64Array;
  private readonly last: Float64Array;
  private length = 0;
  private barsPerPoint = 1;
  private barsInPoint = 0;
  private closeTimes = new Float64Array(256);
  private closes = new Float64Array(256);
  private sessions = 0;

  /** @param capacity most points kept; even, 2 or more */
  constructor(private readonly capacity = 4096) {
    if (capacity < 2 || capacity % 2 !== 0) throw new RangeError(`capacity was ${capacity}, expected an even number from 2`);
    this.time = new Float64Array(capacity);
    this.min = new Float64Array(capacity);
    this.max = new Float64Array(capacity);
    this.last = new Float64Array(capacity);
  }

  /** Takes the close time of a bar and the equity after it: `[time, equity]`. */
  update(sample: Float64Array): void {
    const equity = sample[1] as number;
    if (this.barsInPoint === this.barsPerPoint) this.barsInPoint = 0;
    if (this.barsInPoint === 0) this.begin(equity);
    this.barsInPoint++;
    const i = this.length - 1;
    this.time[i] = sample[0] as number;
    this.last[i] = equity;
    if (equity < (this.min[i] as number)) this.min[i] = equity;
    if (equity > (this.max[i] as number)) this.max[i] = equity;
  }

  /** As {@link update} for `count` bars, oldest first: `equity[i]` at `times[(first + i) & mask]`. */
  updateAll(times: Float64Array, first: number, mask: number, equity: Float64Array, count: number): void {
    for (let done = 0; done < count; ) {
      if (this.barsInPoint === this.barsPerPoint) this.barsInPoint = 0;
      if (this.barsInPoint === 0) this.begin(equity[done] as number);
      const end = Math.min(count, done + this.barsPerPoint - this.barsInPoint);
      this.barsInPoint += end - done;
      const point = this.length - 1;
      let min = this.min[point] as number;
      let max = this.max[point] as number;
      for (; done < end; done++) {
        const value = equity[done] as number;
        if (value < min) min = value;
        if (value > max) max = value;
      }
      this.time[point] = times[(first + end - 1) & mask] as number;
      this.min[point] = min;
      this.max[point] = max;
      this.last[point] = equity[end - 1] as number;
    }
  }

  /** Takes the equity at a session's close; the run's end counts as one. A second call for one time replaces the first. */
  closeSession(time: number, equity: number): void {
    if (this.sessions > 0 && this.closeTimes[this.sessions - 1] === time) {
      this.closes[this.sessions - 1] = equity;
      return;
    }
    if (this.sessions === this.closes.length) {
      this.closeTimes = grown(this.closeTimes);
      this.closes = grown(this.closes);
    }
    this.closeTimes[this.sessions] = time;
    this.closes[this.sessions] = equity;
    this.sessions++;
  }

  /** The decimated curve; a copy. */
  points(): CurvePoints {
    const { length } = this;
    return { length, time: this.time.slice(0, length), min: this.min.slice(0, length), max: this.max.slice(0, length), last: this.last.slice(0, length) };
  }

  /** Close time (UtcMs) of each session; a copy. */
  sessionTimes(): Float64Array {
    return this.closeTimes.slice(0, this.sessions);
  }

  /** Equity at each session's close; a copy. */
  sessionEquity(): Float64Array {
    return this.closes.slice(0, this.sessions);
  }

  /** Begins the point that holds the next bar. */
  private begin(equity: number): void {
    if (this.length === this.capacity) this.halve();
    const i = this.length++;
    this.min[i] = equity;
    this.max[i] = equity;
  }

  /** Merges each point with its neighbour. Called when all points are complete. */
  private halve(): void {
    const half = this.capacity / 2;
    for (let i = 0; i < half; i++) {
      const left = 2 * i;
      const right = left + 1;
      this.time[i] = this.time[right] as number;
      this.last[i] = this.last[right] as number;
      this.min[i] = Math.min(this.min[left] as number, this.min[right] as number);
      this.max[i] = Math.max(this.max[left] as number, this.max[right] as number);
    }
    this.length = half;
    this.barsPerPoint *= 2;
  }
}

function grown(values: Float64Array): Float64Array<ArrayBuffer> {
  const more = new Float64Array(values.length * 2);
  more.set(values);
  return more;
}
