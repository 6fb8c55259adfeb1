import type { DueRules } from './due-rules.js';
import type { InstrumentBook } from './instrument-book.js';
import type { MarginCheck } from './margin/margin-check.js';
import { adversePrice } from './models/slippage.js';
import type { VenueAccount } from './venue-account.js';
import type { VenueEvents } from './venue-events.js';

/** Closes positions whose maintenance margin the account's equity no longer covers. */
export class Liquidation {
  constructor(
    private readonly books: readonly InstrumentBook[],
    private readonly account: VenueAccount,
    private readonly events: VenueEvents,
    private readonly rules: DueRules,
    private readonly margin: MarginCheck,
    private readonly feeFraction: number,
  ) {}

  /**
   * Checks the account after all bars that closed at `time`. The position with the largest requirement goes
   * first, whole, at its last price with slippage; only markets that traded in this moment, within a session, can be sold into.
   */
  check(time: number): void {
    if (!this.margin.isActive || this.account.held.length === 0) return;
    while (this.account.equity() < this.margin.maintenance(time)) {
      let worst: InstrumentBook | undefined;
      let largest = 0;
      for (const instrument of this.account.held) {
        const book = this.books[instrument] as InstrumentBook;
        const requirement = book.closedAt === time && book.isOpenAt(book.time) ? this.margin.maintenanceOf(instrument, time) : 0;
        if (requirement <= largest) continue;
        worst = book;
        largest = requirement;
      }
      if (worst === undefined) return;
      this.close(worst, time);
    }
  }

  private close(book: InstrumentBook, time: number): void {
    this.rules.cancelAll(book, 'liquidation: equity is below the maintenance margin', time);
    const { position } = book;
    const lots = Math.abs(position.lots);
    const sign = position.lots > 0 ? -1 : 1;
    const quantity = book.lots.value(lots);
    const ticks = adversePrice(book.close, book.rules.slippage.ticks(book.close, quantity, book), sign);
    const notional = Math.abs(ticks) * lots * position.tickLotValue;
    const commission = book.rules.commission.charge(undefined, quantity, notional, false, time);
    const slippage = Math.max(0, (ticks - book.close) * sign) * lots * position.tickLotValue;
    this.account.trade(book.index, sign * lots, ticks, time, commission);
    book.positionChanged(time);
    this.events.forcedFill(book, 'liquidation', sign, lots, book.ticks.value(ticks), commission, slippage, time);
    const fee = this.feeFraction * notional;
    if (fee === 0) return;
    this.account.cashOf(book.index).add(-fee);
    this.events.cash(book, 'fee', -fee, undefined, time);
  }
}
