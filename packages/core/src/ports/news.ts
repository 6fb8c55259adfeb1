import type { NewsEvent, NewsFilter } from '../domain/news.js';
import type { Schema } from '../domain/schema.js';
import type { UtcMs } from '../domain/units.js';
import type { SourceCapabilities } from './context.js';
import type { Clock, Logger } from './runtime.js';

export type NewsRequest = {
  /** Now: what became known later must not be given. */
  readonly time: UtcMs;
  /** Events that happen from here … */
  readonly from: UtcMs;
  /** … to here are wanted. */
  readonly to: UtcMs;
};

/** An event as its source gives it; the kernel adds the name of the source and the keywords it finds. */
export type SourceEvent = Omit<NewsEvent, 'source' | 'keywords'> & { readonly keywords?: readonly string[] };

/** Headlines and calendars. Asked off the bar path. */
export interface NewsFeed {
  readonly capabilities: SourceCapabilities;
  /**
   * All events in the range that were known at `time`, in any order. An event still to come that an answer no
   * longer holds was called off; one that has been stays. A rejection and a late answer are reported.
   */
  read(request: NewsRequest, cancel: AbortSignal): Promise<readonly SourceEvent[]>;
  /** Files that must be there, as absolute paths; for a look before a run. */
  readonly files?: readonly string[];
  /** Lets go of files and connections. */
  close?(): Promise<void>;
}

export type NewsFeedContext<Params> = {
  readonly params: Params;
  /** Name of the source. */
  readonly name: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Folder of the account file: relative paths start here. */
  readonly baseDir: string;
};

export interface NewsFeedDefinition<Params = unknown> {
  readonly params: Schema<Params>;
  create(context: NewsFeedContext<Params>): NewsFeed;
}

/** The events that are known now. */
export interface NewsView {
  /** Names of the account's sources. */
  readonly sourceNames: readonly string[];
  /** Why the events cannot be relied on: a source that fails, or has not answered yet. Undefined when all is well. */
  readonly unavailable: string | undefined;
  /** Events that happen in the range, in order of time; both ends are inside. */
  between(from: UtcMs, to: UtcMs, filter?: NewsFilter): readonly NewsEvent[];
}
