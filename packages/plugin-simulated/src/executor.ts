import type { MarginCheck } from './margin/margin-check.js';
import { adversePrice } from './models/slippage.js';
import type { OrderLifecycle } from './order-lifecycle.js';
import { LIMIT, WORKING, type SimOrder } from './sim-order.js';
import type { VenueAccount } from './venue-account.js';
import type { VenueEvents } from './venue-events.js';

/** Turns a reached order into a fill: how much, at what price, at what cost, and what follows from it. */
export class Executor {
  constructor(
    private readonly account: VenueAccount,
    private readonly events: VenueEvents,
    private readonly lifecycle: OrderLifecycle,
    private readonly margin: MarginCheck,
  ) {}

  /**
   * Fills what may be filled of `order` in the bar in play.
   * @param price in ticks, before slippage
   * @param maker true for a limit order that rested and was come to
   */
  fill(order: SimOrder, price: number, maker: boolean, time: number): void {
    const { book } = order;
    const { position } = book;
    let lots = order.remaining;
    let leftover = '';
    if (order.reduceOnly) {
      const room = position.lots * order.sign < 0 ? Math.abs(position.lots) : 0;
      if (room === 0) {
        this.lifecycle.cancel(order, 'reduce-only, and there is no position to reduce', time);
        return;
      }
      if (lots > room) {
        lots = room;
        leftover = 'reduce-only, and the position is closed';
      }
    }
    book.startVolume();
    if (lots > book.volumeLeft) {
      lots = book.volumeLeft;
      leftover = '';
    }
    if (lots <= 0) return;

    const ticks = this.priceOf(order, price, lots, maker);
    const opening = lots - (position.lots * order.sign < 0 ? Math.min(Math.abs(position.lots), lots) : 0);
    let refusal: string | undefined;
    if (opening > 0 && this.margin.isActive) {
      const estimate = book.rules.commission.estimate(book.lots.value(lots), Math.abs(ticks) * lots * position.tickLotValue);
      refusal = this.margin.shortfall(book, position.lots + lots * order.sign, ticks, estimate, time);
      if (refusal !== undefined) lots -= opening; // what only reduces is never refused
    }
    if (lots > 0) this.book(order, lots, ticks, price, maker, time);
    if (order.state !== WORKING) return;
    if (refusal !== undefined) this.lifecycle.refuse(order, 'BRK_MARGIN', refusal, time);
    else if (leftover !== '') this.lifecycle.cancel(order, leftover, time);
  }

  private priceOf(order: SimOrder, price: number, lots: number, maker: boolean): number {
    const { book } = order;
    const slip = maker ? 0 : book.rules.slippage.ticks(price, book.lots.value(lots), book);
    const ticks = adversePrice(price, slip, order.sign);
    if (order.type !== LIMIT) return ticks;
    return order.sign > 0 ? Math.min(ticks, order.limit) : Math.max(ticks, order.limit);
  }

  private book(order: SimOrder, lots: number, ticks: number, price: number, maker: boolean, time: number): void {
    const { book } = order;
    const value = book.position.tickLotValue;
    const commission = book.rules.commission.charge(order, book.lots.value(lots), Math.abs(ticks) * lots * value, maker, time);
    const slippage = Math.max(0, (ticks - price) * order.sign) * lots * value;
    this.account.trade(book.index, lots * order.sign, ticks, time, commission);
    book.position.markPrice = book.ticks.value(ticks);
    book.volumeLeft -= lots;
    book.positionChanged(time);
    order.filled += lots;
    if (order.remaining === 0) this.lifecycle.finish(order, 'filled');
    this.events.filled(order, lots, book.ticks.value(ticks), commission, slippage, maker, time);
    this.lifecycle.reduceGroup(order, lots, time);
    this.lifecycle.grow(order, lots, price, time);
  }
}
