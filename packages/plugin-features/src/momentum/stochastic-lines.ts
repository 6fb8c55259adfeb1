import { RollingSum } from '../numeric/rolling-sum.js';

/** Where a value stands in its range, smoothed twice: what `stochastic` and `stoch-rsi` have in common. */
export class StochasticLines {
  /** Bars that the lines need after the first range. */
  readonly warmupBars: number;
  private readonly raw = new Float64Array(1);
  private readonly smooth = new Float64Array(1);
  private readonly k: RollingSum;
  private readonly d: RollingSum;

  /** @param flat a range up to this height has none; above 0 for values that carry rounding noise */
  constructor(
    private readonly slowing: number,
    private readonly signal: number,
    private readonly flat: number,
  ) {
    this.warmupBars = slowing + signal - 2;
    this.k = new RollingSum(slowing);
    this.d = new RollingSum(signal);
  }

  /**
   * Takes in the newest value with its range, and writes both lines.
   *
   * @param range value, lowest and highest, in this order
   */
  push(range: Float64Array, out: Float64Array): void {
    out[0] = NaN;
    out[1] = NaN;
    const width = range[2] - range[1];
    if (!(width >= 0)) return;
    this.raw[0] = width > this.flat ? (100 * (range[0] - range[1])) / width : 50;
    this.k.push(this.raw, 0);
    const k = this.k.value / this.slowing;
    if (k !== k) return;
    this.smooth[0] = k;
    this.d.push(this.smooth, 0);
    const d = this.d.value / this.signal;
    out[0] = d === d ? k : NaN;
    out[1] = d;
  }

  clear(): void {
    this.k.clear();
    this.d.clear();
  }
}
