import type { InstrumentBook } from './instrument-book.js';
import type { OrderLifecycle } from './order-lifecycle.js';
import { WORKING, type SimOrder } from './sim-order.js';
import type { VenueAccount } from './venue-account.js';
import type { VenueEvents } from './venue-events.js';

/** What happens at a time rather than at a price: funding, settlement, the end of day orders, expiry. */
export class DueRules {
  constructor(
    private readonly account: VenueAccount,
    private readonly events: VenueEvents,
    private readonly lifecycle: OrderLifecycle,
  ) {}

  /** Applies everything that is due by `until`, in the order of time, at the last price of the book. */
  run(book: InstrumentBook, until: number): void {
    while (book.due <= until) {
      const time = book.due;
      // at one moment: funding, settlement, day orders, expiry
      if (book.fundingAt === time) this.fund(book, time);
      else if (book.settleAt === time) this.settle(book, time);
      else if (book.dayEnd === time) this.endDay(book, time);
      else this.expireInstrument(book, time);
      book.refreshDue();
    }
  }

  private fund(book: InstrumentBook, time: number): void {
    const schedule = book.rules.funding;
    if (schedule === undefined) return;
    const amount = -schedule.rateAt(time) * book.position.lots * book.close * book.position.tickLotValue;
    book.fundingAt = schedule.after(time);
    if (amount === 0) return;
    this.account.cashOf(book.index).add(amount);
    this.events.cash(book, 'funding', amount, book.ticks.value(book.close), time);
  }

  private settle(book: InstrumentBook, time: number): void {
    const { position } = book;
    const price = book.ticks.value(book.close);
    position.markPrice = price;
    const amount = position.unsettledPnl;
    position.settle(price, amount);
    book.settleAt = book.sessionCloseFor(time);
    this.account.cashOf(book.index).add(amount);
    this.events.cash(book, 'settlement', amount, price, time);
  }

  private endDay(book: InstrumentBook, time: number): void {
    let next = Infinity;
    for (let i = 0; i < book.live.length; i++) {
      const order = book.live[i] as SimOrder;
      if (order.state !== WORKING) continue;
      if (order.expiresAt <= time) this.lifecycle.expire(order, time);
      else next = Math.min(next, order.expiresAt);
    }
    book.dayEnd = next;
  }

  private expireInstrument(book: InstrumentBook, time: number): void {
    book.isExpired = true;
    this.cancelAll(book, 'the instrument expired', time);
    const { lots } = book.position;
    if (lots === 0) return;
    this.account.trade(book.index, -lots, book.close, time, 0);
    book.positionChanged(time);
    this.events.forcedFill(book, 'expiry', -Math.sign(lots), Math.abs(lots), book.ticks.value(book.close), 0, 0, time);
  }

  /** Ends every order of an instrument. */
  cancelAll(book: InstrumentBook, reason: string, time: number): void {
    const count = book.live.length;
    for (let i = 0; i < count; i++) {
      const order = book.live[i] as SimOrder;
      if (order.state === WORKING) this.lifecycle.cancel(order, reason, time);
    }
  }
}
