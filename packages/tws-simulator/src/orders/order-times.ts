import type { OrderTerms } from '../matching/order-terms.js';
import type { SimOrder } from '../matching/sim-order.js';
import type { Tradable } from '../matching/tradable.js';
import { worksAt } from '../matching/trade-price.js';
import type { TimedQuote } from './venue.js';

/** When an order ends by its own terms: day orders with the day, or with the regular hours when they keep to them. */
export function endOf(order: SimOrder, contract: Tradable): number | undefined {
  if (order.terms.tif === 'GTD') return order.terms.goodTillMs;
  if (order.terms.tif !== 'DAY') return undefined;
  return order.terms.outsideRth ? contract.hours.dayEndMs(order.placedMs) : contract.hours.regularCloseMs(order.placedMs);
}

/** When an order that does not work now can next be placed at the exchange. */
export function nextOpenOf(terms: OrderTerms, contract: Tradable, nowMs: number): number | undefined {
  const open = contract.hours.nextOpenMs(nowMs);
  return open !== undefined && worksAt({ ...terms, goodAfterMs: undefined }, contract, open) ? open : contract.hours.nextRegularOpenMs(nowMs);
}

/** Whether a quote is still the market: one from before the last close is not. */
export function isOfThisDay(quote: TimedQuote, contract: Tradable, nowMs: number): boolean {
  return contract.hours.isOpen(quote.timeMs) && nowMs < (contract.hours.dayEndMs(quote.timeMs) ?? Infinity);
}
