import type { BarColumns, Timeframe } from '../domain/market-data.js';
import type { Instrument, InstrumentId } from '../domain/instrument.js';
import type { SessionCalendar } from '../domain/session-calendar.js';
import type { UtcMs } from '../domain/units.js';
import type { Diagnosable } from './diagnosis.js';
import type { LiveHandlers } from './live-handlers.js';

export type DataFeedCapabilities = {
  readonly history: boolean;
  readonly live: boolean;
  /** True when the bars of every instrument carry traded volume. */
  readonly volume: boolean;
  /** True when those of every instrument carry the top of the order book ({@link BarColumns.depth}). */
  readonly depth: boolean;
  /** True when its live side gives trades and quotes instead of bars. */
  readonly ticks?: boolean;
};

export type HistoryRequest = {
  readonly instrument: Instrument;
  readonly calendar: SessionCalendar;
  readonly timeframe: Timeframe;
  /** First bar's open, inclusive. */
  readonly from?: UtcMs;
  /** Bars that open before this time. */
  readonly to?: UtcMs;
};

/** Where bars came from, for the result: equal hashes mean equal bars. */
export type DataProvenance = {
  readonly instrument: InstrumentId;
  readonly source: string;
  /** `sha256:…` of the source's bytes, or of the generator's parameters. */
  readonly hash: string;
};

/** A source of bars. Only closed bars, ascending in time, without duplicates. */
export interface DataFeed extends Diagnosable {
  /** To be relied on after `connect`. */
  readonly capabilities: DataFeedCapabilities;
  /** What one instrument's bars carry, where instruments differ; absent: `capabilities` hold for each. */
  carries?(instrument: InstrumentId): Pick<DataFeedCapabilities, 'volume' | 'depth'>;
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  /**
   * Bars of the past in chunks of columns, oldest first. The consumer may keep a chunk; the feed must not
   * write to one it has handed out.
   * @throws DataError when the source cannot be used
   */
  history(request: HistoryRequest): AsyncIterable<BarColumns>;
  /**
   * Closed bars as they come, from `from` of each request where the feed can go back so far; returns the way to end
   * it. Absent where `capabilities.live` is false.
   */
  subscribe?(requests: readonly HistoryRequest[], handlers: LiveHandlers): () => void;
  /** Sources that were read so far. */
  provenance(): readonly DataProvenance[];
  /** Faults that were found but let pass, one line each. */
  warnings(): readonly string[];
}
