import { FEATURE_WINDOW, type FeatureWindow } from './feature-window.js';

/**
 * Direction of the last difference of two series that was not zero, bar by bar. A tie is no direction: a
 * cross is a change of sign against the last difference that had one.
 */
export class CrossTracker {
  /** +1 when the newest bar crossed above, −1 below, 0 neither. */
  crossed = 0;
  private sign = 0;

  constructor(
    private readonly bank: FeatureWindow,
    private readonly column: number,
    readonly other: FeatureWindow | undefined,
    private readonly otherColumn: number,
    readonly level: number,
  ) {
    // Asked for in the middle of a run: look back as far as values are kept, so that it does not matter when
    if (other === undefined || other === bank) {
      const kept = Math.min(bank.count, FEATURE_WINDOW);
      for (let back = kept - 1; back >= 0; back--) this.step(bank.valueAt(column, back) - (other === undefined ? level : other.valueAt(otherColumn, back)));
    } else this.update();
  }

  /** True when the other series belongs to another instrument. */
  get foreign(): boolean {
    return this.other !== undefined && this.other.instrument !== this.bank.instrument;
  }

  update(): void {
    const { other } = this;
    this.step(this.bank.valueAt(this.column, 0) - (other === undefined ? this.level : other.valueAt(this.otherColumn, 0)));
  }

  private step(difference: number): void {
    if (difference > 0) {
      this.crossed = this.sign < 0 ? 1 : 0;
      this.sign = 1;
    } else if (difference < 0) {
      this.crossed = this.sign > 0 ? -1 : 0;
      this.sign = -1;
    } else this.crossed = 0; // a tie, or not warm
  }
}
