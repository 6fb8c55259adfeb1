import type { InstrumentBook } from '../instrument-book.js';
import { LIMIT, MARKET, type SimOrder } from '../sim-order.js';
import type { Matcher } from './matcher.js';

/** The rest of a bar when the price is assumed to go straight from the open to one extreme, the other, and the close. */
export function tradePath(book: InstrumentBook, matcher: Matcher): void {
  const { open, high, low, close } = book;
  const highFirst = matcher.settings.intrabar === 'ohlc' || (matcher.settings.intrabar === 'nearest-open' && high - open < open - low);
  if (highFirst) {
    tradeLeg(book, matcher, open, high);
    tradeLeg(book, matcher, high, low);
    tradeLeg(book, matcher, low, close);
  } else {
    tradeLeg(book, matcher, open, low);
    tradeLeg(book, matcher, low, high);
    tradeLeg(book, matcher, high, close);
  }
}

/** One straight move. What is nearest on the way trades first; at one price exits before entries, stops before limits. */
function tradeLeg(book: InstrumentBook, matcher: Matcher, from: number, to: number): void {
  let at = from;
  for (;;) {
    let next: SimOrder | undefined;
    let nextPrice = 0;
    let nextRank = 0;
    for (let i = 0; i < book.live.length; i++) {
      const order = book.live[i] as SimOrder;
      if (order.type === MARKET || !matcher.isUsable(order, book) || !matcher.mayTradeInBar(order, book)) continue;
      // without volume a limit order would be come to again and again
      if (order.type === LIMIT && book.volumeLeft <= 0) continue;
      const price = priceOnLeg(order, at, to);
      if (Number.isNaN(price)) continue;
      const rank = (order.isEntry ? 2 : 0) + (order.type === LIMIT ? 1 : 0);
      const distance = Math.abs(price - at) - Math.abs(nextPrice - at);
      if (next === undefined || distance < 0 || (distance === 0 && rank < nextRank)) {
        next = order;
        nextPrice = price;
        nextRank = rank;
      }
    }
    if (next === undefined) return;
    matcher.act(next, nextPrice, next.type === LIMIT && !next.isReachedAt(at));
    at = nextPrice;
  }
}

/** Where on the way from `at` to `to` the order is reached; NaN when it is not. */
function priceOnLeg(order: SimOrder, at: number, to: number): number {
  if (order.isReachedAt(at)) return at;
  return order.isReachedAt(to) ? order.level : Number.NaN;
}
