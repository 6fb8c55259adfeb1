import type { InstrumentBook } from '../instrument-book.js';
import { LIMIT, MARKET, STOP_LIMIT, type SimOrder } from '../sim-order.js';
import type { Matcher } from './matcher.js';

/**
 * The rest of a bar when nothing is assumed in the account's favour: stops before targets, exits before
 * entries. What came to life inside the bar is stopped out by the whole range, but takes a profit only where
 * the close proves that the price went there.
 */
export function tradeWorstCase(book: InstrumentBook, matcher: Matcher): void {
  const { live } = book;
  const count = live.length;
  for (let i = 0; i < count; i++) {
    const order = live[i] as SimOrder;
    if (!order.isEntry && order.type !== LIMIT && order.type !== MARKET) tradeReached(order, book, matcher);
  }
  for (let i = 0; i < count; i++) {
    const order = live[i] as SimOrder;
    if (!order.isEntry && order.type === LIMIT) tradeReached(order, book, matcher);
  }
  for (let i = 0; i < count; i++) {
    const order = live[i] as SimOrder;
    if (!order.isEntry || order.type === MARKET) continue;
    const price = tradeReached(order, book, matcher);
    if (!Number.isNaN(price)) tradeExitsOf(order, price, book, matcher);
  }
}

/** @returns the price that the order was reached at, in ticks; NaN when it was not */
function tradeReached(order: SimOrder, book: InstrumentBook, matcher: Matcher): number {
  if (!matcher.isUsable(order, book) || !matcher.mayTradeInBar(order, book)) return Number.NaN;
  if (order.type === LIMIT) {
    const isReached = order.insideBar === book.bar ? order.isReachedAt(book.close) : order.isReachedWithin(book.low, book.high);
    if (!isReached) return Number.NaN;
    matcher.act(order, order.limit, true);
    return order.limit;
  }
  if (!order.isReachedWithin(book.low, book.high)) return Number.NaN;
  const isStopLimit = order.type === STOP_LIMIT;
  const before = order.filled;
  matcher.act(order, order.stop, false);
  if (!isStopLimit || order.filled > before) return order.stop;
  // triggered beyond its limit: it rests there for what is left of the bar
  if (!matcher.isUsable(order, book) || !order.isReachedAt(book.close)) return Number.NaN;
  matcher.act(order, order.limit, true);
  return order.limit;
}

/** An entry filled at `price` inside the bar: its exits live from there. Those of an earlier part were looked at already. */
function tradeExitsOf(entry: SimOrder, price: number, book: InstrumentBook, matcher: Matcher): void {
  const { children } = entry;
  if (children === undefined) return;
  matcher.tradeNewExits(entry, price);
  for (let i = 0; i < children.length; i++) {
    const child = children[i] as SimOrder;
    if (child.bornBar === book.bar && child.type !== LIMIT && child.type !== MARKET) tradeReached(child, book, matcher);
  }
  for (let i = 0; i < children.length; i++) {
    const child = children[i] as SimOrder;
    if (child.bornBar === book.bar && child.type === LIMIT) tradeReached(child, book, matcher);
  }
}
