import type { Schema } from '../domain/schema.js';
import type { UtcMs } from '../domain/units.js';
import type { OpenDataFeed } from './open-data-feed.js';
import type { Clock, Logger } from './runtime.js';

/** One value of a slow series. */
export type ContextPoint = {
  readonly value: number;
  /** From then on it could be known; its age counts from here. Never later than the time that was asked about. */
  readonly time: UtcMs;
};

/** `history`: it can say what was known at a time long past. `live`: it knows the present. */
export type SourceCapabilities = { readonly history: boolean; readonly live: boolean };

/** A source of slow numbers from outside: dominance, volatility indices, funding. Asked off the bar path. */
export interface ContextFeed {
  readonly capabilities: SourceCapabilities;
  /**
   * The newest point that was known at `time`; undefined when there is none. Times ascend within a run. A
   * rejection, and an answer after the time limit (`cancel` aborts then), are absence and are reported.
   */
  read(request: { readonly time: UtcMs }, cancel: AbortSignal): Promise<ContextPoint | undefined>;
  /** Files that must be there, as absolute paths; for a look before a run. */
  readonly files?: readonly string[];
  /** Lets go of files and connections. */
  close?(): Promise<void>;
}

export type ContextFeedContext<Params> = {
  readonly params: Params;
  /** Name of the series. */
  readonly name: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Folder of the account file: relative paths start here. */
  readonly baseDir: string;
  /** Any data feed that a plugin provides, made for one instrument; not connected yet. */
  readonly dataFeed: OpenDataFeed;
};

export interface ContextFeedDefinition<Params = unknown> {
  readonly params: Schema<Params>;
  create(context: ContextFeedContext<Params>): ContextFeed;
}

/** A series as a strategy holds it: always what is known now. */
export interface ContextHandle {
  /** Undefined before the first value, while the source fails, and once the value has expired. */
  readonly value: number | undefined;
  /** Since the value could be known; undefined without a value. */
  readonly ageMs: number | undefined;
  readonly ready: boolean;
}

/** Asks for a series of `context:`. An unknown name is an error, or with `optional` a handle that is always absent. */
export type UseContext = (name: string, options?: { readonly optional?: boolean }) => ContextHandle;
