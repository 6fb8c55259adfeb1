import type { BarWindow } from '@keelson/core/domain';
import type { Clock, MarketObserver } from '@keelson/core/ports';
import type { DueRules } from './due-rules.js';
import type { DueTimes } from './due-times.js';
import type { InstrumentBook } from './instrument-book.js';
import type { Liquidation } from './liquidation.js';
import type { Matcher } from './matching/matcher.js';
import type { VenueAccount } from './venue-account.js';

/**
 * The venue's view of the bars. An instrument without orders and position costs a few stores a bar; the rest
 * runs only for books that are marked as busy.
 */
export class VenueMarket implements MarketObserver {
  /** Window of each instrument's last bar; its newest row is that bar until the next one comes. */
  private readonly windows: Array<BarWindow | undefined>;
  private readonly busy: Uint8Array;
  /** 1 for instruments whose price is the rate of a currency. */
  private readonly setsRate: Uint8Array;
  private latestClose = -Infinity;

  constructor(
    private readonly books: readonly InstrumentBook[],
    private readonly account: VenueAccount,
    private readonly matcher: Matcher,
    private readonly rules: DueRules,
    private readonly dueTimes: DueTimes,
    private readonly liquidation: Liquidation | undefined,
    private readonly clock: Clock,
  ) {
    this.windows = books.map(() => undefined);
    this.busy = new Uint8Array(books.length);
    this.setsRate = Uint8Array.from(books, ({ instrument }) => ((instrument.type === 'forex' || instrument.type === 'spot') && instrument.baseCurrency !== undefined ? 1 : 0));
  }

  /** The venue's time: the latest close it saw, before the first bar the clock's. */
  get now(): number {
    return this.latestClose === -Infinity ? this.clock.now() : this.latestClose;
  }

  onBar(instrument: number, bars: BarWindow): void {
    const close = bars.closeTime[bars.index] as number;
    if (close > this.latestClose) this.latestClose = close;
    this.windows[instrument] = bars;
    if (this.busy[instrument] === 1) this.tradeBar(this.books[instrument] as InstrumentBook, bars);
    else if (this.setsRate[instrument] === 1) this.account.rates.mark(instrument, bars.close[bars.index] as number);
  }

  onMoment(): void {
    if (this.latestClose >= this.dueTimes.next) this.runWithoutBar(this.latestClose);
    if (this.liquidation !== undefined && this.account.held.length > 0) this.liquidation.check(this.latestClose);
  }

  /** The book has an order: it is looked at from the next bar on. */
  wake(book: InstrumentBook): void {
    this.busy[book.index] = 1;
  }

  /** Last price of an instrument; undefined before its first bar. */
  lastPrice(book: InstrumentBook): number | undefined {
    const bars = this.windows[book.index];
    return bars === undefined ? undefined : bars.close[bars.index];
  }

  /**
   * Puts the last bar into play again when it closed just now, for a fill on its close.
   * @returns false when the instrument did not trade in this moment
   */
  replayClose(book: InstrumentBook): boolean {
    const bars = this.windows[book.index];
    if (bars === undefined || bars.closeTime[bars.index] !== this.latestClose) return false;
    book.setBar(bars);
    book.startVolume();
    return true;
  }

  private tradeBar(book: InstrumentBook, bars: BarWindow): void {
    const row = bars.index;
    const time = bars.time[row] as number;
    const setsRate = this.setsRate[book.index] === 1;
    if (setsRate && Number.isNaN(this.account.rateOf(book.index))) this.account.rates.mark(book.index, bars.open[row] as number);
    if (book.due <= time) this.rules.run(book, time);
    // a liquidation could still trade in this bar
    if (this.liquidation === undefined && book.live.length === 0 && book.due > (bars.closeTime[row] as number)) {
      book.passBar(bars);
      if (setsRate) this.account.rates.mark(book.index, bars.close[row] as number);
      if (book.position.lots === 0) this.busy[book.index] = 0;
      return;
    }
    book.setBar(bars);
    if (book.live.length > 0 && book.isOpenAt(time)) this.matcher.match(book);
    if (book.due <= book.closedAt) this.rules.run(book, book.closedAt);
    if (setsRate) this.account.rates.mark(book.index, bars.close[row] as number);
    if (book.position.lots !== 0) book.position.markPrice = bars.close[row] as number;
    else if (book.live.length === 0) this.busy[book.index] = 0;
  }

  /**
   * What is due for instruments that have no bar there, at their last price: the data may have a gap or have ended.
   * Expiry does not wait; the other rules wait until no bar can come any more that holds the due time.
   */
  private runWithoutBar(time: number): void {
    const { books, dueTimes } = this;
    dueTimes.next = Infinity;
    for (let i = 0; i < books.length; i++) {
      const book = books[i] as InstrumentBook;
      if (book.dueWithoutBar <= time) this.rules.run(book, book.expiry <= time ? time : time - dueTimes.waitMs);
      dueTimes.note(book.dueWithoutBar);
    }
  }
}
