import type { InstrumentId } from '../domain/instrument.js';
import type { Bar, Quote, Tick } from '../domain/market-data.js';

/** What a live feed tells. */
export type LiveHandlers = {
  /** A closed bar; times ascend per instrument. */
  readonly onBar: (instrument: InstrumentId, bar: Bar) => void;
  /** For feeds with `capabilities.ticks`: a trade. Bars are built of them; out of order is allowed, within a second. */
  readonly onTick: (instrument: InstrumentId, tick: Tick) => void;
  readonly onQuote: (instrument: InstrumentId, quote: Quote) => void;
  /** The bars have broken off: whoever subscribed connects and subscribes anew. */
  readonly onError: (error: Error) => void;
  /** For feeds that come to an end: no more bars will come. With `fault`, because of it. */
  readonly onEnd: (fault?: Error) => void;
  /** For feeds that can wait: what is still being answered beside the bar path; undefined when nothing is. */
  readonly settle: () => Promise<void> | undefined;
};
