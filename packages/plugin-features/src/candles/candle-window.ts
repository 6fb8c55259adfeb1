import type { BarWindow } from '@keelson/core/domain';
import { Sample } from '../numeric/sample.js';
import { TickScale } from '../numeric/tick-scale.js';

/** Bars kept: the means look back 10, patterns up to 4. A power of two. */
const KEPT = 16;
/** The ring's mask: the bar before the one at `i` stands at `(i - 1) & MASK`. */
export const MASK = KEPT - 1;
/** Bars before a bar that its size is judged by. */
export const MEAN_BARS = 10;
const NEAR_BARS = 5;

/**
 * The newest bars as candles, in ticks: whole numbers on the tick grid, so that sizes which are equal on paper are
 * equal. What is long, short, small or near is judged by the bars before each one, as in TA-Lib.
 */
export class CandleWindow {
  /** Where the newest candle stands. */
  index = MASK;
  readonly open = new Float64Array(KEPT);
  readonly high = new Float64Array(KEPT);
  readonly low = new Float64Array(KEPT);
  readonly close = new Float64Array(KEPT);
  /** Higher and lower one of open and close. */
  readonly top = new Float64Array(KEPT);
  readonly bottom = new Float64Array(KEPT);
  readonly body = new Float64Array(KEPT);
  readonly upper = new Float64Array(KEPT);
  readonly lower = new Float64Array(KEPT);
  /** 1 for a close at or above the open, −1 below. */
  readonly colour = new Int8Array(KEPT);
  /** A body above this is long, one of at most this is short: the mean body of the 10 bars before. */
  readonly meanBody = new Float64Array(KEPT);
  /** A tenth of the mean range of the 10 bars before: a body of at most this is a doji's, a shadow below it very short. */
  readonly tiny = new Float64Array(KEPT);
  /** A twentieth, a fifth and three fifths of the mean range of the 5 bars before. */
  readonly equal = new Float64Array(KEPT);
  readonly near = new Float64Array(KEPT);
  readonly far = new Float64Array(KEPT);
  private readonly range = new Float64Array(KEPT);
  private readonly scale: TickScale;
  private readonly sample = new Sample();

  constructor(private readonly tickSize: number) {
    this.scale = TickScale.of(tickSize, 1);
  }

  push(bars: BarWindow): void {
    const { open, high, low, close, top, bottom, body, range } = this;
    const i = (this.index + 1) & MASK;
    this.index = i;
    this.take(open, bars.open, bars.index);
    this.take(high, bars.high, bars.index);
    this.take(low, bars.low, bars.index);
    this.take(close, bars.close, bars.index);
    const rises = close[i] >= open[i];
    top[i] = rises ? close[i] : open[i];
    bottom[i] = rises ? open[i] : close[i];
    body[i] = top[i] - bottom[i];
    range[i] = high[i] - low[i];
    this.upper[i] = high[i] - top[i];
    this.lower[i] = bottom[i] - low[i];
    this.colour[i] = rises ? 1 : -1;
    // summed anew for each bar: a running sum would keep the rounding of prices off the grid
    let bodies = 0;
    let ranges = 0;
    let nearRanges = 0;
    for (let back = 1; back <= MEAN_BARS; back++) {
      const at = (i - back) & MASK;
      bodies += body[at];
      ranges += range[at];
      if (back === NEAR_BARS) nearRanges = ranges;
    }
    this.meanBody[i] = bodies / MEAN_BARS;
    this.tiny[i] = 0.1 * (ranges / MEAN_BARS);
    const nearMean = nearRanges / NEAR_BARS;
    this.equal[i] = 0.05 * nearMean;
    this.near[i] = 0.2 * nearMean;
    this.far[i] = 0.6 * nearMean;
  }

  clear(): void {
    this.index = MASK;
    for (const column of [this.open, this.high, this.low, this.close, this.body, this.range]) column.fill(0);
  }

  private take(into: Float64Array, column: Float64Array, at: number): void {
    const { sample } = this;
    sample.price = column[at];
    this.scale.locate(sample);
    into[this.index] = sample.ticks === sample.ticks ? sample.ticks : sample.price / this.tickSize;
  }
}
