import { FEATURE_WINDOW, type FeatureWindow } from './feature-window.js';

const MASK = FEATURE_WINDOW - 1;

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
    readonly ring: Float64Array,
    readonly other: FeatureWindow | undefined,
    readonly otherRing: Float64Array | undefined,
    readonly level: number,
  ) {
    // Asked for in the middle of a run: look back as far as values are kept, so that it does not matter when
    if (other === undefined || other === bank) {
      const kept = Math.min(bank.count, FEATURE_WINDOW);
      for (let back = kept - 1; back >= 0; back--) {
        const at = (bank.head - back) & MASK;
        this.step((ring[at] as number) - (otherRing === undefined ? level : (otherRing[at] as number)));
      }
    } else this.update();
  }

  /** True when the other series belongs to another instrument. */
  get foreign(): boolean {
    return this.other !== undefined && this.other.instrument !== this.bank.instrument;
  }

  update(): void {
    const value = this.ring[this.bank.head] as number;
    const against = this.otherRing === undefined ? this.level : (this.otherRing[(this.other as FeatureWindow).head] as number);
    this.step(value - against);
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
