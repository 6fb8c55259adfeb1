import type { Instrument } from '../reference/instrument.js';
import { hashUnit } from './hash-noise.js';
import { CLOSE, HIGH, LOW, OPEN, priceInside, SPAN_MS, toTick, VOLUME } from './price-source.js';
import { emptyQuote, type Quote } from './quote.js';
import type { SetPrices } from './set-prices.js';

/** A price set by hand. What is left out follows from the rest. */
export interface GivenPrice {
  readonly bid?: number | undefined;
  readonly ask?: number | undefined;
  readonly last?: number | undefined;
  readonly bidSize?: number | undefined;
  readonly askSize?: number | undefined;
  readonly size?: number | undefined;
}

/** What changed in a quote. */
export interface QuoteChange {
  readonly bid: boolean;
  readonly ask: boolean;
  readonly trade: boolean;
}

/** Keeps the quote of one contract in step with its prices. */
export class LiveQuote {
  readonly quote: Quote = emptyQuote();
  private readonly span = new Float64Array(5);
  private spanStart = NaN;
  private traded = false;
  private sessionStart = NaN;

  /** @param late the quote follows the past, so that prices set by hand now do not hold it */
  constructor(readonly instrument: Instrument, readonly prices: SetPrices, private readonly seed: number, private readonly late = false) {}

  /** Moves the quote to a time. */
  moveTo(timeMs: number, stepMs: number): QuoteChange | undefined {
    // asking twice at one time must not trade twice
    if (timeMs === this.quote.timeMs || (this.prices.holds && !this.late)) return undefined;
    const session = this.instrument.hours.at(timeMs, false);
    if (session === undefined) return undefined;
    const start = Math.floor(timeMs / SPAN_MS) * SPAN_MS;
    if (start !== this.spanStart) {
      this.spanStart = start;
      this.traded = this.prices.span(start, this.span);
    }
    if (!this.traded) return undefined;
    this.openSession(session.startMs, start);
    const { minTick, securityType, conId } = this.instrument;
    const price = toTick(priceInside(this.span, timeMs - start), minTick);
    const bid = bidFor(price, this.instrument, start, this.seed);
    const steps = SPAN_MS / stepMs;
    const share = Math.max(1, Math.round((this.span[VOLUME] as number) / steps));
    return this.put(timeMs, bid, toTick(bid + minTick, minTick), securityType === 'CASH' ? undefined : price, sizeFor(this.seed ^ conId, timeMs, 5), sizeFor(this.seed ^ conId, timeMs, 6), share);
  }

  /** Sets prices by hand; they hold until `release`. */
  set(timeMs: number, given: GivenPrice): QuoteChange {
    const { minTick } = this.instrument;
    const last = given.last ?? (Number.isNaN(this.quote.last) ? given.bid ?? given.ask : undefined);
    const anchor = given.last ?? this.quote.last;
    const bid = given.bid ?? (given.ask !== undefined ? toTick(given.ask - minTick, minTick) : given.last !== undefined ? anchor : this.quote.bid);
    const ask = given.ask ?? (given.bid !== undefined || given.last !== undefined ? toTick(bid + minTick, minTick) : this.quote.ask);
    const session = this.instrument.hours.at(timeMs, false);
    if (session !== undefined) this.openSession(session.startMs, Math.floor(timeMs / SPAN_MS) * SPAN_MS);
    this.prices.set(timeMs, last ?? this.quote.last, given.size ?? 1);
    this.spanStart = NaN;
    return this.put(timeMs, bid, ask, last, given.bidSize ?? (this.quote.bidSize || 10), given.askSize ?? (this.quote.askSize || 10), given.size ?? 1);
  }

  /** Lets the prices of the source through again. */
  release(timeMs: number): void {
    if (this.prices.holds) this.prices.set(timeMs, undefined, 0);
    this.spanStart = NaN;
  }

  private put(timeMs: number, bid: number, ask: number, last: number | undefined, bidSize: number, askSize: number, lastSize: number): QuoteChange {
    const { quote } = this;
    const change = { bid: bid !== quote.bid || bidSize !== quote.bidSize, ask: ask !== quote.ask || askSize !== quote.askSize, trade: last !== undefined };
    quote.bid = bid;
    quote.ask = ask;
    quote.bidSize = bidSize;
    quote.askSize = askSize;
    quote.timeMs = timeMs;
    if (last !== undefined) {
      quote.last = last;
      quote.lastSize = lastSize;
      quote.lastTimeMs = timeMs;
      quote.volume += lastSize;
      if (Number.isNaN(quote.open)) quote.open = last;
      if (!(quote.high >= last)) quote.high = last;
      if (!(quote.low <= last)) quote.low = last;
    }
    return change;
  }

  /** Takes up what traded since the session began, and the close of the session before. */
  private openSession(startMs: number, untilMs: number): void {
    if (startMs === this.sessionStart) return;
    const { quote } = this;
    const known = !Number.isNaN(this.sessionStart);
    this.sessionStart = startMs;
    quote.volume = 0;
    quote.open = quote.high = quote.low = NaN;
    if (known) {
      quote.close = quote.last;
      return;
    }
    const span = new Float64Array(5);
    const [before] = this.instrument.hours.lastBefore(startMs, 1, false);
    if (before !== undefined) {
      for (let at = before.endMs - SPAN_MS, tries = 2000; tries > 0; at -= SPAN_MS, tries -= 1) {
        if (!this.prices.span(at, span)) continue;
        quote.close = span[CLOSE] as number;
        break;
      }
    }
    for (let at = startMs; at < untilMs; at += SPAN_MS) {
      if (!this.prices.span(at, span)) continue;
      if (Number.isNaN(quote.open)) quote.open = span[OPEN] as number;
      if (!(quote.high >= (span[HIGH] as number))) quote.high = span[HIGH] as number;
      if (!(quote.low <= (span[LOW] as number))) quote.low = span[LOW] as number;
      quote.volume += span[VOLUME] as number;
    }
  }
}

/** The bid while a price trades: the price itself, or one tick below when buyers pay. The same in history and live. */
export function bidFor(price: number, { minTick, securityType, conId }: Instrument, spanStartMs: number, seed: number): number {
  if (securityType === 'CASH') return price;
  return hashUnit(seed ^ conId, spanStartMs / SPAN_MS, 4) < 0.5 ? price : toTick(price - minTick, minTick);
}

const sizeFor = (seed: number, timeMs: number, salt: number): number => 1 + Math.floor(hashUnit(seed, timeMs, salt) * 60);
