import type { BracketLeg, OrderIntent, OrderPrices, OrderType } from '@keelson/core/domain';
import type { InstrumentBook } from './instrument-book.js';
import { LIMIT, MARKET, STOP, STOP_LIMIT, TRAILING, type SimOrder } from './sim-order.js';

const TYPES: Readonly<Record<OrderType, number>> = { market: MARKET, limit: LIMIT, stop: STOP, 'stop-limit': STOP_LIMIT, 'trailing-stop': TRAILING };

export function typeNumber(type: OrderType): number {
  return TYPES[type];
}

function priceFault(book: InstrumentBook, name: string, price: number | undefined): string | undefined {
  if (price === undefined || !Number.isFinite(price)) return `${name} was ${price}, expected a price`;
  return book.ticks.holds(price) ? undefined : `${name} was ${price}, expected a multiple of the tick ${book.ticks.step}`;
}

function pricesFault(book: InstrumentBook, type: number, prices: OrderPrices): string | undefined {
  let fault: string | undefined;
  if (type === LIMIT || type === STOP_LIMIT) fault = priceFault(book, 'limit price', prices.limitPrice);
  if (type === STOP || type === STOP_LIMIT || (type === TRAILING && prices.stopPrice !== undefined)) fault ??= priceFault(book, 'stop price', prices.stopPrice);
  if (type === TRAILING) {
    const { trailDistance, trailFraction } = prices;
    if ((trailDistance === undefined) === (trailFraction === undefined)) fault ??= `trail distance was ${trailDistance} and trail fraction ${trailFraction}, expected exactly one of them`;
    else if (trailDistance !== undefined && !(trailDistance > 0)) fault ??= `trail distance was ${trailDistance}, expected a positive number`;
    else if (trailFraction !== undefined && !(trailFraction > 0 && trailFraction < 1)) fault ??= `trail fraction was ${trailFraction}, expected more than 0 and less than 1`;
  }
  return fault;
}

/** Why the venue refuses an intent as it stands; undefined when it does not. */
export function intentFault(book: InstrumentBook, intent: OrderIntent): string | undefined {
  const fault = quantityFault(book, intent.quantity) ?? pricesFault(book, TYPES[intent.type], intent);
  if (fault !== undefined || intent.bracket === undefined) return fault;
  for (const leg of intent.bracket) {
    const legFault = pricesFault(book, TYPES[leg.type], leg);
    if (legFault !== undefined) return `${leg.role}: ${legFault}`;
  }
  return undefined;
}

export function quantityFault(book: InstrumentBook, quantity: number): string | undefined {
  if (!(quantity > 0) || !Number.isFinite(quantity)) return `quantity was ${quantity}, expected a positive number`;
  return book.lots.holds(quantity) ? undefined : `quantity was ${quantity}, expected a multiple of the lot ${book.lots.step}`;
}

/** Writes the prices of an intent or a bracket leg into an order, as ticks. */
export function takePrices(order: SimOrder, prices: OrderIntent | BracketLeg): void {
  const { ticks } = order.book;
  if (prices.limitPrice !== undefined) order.limit = ticks.nearest(prices.limitPrice);
  if (prices.stopPrice !== undefined) order.stop = ticks.nearest(prices.stopPrice);
  else if (order.type === TRAILING) order.stop = Number.NaN;
  // a distance is rounded up to the tick, so that it is at least what was asked
  if (prices.trailDistance !== undefined) order.trailTicks = ticks.up(prices.trailDistance);
  if (prices.trailFraction !== undefined) order.trailFraction = prices.trailFraction;
}
