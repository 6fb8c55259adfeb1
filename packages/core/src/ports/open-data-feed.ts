import type { DataFeed, HistoryRequest } from './data-feed.js';

/** A feed of one instrument's bars, beside the account's own. */
export type OpenedFeed = { readonly feed: DataFeed; readonly request: HistoryRequest };

/**
 * Makes a data feed by its id, with settings of its own. `instrument` is the id of one of the account, or the
 * whole of another. @throws KeelsonErrors with what is wrong
 */
export type OpenDataFeed = (wanted: { readonly feed: string; readonly config: Readonly<Record<string, unknown>>; readonly instrument: unknown; readonly timeframe: string }) => OpenedFeed;
