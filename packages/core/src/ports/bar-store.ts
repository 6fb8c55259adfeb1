import type { InstrumentId } from '../domain/instrument.js';
import type { BarColumns } from '../domain/market-data.js';
import type { Schema } from '../domain/schema.js';
import type { Logger } from './runtime.js';

/** Bars that belong together. `source` tells feeds, and settings of one feed, apart. */
export type BarSeries = { readonly source: string; readonly instrument: InstrumentId; readonly timeframe: string };

/** All bars that open at or after `from` and before `to` (UtcMs; infinite where there is no bound). */
export type BarSpan = { readonly from: number; readonly to: number };

/** What is kept beside a bar; the kernel's own features make it. */
export type KeptFeature = 'atr' | 'realisedVolatility' | 'vwap' | 'volumeTrend' | 'spread' | 'imbalance';

/** Bars of one timeframe with their features; all columns are of one length, NaN where there is no value. */
export type ComputedBars = {
  readonly timeframe: string;
  readonly bars: BarColumns;
  readonly features: Readonly<Record<KeptFeature, Float64Array>>;
  /** How many bars of the timeframe the features had seen, this one included. */
  readonly seen: Float64Array;
};

/**
 * Keeps bars of a feed over the end of the process. It keeps spans, too: within one, a bar that is not there is one
 * that the feed does not have. Every failure is a DataError `DATA_STORE` that says what to do.
 */
export interface BarStore {
  /** @throws DataError when the store is damaged, or is not one that this version wrote */
  open(): Promise<void>;
  /** What is kept: ascending, and no two that touch. */
  spans(series: BarSeries): Promise<readonly BarSpan[]>;
  /** The kept bars of a span in chunks, oldest first; the caller may keep a chunk. */
  read(series: BarSeries, span: BarSpan): AsyncIterable<BarColumns>;
  /** Keeps all bars that the feed has within `span`, in place of those kept there before: all of it, or nothing. */
  write(series: BarSeries, span: BarSpan, bars: BarColumns): Promise<void>;
  /**
   * Keeps features of the bars of `base`, and of bars built from them, for others to read. What was computed on more bars
   * stays; what lies over bars that are written anew goes.
   */
  keepFeatures(base: BarSeries, computed: readonly ComputedBars[]): Promise<void>;
  close(): Promise<void>;
}

export type BarStoreContext<Params> = {
  readonly params: Params;
  readonly account: string;
  /** Folder of the account file. */
  readonly baseDir: string;
  readonly logger: Logger;
};

/** `create` opens nothing. */
export interface BarStoreDefinition<Params = unknown> {
  readonly params: Schema<Params>;
  create(context: BarStoreContext<Params>): BarStore;
}
