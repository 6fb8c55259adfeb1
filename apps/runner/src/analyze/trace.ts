import type { UtcMs } from '@keelson/core/domain';

/*
 * What a run went through, bar by bar, as plain data that can be handed from one thread to another. Equal accounts
 * on equal data give equal traces.
 */

/** A run to be traced. */
export type TraceJob = {
  readonly file: string;
  /** `--set`. */
  readonly settings: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly from?: UtcMs;
  readonly to?: UtcMs;
  /** The data ends here: bars that close later do not exist, neither in the feed nor in files. */
  readonly cutAt?: UtcMs;
  /** Where cut copies of files may be written. */
  readonly folder: string;
};

export const BAR_COLUMNS = ['time', 'closeTime', 'seenAt', 'open', 'high', 'low', 'close', 'volume', 'bid', 'ask', 'bidSize', 'askSize'] as const;
/** `seenAt` is the close of the base bar with which the bar came to be known. */
export type BarColumn = (typeof BAR_COLUMNS)[number];

export type FeatureTrace = {
  readonly name: string;
  readonly plugin: string;
  /** JSON of the parameters with all defaults. */
  readonly params: string;
  readonly outputs: readonly string[];
  readonly warmupBars: number;
  /** One column per output, a row for each bar of the series. */
  readonly columns: readonly Float64Array[];
};

export type SeriesTrace = {
  readonly instrument: string;
  readonly timeframe: string;
  readonly length: number;
  readonly bars: Readonly<Record<BarColumn, Float64Array>>;
  readonly features: readonly FeatureTrace[];
};

/** Something said at a time; `text` holds all of it. */
export type Entry = { readonly time: number; readonly text: string };

export type ComponentTrace = {
  readonly kind: 'strategy' | 'regime';
  readonly id: string;
  readonly plugin: string;
  readonly place: number;
  readonly instrument: string;
  /** Keys of the features that it asked for, see {@link featureKey}. */
  readonly uses: readonly string[];
  /** Votes other than hold; or what the regime changed to. */
  readonly said: readonly Entry[];
};

/** Why a run ended before its data did. */
export type TraceFailure = { readonly code: string; readonly line: string; readonly time: number; readonly plugin?: string; readonly component?: string };

export type Trace = {
  readonly series: readonly SeriesTrace[];
  readonly components: readonly ComponentTrace[];
  /** Signals after memory, advice and the confidence gate. */
  readonly signals: readonly Entry[];
  /** Orders, changes, cancels and refusals. */
  readonly orders: readonly Entry[];
  /** What the venue said. */
  readonly venue: readonly Entry[];
  /** Closes of all moments, ascending. */
  readonly moments: Float64Array;
  readonly failure?: TraceFailure;
  /** Files that were read and cannot be cut. */
  readonly uncut: readonly string[];
};

/** Makes a trace. */
export type Tracer = (job: TraceJob) => Promise<Trace>;

export const seriesKey = (series: { readonly instrument: string; readonly timeframe: string }): string => `${series.instrument} ${series.timeframe}`;

export const featureKey = (series: { readonly instrument: string; readonly timeframe: string }, feature: { readonly name: string; readonly params: string }): string => `${seriesKey(series)} ${feature.name} ${feature.params}`;
