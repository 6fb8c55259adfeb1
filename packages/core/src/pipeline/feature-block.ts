import { BarRing } from '../series/bar-ring.js';
import type { FeatureRows } from './feature-rows.js';
import type { FeatureSlot } from './feature-slot.js';

/** Bars that are computed at once: their rows and a feature's state stay in the nearest cache. A power of two. */
export const BLOCK_BARS = 128;
/** Twice what a series keeps: with a block to come, as many bars before the one at hand are still there. */
const RING_BARS = 2048;

/** Bars on their way to a series, known before the kernel comes to them. */
export interface ComingBars {
  /**
   * Puts the bar at hand and those that follow it into `ring`.
   * @returns how many, at least 1 and at most `most`
   */
  preview(ring: BarRing, most: number): number;
}

/**
 * Features over a block of bars, one feature after the other: what one of them keeps and its code stay at hand, where
 * all of them on each bar would push one another out. The bars stand in a ring of their own, so that whoever looks at
 * the series sees none that is still to come.
 */
export class FeatureBlock {
  private readonly ring = new BarRing(RING_BARS);
  private size = 0;
  private at = 0;
  /** Bar of the block on which a feature threw. */
  private failedAt = BLOCK_BARS;
  private failed: FeatureSlot | undefined;
  private thrown: unknown;

  constructor(
    private readonly slots: readonly FeatureSlot[],
    private readonly rows: FeatureRows,
    private readonly coming: ComingBars,
  ) {}

  /**
   * Comes to the next bar, whose values are in the row `row` then.
   * @returns the feature that threw on it, see `cause`
   */
  next(row: number): FeatureSlot | undefined {
    if (this.at === this.size) this.compute(row);
    return this.at++ === this.failedAt ? this.failed : undefined;
  }

  get cause(): unknown {
    return this.thrown;
  }

  private compute(row: number): void {
    const { ring, slots } = this;
    const { index, count } = ring;
    this.at = 0;
    this.size = this.coming.preview(ring, BLOCK_BARS);
    for (let s = 0; s < slots.length; s++) {
      const slot = slots[s] as FeatureSlot;
      ring.index = index;
      ring.count = count;
      try {
        this.run(slot, row);
      } catch (thrown) {
        const bar = ring.count - count - 1;
        if (bar >= this.failedAt) continue; // another one threw before it
        this.failedAt = bar;
        this.failed = slot;
        this.thrown = thrown;
      }
    }
    ring.index = (index + this.size) & ring.mask;
    ring.count = count + this.size;
  }

  private run(slot: FeatureSlot, row: number): void {
    const { ring, rows, size } = this;
    const { update, feature, out, column } = slot;
    const { mask } = ring;
    for (let i = 0; i < size; i++) {
      ring.index = (ring.index + 1) & mask;
      ring.count++;
      update.call(feature, ring, out);
      rows.put(row + i, column, out);
    }
  }
}
