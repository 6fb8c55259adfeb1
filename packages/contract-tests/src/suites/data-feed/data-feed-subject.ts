import type { DataFeed, HistoryRequest } from '@keelson/core/ports';

/** Makes things happen at the source of a feed. Each is optional: a card that needs one that is missing is skipped, unless `DataFeedSubject.cannot` says why. */
export type FeedControl = {
  /** The next bar closes, and the source says so. @returns when it opened, ms since 1970 */
  nextBar?(): number | Promise<number>;
  /** The source tells its newest bar once more. */
  repeatBar?(): void | Promise<void>;
  /** The source tells what it has of a bar that has not closed yet. */
  openBar?(): void | Promise<void>;
  /** The connection breaks, and stays so until `restore`. */
  breakOff?(): void | Promise<void>;
  restore?(): void | Promise<void>;
};

/** One feed, and what is asked of it. */
export type DataFeedSession = {
  /** Not connected yet. */
  readonly feed: DataFeed;
  /** Instrument, calendar and timeframe; without bounds, at least 20 bars. */
  readonly request: HistoryRequest;
  /** The present, where the source has one: no bar may close after it. */
  now?(): number;
  readonly control?: FeedControl;
  /** Lets what is on its way arrive. Default: two turns of the event loop. */
  settle?(): Promise<void>;
  /** How often `settle` is called, at most. Default: 20. */
  readonly patience?: number;
  close?(): void | Promise<void>;
};

/** A data feed to be tested. */
export type DataFeedSubject = {
  /** A feed on a source that can be used. Called for each card, by some twice: equal sources each time. */
  open(): DataFeedSession | Promise<DataFeedSession>;
  /** A feed whose source cannot be used: a file that is missing, a key that is refused. */
  openBroken?(): DataFeedSession | Promise<DataFeedSession>;
  /** What this feed can never do or suffer, each with the reason. The cards that need it have nothing to hold, and pass with that note. */
  readonly cannot?: Readonly<Partial<Record<keyof FeedControl | 'now' | 'openBroken', string>>>;
};
