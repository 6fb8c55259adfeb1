import type { BarWindow } from '../domain/market-data.js';
import { KeelsonError, isKeelsonError, messageOf } from '../errors.js';
import type { CrossTracker } from './cross-tracker.js';
import { BLOCK_BARS, FeatureBlock, type ComingBars } from './feature-block.js';
import { FeatureRows } from './feature-rows.js';
import type { FeatureSlot } from './feature-slot.js';
import { FEATURE_WINDOW, type FeatureWindow } from './feature-window.js';

/** All features of one instrument and timeframe, updated together on each of its closed bars. */
export class FeatureBank implements FeatureWindow {
  /** Closed bars seen. */
  count = 0;
  private mask = FEATURE_WINDOW - 1;
  private head = this.mask;
  private readonly rows = new FeatureRows();
  private readonly slots = new Map<string, FeatureSlot>();
  private list: FeatureSlot[] = [];
  /** Those that are computed ahead, and the others. */
  private block: FeatureBlock | undefined;
  private single: readonly FeatureSlot[] = [];
  private crosses: CrossTracker[] = [];
  private lateCrosses: CrossTracker[] = [];
  private settledAt = 0;

  constructor(
    readonly timeframe: string,
    readonly timeframeMs: number,
    /** Index of the instrument in the account's order. */
    readonly instrument: number,
  ) {}

  get size(): number {
    return this.list.length;
  }

  /** All features, in the order in which they are updated. */
  get features(): readonly FeatureSlot[] {
    return this.list;
  }

  find(key: string): FeatureSlot | undefined {
    return this.slots.get(key);
  }

  add(key: string, slot: FeatureSlot): void {
    this.slots.set(key, slot);
    this.list.push(slot);
    const before = this.rows.newest;
    slot.column = this.rows.add(slot.outputs.length);
    const { newest } = this.rows;
    for (const each of newest === before ? [slot] : this.slots.values()) each.out = newest.subarray(each.column, each.column + each.outputs.length);
  }

  valueAt(column: number, back: number): number {
    return this.rows.at((this.head - back) & this.mask, column);
  }

  /** Updates this one no more. */
  retire(slot: FeatureSlot, reason: string): void {
    slot.unavailable = reason;
    this.list = this.list.filter((each) => each !== slot);
  }

  /** A cross with a series of another instrument waits until that one's bar of the moment was seen as well. */
  track(cross: CrossTracker): void {
    if (cross.foreign) {
      this.lateCrosses.push(cross);
      this.settledAt = this.count;
    } else this.crosses.push(cross);
  }

  /** Updates the crosses with other instruments; call it once all bars of the moment were seen. */
  settleCrosses(): void {
    const { lateCrosses } = this;
    if (lateCrosses.length === 0 || this.settledAt === this.count) return;
    this.settledAt = this.count;
    for (let i = 0; i < lateCrosses.length; i++) (lateCrosses[i] as CrossTracker).update();
  }

  /**
   * From now on `update` is called for the bars of `coming`, from the first one on, and for no others. What may be
   * computed ahead is computed in blocks; no value is to be seen before its bar. Call it before the first bar, once
   * all features are there.
   */
  foresee(coming: ComingBars): void {
    const ahead = this.list.filter((slot) => slot.ahead);
    if (ahead.length === 0 || this.count > 0) return;
    this.single = this.list.filter((slot) => !slot.ahead);
    const length = FEATURE_WINDOW + 2 * BLOCK_BARS;
    this.rows.turn(length);
    this.head = this.mask = length - 1;
    this.block = new FeatureBlock(ahead, this.rows, coming);
  }

  update(bars: BarWindow): void {
    const head = (this.head + 1) & this.mask;
    this.head = head;
    this.count++;
    const { list, crosses } = this;
    if (this.block !== undefined) this.release(this.block, head, bars);
    else {
      let i = 0;
      try {
        for (; i < list.length; i++) {
          const slot = list[i] as FeatureSlot;
          slot.update.call(slot.feature, bars, slot.out);
        }
      } catch (thrown) {
        throw this.faultOf(list[i] as FeatureSlot, thrown);
      }
      this.rows.keep(head);
    }
    for (let c = 0; c < crosses.length; c++) (crosses[c] as CrossTracker).update();
  }

  /** Comes to the next bar of the block, and updates what is not computed ahead. */
  private release(block: FeatureBlock, head: number, bars: BarWindow): void {
    const failed = block.next(head);
    if (failed !== undefined) throw this.faultOf(failed, block.cause);
    const { single, rows } = this;
    for (let i = 0; i < single.length; i++) {
      const slot = single[i] as FeatureSlot;
      try {
        slot.update.call(slot.feature, bars, slot.out);
      } catch (thrown) {
        throw this.faultOf(slot, thrown);
      }
      rows.put(head, slot.column, slot.out);
    }
  }

  private faultOf({ name, origin }: FeatureSlot, thrown: unknown): unknown {
    if (isKeelsonError(thrown)) return thrown;
    const { timeframe, instrument } = this;
    return new KeelsonError('FEA_THREW', `feature '${name}' on ${timeframe} bars threw: ${messageOf(thrown)}`, { hint: 'mend the feature; --debug shows where it threw', context: { feature: name, plugin: origin.plugin, timeframe, instrument }, cause: thrown });
  }
}
