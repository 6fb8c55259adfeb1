/** Losing round trips in a row over all instruments. A round trip ends when its position is gone or has turned around. */
export class LossStreak {
  losses = 0;
  /** What the trades of each open round trip came to, in the base currency after commission. */
  private readonly open: Float64Array;

  constructor(instruments: number) {
    this.open = new Float64Array(instruments);
  }

  add(instrument: number, profit: number): void {
    this.open[instrument] = (this.open[instrument] as number) + profit;
  }

  /** Judges an instrument's round trip if it has ended: `before` and `after` are signed lots around a fill. */
  settle(instrument: number, before: number, after: number): void {
    if (before === 0 || before * after > 0) return;
    const profit = this.open[instrument] as number;
    this.open[instrument] = 0;
    if (profit < 0) this.losses++;
    else if (profit > 0) this.losses = 0;
  }
}
