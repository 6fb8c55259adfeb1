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

/** What a plugin adds under a feature's name. */
export interface FeatureDefinition<Params = unknown> {
  readonly params: Schema<Params>;
  /** Names of the numbers that `update` writes, in order; the first is the feature's own value. */
  readonly outputs: readonly [string, ...string[]];
  create(context: FeatureContext<Params>): Feature;
}

/** A feature as a strategy holds it: always the value at the newest closed bar of its timeframe. */
export interface FeatureHandle {
  /** Undefined until warm. */
  readonly value: number | undefined;
  readonly ready: boolean;
  /** The value `bars` closed bars ago (0 is now); undefined before the first or beyond the window of 256. */
  at(bars: number): number | undefined;
  /** Another output of the same feature, e.g. `macd.output('signal')`. */
  output(name: string): FeatureHandle;
  /**
   * True on the bar on which this rose above `other`: the difference is positive, and the last difference
   * before that was not zero was negative. Ties neither make nor unmake a cross.
   */
  crossedAbove(other: FeatureHandle | number): boolean;
  /** The mirror image of {@link crossedAbove}. */
  crossedBelow(other: FeatureHandle | number): boolean;
}

/** Asks for a feature; asking twice for the same computes it once. */
export type UseFeature = (
  name: string,
  params?: Readonly<Record<string, unknown>>,
  options?: { readonly timeframe?: string; readonly instrument?: string },
) => FeatureHandle;
