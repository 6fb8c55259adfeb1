/**
 * Greatest and longest fall of equity below its highest value so far, kept bar by bar without allocation.
 *
 * A drawdown begins at the last time that equity stood at its peak and ends when it is back there; one that is
 * not over counts up to the newest bar. Depth is a fraction of the peak, more than 1 once equity is negative.
 */
export class DrawdownTracker {
  private peak: number;
  private peakTime: number;
  private trough: number;
  private deepest = 0;
  private longest = 0;

  /** Starts at `equity` (above 0) at `time` (ms). */
  constructor(time: number, equity: number) {
    this.peak = equity;
    this.trough = equity;
    this.peakTime = time;
  }

  /** Takes the equity after a bar that closed at `time`. */
  update(time: number, equity: number): void {
    if (equity >= this.peak) {
      if (this.trough < this.peak && time - this.peakTime > this.longest) this.longest = time - this.peakTime;
      this.peak = equity;
      this.trough = equity;
      this.peakTime = time;
      return;
    }
    if (equity < this.trough) {
      this.trough = equity;
      const depth = (this.peak - equity) / this.peak;
      if (depth > this.deepest) this.deepest = depth;
    }
    if (time - this.peakTime > this.longest) this.longest = time - this.peakTime;
  }

  /** Greatest depth so far, a fraction of the peak before it; 0 when equity never fell. */
  get maxDrawdown(): number {
    return this.deepest;
  }

  /** Longest time under a peak so far, ms. */
  get maxDrawdownMs(): number {
    return this.longest;
  }

  /** Depth now. */
  drawdown(equity: number): number {
    return equity >= this.peak ? 0 : (this.peak - equity) / this.peak;
  }
}
