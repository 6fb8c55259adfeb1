import type { BarWindow } from '../domain/market-data.js';
import { KeelsonError, isKeelsonError, messageOf } from '../errors.js';
import type { Feature } from '../ports/feature.js';
import type { CrossTracker } from './cross-tracker.js';
import { FEATURE_WINDOW, type FeatureWindow } from './feature-window.js';

const MASK = FEATURE_WINDOW - 1;

/** One feature in use, with the newest values of each of its outputs. */
export class FeatureSlot {
  /** One ring per output; the newest value stands at the bank's `head`. */
  readonly rings: readonly Float64Array[];
  /** Ring of the first output. */
  readonly ring: Float64Array;
  /** True when there are outputs beyond the first. */
  readonly more: boolean;
  /** The feature's own, looked up once: on each bar it would be looked up by as many shapes as there are features. */
  readonly update: Feature['update'];
  /** What `update` writes. */
  readonly out: Float64Array;
  /** Why it has no value and never will; it is in no bank's list then. */
  unavailable: string | undefined = undefined;

  constructor(
    readonly name: string,
    readonly feature: Feature,
    readonly outputs: readonly string[],
    /** Where it comes from and how it is set, for those who look from outside. */
    readonly origin: { readonly plugin: string; readonly params: unknown } = { plugin: 'no plugin', params: {} },
  ) {
    this.rings = outputs.map(() => new Float64Array(FEATURE_WINDOW).fill(Number.NaN));
    this.ring = this.rings[0] as Float64Array;
    this.more = outputs.length > 1;
    this.update = feature.update;
    this.out = new Float64Array(outputs.length).fill(Number.NaN);
  }

  keepRest(head: number): void {
    const { rings, out } = this;
    for (let o = 1; o < rings.length; o++) (rings[o] as Float64Array)[head] = out[o] as number;
  }
}

/** All features of one instrument and timeframe, updated together on each of its closed bars. */
export class FeatureBank implements FeatureWindow {
  /** Closed bars seen. */
  count = 0;
  /** Where the newest values stand in every ring. */
  head = MASK;
  private readonly slots = new Map<string, FeatureSlot>();
  private list: FeatureSlot[] = [];
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

  update(bars: BarWindow): void {
    const head = (this.head + 1) & MASK;
    this.head = head;
    this.count++;
    const { list, crosses } = this;
    let i = 0;
    try {
      for (; i < list.length; i++) {
        const slot = list[i] as FeatureSlot;
        slot.update.call(slot.feature, bars, slot.out);
        slot.ring[head] = slot.out[0] as number;
        if (slot.more) slot.keepRest(head);
      }
    } catch (thrown) {
      throw isKeelsonError(thrown) ? thrown : new KeelsonError('FEA_THREW', `feature '${list[i]?.name}' on ${this.timeframe} bars threw: ${messageOf(thrown)}`, { hint: 'mend the feature; --debug shows where it threw', context: { feature: list[i]?.name, plugin: list[i]?.origin.plugin, timeframe: this.timeframe, instrument: this.instrument }, cause: thrown });
    }
    for (let c = 0; c < crosses.length; c++) (crosses[c] as CrossTracker).update();
  }
}
