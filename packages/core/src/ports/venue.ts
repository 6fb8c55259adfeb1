import type { Instrument } from '../domain/instrument.js';
import type { Timeframe } from '../domain/market-data.js';
import type { SessionCalendar } from '../domain/session-calendar.js';
import type { Broker } from './broker.js';
import type { DataFeed } from './data-feed.js';
import type { Clock, Logger, Random, Timer } from './runtime.js';
import type { Schema } from '../domain/schema.js';

/** What a broker or a feed is made with. Instruments stand in the account's order. */
export type VenueContext<Params> = {
  readonly params: Params;
  readonly account: string;
  readonly baseCurrency: string;
  readonly initialCash: number;
  /** Fixed values of other currencies in the base currency. */
  readonly rates: Readonly<Record<string, number>>;
  readonly instruments: readonly Instrument[];
  readonly calendars: Readonly<Record<string, SessionCalendar>>;
  readonly timeframe: Timeframe;
  readonly clock: Clock;
  /** For limits on waiting, heart-beats and the like; it never runs where nobody waits in real time. */
  readonly timer: Timer;
  readonly random: Random;
  readonly logger: Logger;
  /** Folder of the account file: relative paths in the configuration start here. */
  readonly baseDir: string;
};

export interface BrokerDefinition<Params = unknown> {
  readonly params: Schema<Params>;
  create(context: VenueContext<Params>): Broker;
}

export interface DataFeedDefinition<Params = unknown> {
  readonly params: Schema<Params>;
  create(context: VenueContext<Params>): DataFeed;
}
