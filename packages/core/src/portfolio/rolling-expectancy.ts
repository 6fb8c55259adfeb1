/**
 * Expectancy of the newest outcomes as a share of their size: Σ outcome / Σ |outcome|, from −1 (all lost) to
 * 1 (all won). It has no unit, so outcomes of any scale can be compared; with the profit factor P it is
 * (P − 1) / (P + 1).
 */
export class RollingExpectancy {
  private readonly outcomes: number[] = [];

  /** @param window newest outcomes that count */
  constructor(private readonly window: number) {}

  get count(): number {
    return this.outcomes.length;
  }

  /** 0 without outcomes, and where all were 0. */
  get ratio(): number {
    let sum = 0;
    let size = 0;
    for (const outcome of this.outcomes) {
      sum += outcome;
      size += Math.abs(outcome);
    }
    return size > 0 ? sum / size : 0;
  }

  add(outcome: number): void {
    if (!Number.isFinite(outcome)) return;
    this.outcomes.push(outcome);
    if (this.outcomes.length > this.window) this.outcomes.shift();
  }
}
