import type { Instrument } from '../domain/instrument.js';
import type { BarWindow, Timeframe } from '../domain/market-data.js';
import type { SessionCalendar } from '../domain/session-calendar.js';
import type { Schema } from '../domain/schema.js';

/**
 * A running computation over closed bars of one instrument and timeframe, O(1) a bar.
 *
 * `update` is called once for each closed bar and writes one number per output to `out[0]`, `out[1]` …;
 * NaN while the feature has not seen `warmupBars` bars or has no value. It must not keep `bars` or `out`.
 */
export interface Feature {
  /** Bars until the first value, the bar of the value included. */
  readonly warmupBars: number;
  update(bars: BarWindow, out: Float64Array): void;
  /** Back to the state before the first bar. */
  reset(): void;
}

export type FeatureContext<Params> = {
  readonly params: Params;
  readonly instrument: Instrument;
  readonly calendar: SessionCalendar;
  readonly timeframe: Timeframe;
};

/** Data that not every feed has: traded volume, or the top of the order book. */
export type FeatureNeed = 'volume' | 'depth';

/** What a plugin adds under a feature's name. */
export interface FeatureDefinition<Params = unknown> {
  readonly params: Schema<Params>;
  /** Names of the numbers that `update` writes, in order; the first is the feature's own value. */
  readonly outputs: readonly [string, ...string[]];
  /** Where the feed lacks one of these, the feature is unavailable: it is never updated. */
  readonly needs?: readonly FeatureNeed[];
  /**
   * True: `update` reads no bar but the newest and those up to 1,023 before it, and nothing else that changes between
   * two updates. The kernel may then compute the feature over bars of the past before it comes to them, many at once,
   * which is faster; nobody sees a value before its bar. Default: it is updated when the kernel comes to each bar.
   */
  readonly ahead?: boolean;
  create(context: FeatureContext<Params>): Feature;
}
