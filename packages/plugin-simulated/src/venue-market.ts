import type { BarWindow } from '@keelson/core/domain';
import type { Clock, MarketObserver } from '@keelson/core/ports';
import type { DueRules } from './due-rules.js';
import type { InstrumentBook } from './instrument-book.js';
import type { Liquidation } from './liquidation.js';
import type { Matcher } from './matching/matcher.js';
import type { VenueAccount } from './venue-account.js';

/** Columns of the last bar by instrument. */
const TIME = 0;
const OPEN = 1;
const HIGH = 2;
const LOW = 3;
const CLOSE = 4;
const VOLUME = 5;
const CLOSED_AT = 6;
const STRIDE = 8;

/**
 * The venue's view of the bars. An instrument without orders and position costs a few stores a bar; the rest
 * runs only for books that are marked as busy.
 */
export class VenueMarket implements MarketObserver {
  private readonly last: Float64Array;
  private readonly busy: Uint8Array;
  /** 1 for instruments whose price is the rate of a currency. */
  private readonly setsRate: Uint8Array;
  private latestClose = -Infinity;
  private nextExpiry: number;

  constructor(
    private readonly books: readonly InstrumentBook[],
    private readonly account: VenueAccount,
    private readonly matcher: Matcher,
    private readonly rules: DueRules,
    private readonly liquidation: Liquidation | undefined,
    private readonly clock: Clock,
  ) {
    this.last = new Float64Array(books.length * STRIDE).fill(Number.NaN);
    this.busy = new Uint8Array(books.length);
    this.setsRate = Uint8Array.from(books, ({ instrument }) => ((instrument.type === 'forex' || instrument.type === 'spot') && instrument.baseCurrency !== undefined ? 1 : 0));
    this.nextExpiry = Math.min(...books.map((book) => book.expiry));
  }

  /** The venue's time: the latest close it saw, before the first bar the clock's. */
  get now(): number {
    return this.latestClose === -Infinity ? this.clock.now() : this.latestClose;
  }

  onBar(instrument: number, bars: BarWindow): void {
    const row = bars.index;
    const close = bars.closeTime[row] as number;
    const at = instrument * STRIDE;
    const { last } = this;
    if (close > this.latestClose) this.latestClose = close;
    last[at + TIME] = bars.time[row] as number;
    last[at + OPEN] = bars.open[row] as number;
    last[at + HIGH] = bars.high[row] as number;
    last[at + LOW] = bars.low[row] as number;
    last[at + CLOSE] = bars.close[row] as number;
    last[at + VOLUME] = bars.volume[row] as number;
    last[at + CLOSED_AT] = close;
    if (this.busy[instrument] === 0) {
      if (this.setsRate[instrument] === 1) this.account.rates.mark(instrument, last[at + CLOSE] as number);
      return;
    }
    this.tradeBar(this.books[instrument] as InstrumentBook, at);
  }

  onMoment(): void {
    const time = this.latestClose;
    if (time >= this.nextExpiry) this.expireUntil(time);
    if (this.liquidation !== undefined && this.account.held.length > 0) this.liquidation.check(time);
  }

  /** The book has an order: it is looked at from the next bar on. */
  wake(book: InstrumentBook): void {
    this.busy[book.index] = 1;
  }

  /** Last price of an instrument; undefined before its first bar. */
  lastPrice(book: InstrumentBook): number | undefined {
    const price = this.last[book.index * STRIDE + CLOSE] as number;
    return Number.isNaN(price) ? undefined : price;
  }

  /**
   * Puts the last bar into play again when it closed just now, for a fill on its close.
   * @returns false when the instrument did not trade in this moment
   */
  replayClose(book: InstrumentBook): boolean {
    const at = book.index * STRIDE;
    if (this.last[at + CLOSED_AT] !== this.latestClose) return false;
    this.load(book, at);
    book.closedAt = this.latestClose;
    book.startVolume();
    return true;
  }

  private tradeBar(book: InstrumentBook, at: number): void {
    const { last } = this;
    const close = last[at + CLOSED_AT] as number;
    const time = last[at + TIME] as number;
    if (this.setsRate[book.index] === 1 && Number.isNaN(this.account.rateOf(book.index))) this.account.rates.mark(book.index, last[at + OPEN] as number);
    if (book.due <= time) this.rules.run(book, time);
    this.load(book, at);
    book.closedAt = close;
    if (book.live.length > 0 && book.isOpenAt(time)) this.matcher.match(book);
    if (book.due <= close) this.rules.run(book, close);
    if (this.setsRate[book.index] === 1) this.account.rates.mark(book.index, last[at + CLOSE] as number);
    if (book.position.lots !== 0) book.position.markPrice = last[at + CLOSE] as number;
    else if (book.live.length === 0) this.busy[book.index] = 0;
  }

  private load(book: InstrumentBook, at: number): void {
    const { last } = this;
    book.setBar(last[at + TIME] as number, last[at + OPEN] as number, last[at + HIGH] as number, last[at + LOW] as number, last[at + CLOSE] as number, last[at + VOLUME] as number);
  }

  /** Contracts that end without a bar of their own at or after the expiry. */
  private expireUntil(time: number): void {
    this.nextExpiry = Infinity;
    for (const book of this.books) {
      if (book.expiry <= time) this.rules.run(book, time);
      else this.nextExpiry = Math.min(this.nextExpiry, book.expiry);
    }
  }
}
