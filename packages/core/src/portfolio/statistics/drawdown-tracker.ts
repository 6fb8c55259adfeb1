// places of the tracker's state
const PEAK = 0;
const PEAK_TIME = 1;
/** Lowest equity since the peak. */
const TROUGH = 2;
const DEEPEST = 3;
const LONGEST = 4;

/**
 * Greatest and longest fall of equity below its highest value so far, kept bar by bar without allocation.
 *
 * A drawdown begins at the last time that equity stood at its peak and ends when it is back there; one that is
 * not over counts up to the newest bar. Depth is a fraction of the peak, more than 1 once equity is negative.
 */
export class DrawdownTracker {
  // numbers in fields of an object are boxed, and may be allocated anew with every change; these never are
  private readonly state: Float64Array;

  /** Starts at `equity` (above 0) at `time` (ms). */
  constructor(time: number, equity: number) {
    this.state = Float64Array.of(equity, time, equity, 0, 0);
  }

  /** Takes the close time of a bar and the equity after it: `[time, equity]`. */
  update(sample: Float64Array): void {
    const time = sample[0] as number;
    const equity = sample[1] as number;
    const { state } = this;
    const peak = state[PEAK] as number;
    if (equity >= peak) {
      if ((state[TROUGH] as number) < peak) this.extend(sample);
      state[PEAK] = equity;
      state[TROUGH] = equity;
      state[PEAK_TIME] = time;
      return;
    }
    if (equity < (state[TROUGH] as number)) {
      state[TROUGH] = equity;
      const depth = (peak - equity) / peak;
      if (depth > (state[DEEPEST] as number)) state[DEEPEST] = depth;
    }
    this.extend(sample);
  }

  /** As {@link update} for `count` bars, oldest first: `equity[i]` at `times[(first + i) & mask]`. */
  updateAll(times: Float64Array, first: number, mask: number, equity: Float64Array, count: number): void {
    const { state } = this;
    let peak = state[PEAK] as number;
    let peakTime = state[PEAK_TIME] as number;
    let trough = state[TROUGH] as number;
    let deepest = state[DEEPEST] as number;
    let longest = state[LONGEST] as number;
    for (let i = 0; i < count; i++) {
      const time = times[(first + i) & mask] as number;
      const value = equity[i] as number;
      const rises = value >= peak;
      if (!rises || trough < peak) {
        const duration = time - peakTime;
        if (duration > longest) longest = duration;
      }
      if (rises) {
        peak = trough = value;
        peakTime = time;
      } else if (value < trough) {
        trough = value;
        const depth = (peak - value) / peak;
        if (depth > deepest) deepest = depth;
      }
    }
    state[PEAK] = peak;
    state[PEAK_TIME] = peakTime;
    state[TROUGH] = trough;
    state[DEEPEST] = deepest;
    state[LONGEST] = longest;
  }

  /** Greatest depth so far, a fraction of the peak before it; 0 when equity never fell. */
  get maxDrawdown(): number {
    return this.state[DEEPEST] as number;
  }

  /** Longest time under a peak so far, ms. */
  get maxDrawdownMs(): number {
    return this.state[LONGEST] as number;
  }

  /** Depth that `equity` would be at now. */
  drawdown(equity: number): number {
    const peak = this.state[PEAK] as number;
    return equity >= peak ? 0 : (peak - equity) / peak;
  }

  private extend(sample: Float64Array): void {
    const time = sample[0] as number;
    const duration = time - (this.state[PEAK_TIME] as number);
    if (duration > (this.state[LONGEST] as number)) this.state[LONGEST] = duration;
  }
}
