import type { Instrument } from '../reference/instrument.js';

/** The market of a contract now. Prices that there never were are NaN. */
export interface Quote {
  bid: number;
  ask: number;
  last: number;
  bidSize: number;
  askSize: number;
  lastSize: number;
  /** Traded in the present session. */
  volume: number;
  open: number;
  high: number;
  low: number;
  /** Last price of the session before. */
  close: number;
  /** Of the last change, UTC ms. */
  timeMs: number;
  /** Of the last trade, UTC ms. */
  lastTimeMs: number;
}

/** A change of a quote. The quote is the live one: read it, do not keep it. */
export interface Tick {
  readonly instrument: Instrument;
  readonly timeMs: number;
  readonly quote: Quote;
  readonly bidChanged: boolean;
  readonly askChanged: boolean;
  /** There was a trade, at `quote.last` for `quote.lastSize`. */
  readonly traded: boolean;
}

export const emptyQuote = (): Quote => ({
  bid: NaN, ask: NaN, last: NaN, bidSize: 0, askSize: 0, lastSize: 0, volume: 0, open: NaN, high: NaN, low: NaN, close: NaN, timeMs: NaN, lastTimeMs: NaN,
});
