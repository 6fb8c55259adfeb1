import type { Executor } from '../executor.js';
import type { InstrumentBook } from '../instrument-book.js';
import type { OrderLifecycle } from '../order-lifecycle.js';
import { ENDED, LIMIT, MARKET, STOP_LIMIT, TRAILING, WORKING, type SimOrder } from '../sim-order.js';
import { tradePath } from './price-path.js';
import { moveTrailing } from './trailing-stop.js';
import { tradeWorstCase } from './worst-case.js';

export type MatchSettings = {
  readonly intrabar: 'worst' | 'ohlc' | 'olhc' | 'nearest-open';
  readonly entryBarStops: boolean;
  readonly entryBarTargets: boolean;
};

const isEnded = (order: SimOrder): boolean => order.state === ENDED;

/**
 * Trades one bar against the orders of its instrument. The order of things: at the open exits by signal, then
 * other exits, then entries; then the rest of the bar by the policy; then trailing stops move.
 */
export class Matcher {
  constructor(
    readonly settings: MatchSettings,
    private readonly executor: Executor,
    private readonly lifecycle: OrderLifecycle,
  ) {}

  /** Trades the bar in play of `book`. */
  match(book: InstrumentBook): void {
    book.bar++;
    const { live, time, low, high } = book;
    let reached = false;
    let care = false;
    for (let i = 0; i < live.length; i++) {
      const order = live[i] as SimOrder;
      if (order.activeFrom > time) continue;
      if (order.isReachedWithin(low, high)) reached = true;
      if (order.needsCare) care = true;
    }
    if (reached || care) {
      book.startVolume();
      if (care) this.passLatency(book);
      book.atOpen = true;
      this.tradeOpen(book);
      book.atOpen = false;
      if (this.settings.intrabar === 'worst') tradeWorstCase(book, this);
      else tradePath(book, this);
      this.moveTrailingStops(book);
    }
    book.sweep(isEnded);
  }

  /** True when the order may trade in the bar in play. */
  isUsable(order: SimOrder, book: InstrumentBook): boolean {
    return order.state === WORKING && order.activeFrom <= book.time && order.skippedBar !== book.bar;
  }

  /** False for an exit in the bar of its entry, when the configuration wants it to wait. */
  mayTradeInBar(order: SimOrder, book: InstrumentBook): boolean {
    if (order.bornBar !== book.bar) return true;
    return order.role === 'target' ? this.settings.entryBarTargets : this.settings.entryBarStops;
  }

  /**
   * The market came to the order at `price` (ticks).
   * @param resting true when it came to a limit order's own price: that fills as maker, without slippage
   */
  act(order: SimOrder, price: number, resting: boolean): void {
    const { book } = order;
    if (order.type === LIMIT) {
      this.executor.fill(order, price, resting, book.time);
      return;
    }
    if (order.type === STOP_LIMIT) {
      order.type = LIMIT;
      order.insideBar = book.atOpen ? -1 : book.bar;
      order.arm(book.rules.limitSlack);
      // the order takes what is offered at once; beyond its limit it rests there
      if (order.sign > 0 ? price <= order.limit : price >= order.limit) this.executor.fill(order, price, false, book.time);
      return;
    }
    if (order.type !== MARKET) {
      order.type = MARKET;
      order.arm(0);
    }
    this.executor.fill(order, price, false, book.time);
  }

  /** Exits that an entry's fill just brought to life, against the price that it filled at. */
  tradeNewExits(entry: SimOrder, price: number): void {
    const { children, book } = entry;
    if (children === undefined) return;
    for (let i = 0; i < children.length; i++) {
      const child = children[i] as SimOrder;
      if (child.state === WORKING && child.bornBar === book.bar && this.mayTradeInBar(child, book) && child.isReachedAt(price)) this.act(child, price, false);
    }
  }

  private tradeOpen(book: InstrumentBook): void {
    const { live, open } = book;
    const count = live.length;
    for (let i = 0; i < count; i++) {
      const order = live[i] as SimOrder;
      if (order.type === MARKET && order.role === 'exit' && this.isUsable(order, book)) this.act(order, open, false);
    }
    for (let i = 0; i < count; i++) {
      const order = live[i] as SimOrder;
      if (!order.isEntry && order.isReachedAt(open) && this.isUsable(order, book)) this.act(order, open, this.hasRested(order, book));
    }
    for (let i = 0; i < count; i++) {
      const order = live[i] as SimOrder;
      if (!order.isEntry || !order.isReachedAt(open) || !this.isUsable(order, book)) continue;
      this.act(order, open, this.hasRested(order, book));
      this.tradeNewExits(order, open);
    }
    for (let i = 0; i < count; i++) {
      const order = live[i] as SimOrder;
      if (order.ioc && this.isUsable(order, book)) this.lifecycle.cancel(order, 'immediate or cancel', book.time);
    }
  }

  /** True for a limit order that was in the market before this bar. */
  private hasRested(order: SimOrder, book: InstrumentBook): boolean {
    return order.type === LIMIT && order.activeFrom <= book.previousTime;
  }

  private passLatency(book: InstrumentBook): void {
    for (let i = 0; i < book.live.length; i++) {
      const order = book.live[i] as SimOrder;
      if (order.waitBars === 0 || order.activeFrom > book.time || order.state !== WORKING) continue;
      order.waitBars--;
      order.skippedBar = book.bar;
      // only the bar after the last one that was waited for finds it resting
      order.activeFrom = book.time + 1;
    }
  }

  private moveTrailingStops(book: InstrumentBook): void {
    for (let i = 0; i < book.live.length; i++) {
      const order = book.live[i] as SimOrder;
      if (order.type !== TRAILING || !this.isUsable(order, book)) continue;
      const extreme = order.insideBar === book.bar ? book.close : order.sign < 0 ? book.high : book.low;
      moveTrailing(order, extreme);
    }
  }
}
