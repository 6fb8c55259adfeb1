import { KeelsonError } from '../errors.js';
import type { FeatureHandle } from '../ports/feature-handle.js';
import { CrossTracker } from './cross-tracker.js';
import type { FeatureBank } from './feature-bank.js';
import type { FeatureSlot } from './feature-slot.js';
import { FEATURE_WINDOW } from './feature-window.js';

/** Levels that one handle follows bar by bar. */
const MOST_LEVELS = 32;

/** The handle that `use` returns: a view of one output's column. */
export class BankFeatureHandle implements FeatureHandle {
  private readonly column: number;
  private readonly trackers: Array<{ readonly other: BankFeatureHandle | number; readonly tracker: CrossTracker }> = [];
  private levels = 0;
  private lastOther: FeatureHandle | number | undefined;
  private lastTracker: CrossTracker | undefined;

  constructor(
    readonly bank: FeatureBank,
    readonly slot: FeatureSlot,
    index: number,
    private readonly siblings: Map<number, BankFeatureHandle>,
  ) {
    this.column = slot.column + index;
    siblings.set(index, this);
  }

  get value(): number | undefined {
    const value = this.bank.valueAt(this.column, 0);
    return value === value ? value : undefined;
  }

  get ready(): boolean {
    const value = this.bank.valueAt(this.column, 0);
    return value === value;
  }

  get unavailable(): string | undefined {
    return this.slot.unavailable;
  }

  /** False while the feature waits for bars; one that is unavailable waits for none. */
  get warm(): boolean {
    return this.bank.count >= this.slot.feature.warmupBars || this.slot.unavailable !== undefined;
  }

  at(bars: number): number | undefined {
    if (!(bars >= 0 && bars < FEATURE_WINDOW && bars < this.bank.count)) return undefined; // also for NaN
    const value = this.bank.valueAt(this.column, bars);
    return value === value ? value : undefined;
  }

  output(name: string): FeatureHandle {
    const index = this.slot.outputs.indexOf(name);
    if (index < 0) {
      throw new KeelsonError('FEA_UNKNOWN', `output '${name}' was asked of feature '${this.slot.name}', expected one of ${this.slot.outputs.join(', ')}`, { hint: 'use one of these names' });
    }
    return this.siblings.get(index) ?? new BankFeatureHandle(this.bank, this.slot, index, this.siblings);
  }

  crossedAbove(other: FeatureHandle | number): boolean {
    return (other === this.lastOther ? (this.lastTracker as CrossTracker) : this.tracker(other)).crossed > 0;
  }

  crossedBelow(other: FeatureHandle | number): boolean {
    return (other === this.lastOther ? (this.lastTracker as CrossTracker) : this.tracker(other)).crossed < 0;
  }

  private tracker(other: FeatureHandle | number): CrossTracker {
    const known = this.trackers.find((each) => each.other === other);
    if (known === undefined) return this.createTracker(other);
    this.lastOther = other;
    this.lastTracker = known.tracker;
    return known.tracker;
  }

  private createTracker(other: FeatureHandle | number): CrossTracker {
    if (typeof other !== 'number' && !(other instanceof BankFeatureHandle)) {
      throw new KeelsonError('FEA_PARAMS', 'a cross was asked against something that is neither a feature nor a number', { hint: 'pass what use() returned, or a level' });
    }
    const tracker =
      typeof other === 'number'
        ? new CrossTracker(this.bank, this.column, undefined, 0, other)
        : new CrossTracker(this.bank, this.column, other.bank, other.column, 0);
    // a level that changes from bar to bar would leave a tracker behind each time: what is kept answers as well
    if (typeof other === 'number' && (this.levels >= MOST_LEVELS || other !== other)) return tracker;
    if (typeof other === 'number') this.levels++;
    // the faster series decides when there is something new to compare
    const host = typeof other !== 'number' && other.bank.timeframeMs < this.bank.timeframeMs ? other.bank : this.bank;
    host.track(tracker);
    this.trackers.push({ other, tracker });
    return tracker;
  }
}
