import type { InstrumentBook } from '../instrument-book.js';
import type { VenueAccount } from '../venue-account.js';

/** Margin of the whole account, in the base currency. */
export class MarginCheck {
  /** False when no instrument asks for margin: nothing needs to be computed then. */
  readonly isActive: boolean;

  constructor(
    private readonly books: readonly InstrumentBook[],
    private readonly account: VenueAccount,
  ) {
    this.isActive = books.some((book) => book.rules.margin !== undefined);
  }

  /**
   * What lacks for holding `lots` (signed) of `book` after a trade at `ticks`; undefined when it is affordable
   * or cannot be known, because a currency has no rate yet.
   */
  shortfall(book: InstrumentBook, lots: number, ticks: number, commission: number, time: number): string | undefined {
    const rule = book.rules.margin;
    if (rule === undefined) return undefined;
    const rate = this.account.rateOf(book.index);
    book.position.markPrice = book.ticks.value(ticks);
    const size = Math.abs(lots);
    const required = rule.initial(book.lots.value(size), this.notional(book, size, ticks), time) * rate;
    const free = this.account.equity() - commission * rate - this.initialOfOthers(book.index, time);
    // a billionth part is rounding, not money
    if (!(required > free + Math.abs(required) * 1e-9)) return undefined;
    return `initial margin was ${required.toFixed(2)} with ${free.toFixed(2)} free, expected no more than what is free`;
  }

  /** Maintenance margin of all positions at their marks. */
  maintenance(time: number): number {
    let sum = 0;
    for (let h = 0; h < this.account.held.length; h++) sum += this.maintenanceOf(this.account.held[h] as number, time);
    return sum;
  }

  /** Maintenance margin of one position at its mark; 0 when nothing is asked. */
  maintenanceOf(instrument: number, time: number): number {
    const book = this.books[instrument] as InstrumentBook;
    const rule = book.rules.margin;
    if (rule === undefined || book.position.lots === 0) return 0;
    const size = Math.abs(book.position.lots);
    return rule.maintenance(book.lots.value(size), Math.abs(book.position.notional), time) * this.account.rateOf(instrument);
  }

  private initialOfOthers(instrument: number, time: number): number {
    let sum = 0;
    for (let h = 0; h < this.account.held.length; h++) {
      const other = this.account.held[h] as number;
      if (other === instrument) continue;
      const book = this.books[other] as InstrumentBook;
      const rule = book.rules.margin;
      if (rule === undefined) continue;
      const size = Math.abs(book.position.lots);
      sum += rule.initial(book.lots.value(size), Math.abs(book.position.notional), time) * this.account.rateOf(other);
    }
    return sum;
  }

  private notional(book: InstrumentBook, lots: number, ticks: number): number {
    return Math.abs(ticks) * lots * book.position.tickLotValue;
  }
}
