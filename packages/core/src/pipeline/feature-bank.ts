import type { BarWindow } from '../domain/market-data.js';
import type { Feature } from '../ports/feature.js';

/** Values kept per output. A power of two. */
export const FEATURE_WINDOW = 256;
const MASK = FEATURE_WINDOW - 1;

/** One feature in use, with the newest values of each of its outputs. */
export class FeatureSlot {
  /** One ring per output; the newest value stands at the bank's `head`. */
  readonly rings: readonly Float64Array[];
  /** What `update` writes. */
  readonly out: Float64Array;

  constructor(
    readonly name: string,
    readonly feature: Feature,
    readonly outputs: readonly string[],
  ) {
    this.rings = outputs.map(() => new Float64Array(FEATURE_WINDOW).fill(Number.NaN));
    this.out = new Float64Array(outputs.length).fill(Number.NaN);
  }
}

/**
 * Direction of the last difference of two series that was not zero, bar by bar. A tie is no direction: a
 * cross is a change of sign against the last difference that had one.
 */
export class CrossTracker {
  /** +1 when the newest bar crossed above, −1 below, 0 neither. */
  crossed = 0;
  private sign = 0;

  constructor(
    private readonly bank: FeatureBank,
    readonly ring: Float64Array,
    readonly other: FeatureBank | undefined,
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

  update(): void {
    const value = this.ring[this.bank.head] as number;
    const against = this.otherRing === undefined ? this.level : (this.otherRing[(this.other as FeatureBank).head] as number);
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

/** All features of one instrument and timeframe, updated together on each of its closed bars. */
export class FeatureBank {
  /** Closed bars seen. */
  count = 0;
  /** Where the newest values stand in every ring. */
  head = MASK;
  private readonly slots = new Map<string, FeatureSlot>();
  private list: FeatureSlot[] = [];
  private crosses: CrossTracker[] = [];

  constructor(
    readonly timeframe: string,
    readonly timeframeMs: number,
  ) {}

  get size(): number {
    return this.list.length;
  }

  find(key: string): FeatureSlot | undefined {
    return this.slots.get(key);
  }

  add(key: string, slot: FeatureSlot): void {
    this.slots.set(key, slot);
    this.list.push(slot);
  }

  track(cross: CrossTracker): void {
    this.crosses.push(cross);
  }

  update(bars: BarWindow): void {
    const head = (this.head + 1) & MASK;
    this.head = head;
    this.count++;
    const { list, crosses } = this;
    for (let i = 0; i < list.length; i++) {
      const slot = list[i] as FeatureSlot;
      slot.feature.update(bars, slot.out);
      const { out, rings } = slot;
      for (let o = 0; o < rings.length; o++) (rings[o] as Float64Array)[head] = out[o] as number;
    }
    for (let i = 0; i < crosses.length; i++) (crosses[i] as CrossTracker).update();
  }
}
