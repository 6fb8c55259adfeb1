import type { OrderTerms } from '../matching/order-terms.js';
import type { SimOrder } from '../matching/sim-order.js';
import type { Tradable } from '../matching/tradable.js';
import type { VenueError } from './venue-error.js';
import { VENUE_ERRORS } from './venue-error.js';

/** Why the venue would not take an order with these terms in this contract. */
export function faultOf(terms: OrderTerms, contract: Tradable): VenueError | undefined {
  if (contract.secType === 'CONTFUT' || contract.secType === 'IND') return VENUE_ERRORS.rejected(`No trading permissions: ${contract.secType} is for data only`);
  if (contract.secType !== 'CRYPTO' && !Number.isInteger(terms.quantity)) return VENUE_ERRORS.fractionalSize;
  const trails = terms.type === 'TRAIL' || terms.type === 'TRAIL LIMIT';
  const prices = [terms.limitPrice, trails ? undefined : terms.auxPrice, terms.trailStopPrice];
  for (const price of prices) if (price !== undefined && !isOnTick(price, contract.tickSizeAt(price))) return VENUE_ERRORS.priceOffTick;
  return undefined;
}

/** Whether an order may become that one: contract, side, type and account stay. */
export function modificationFaultOf(order: SimOrder, terms: OrderTerms, contract: Tradable): VenueError | undefined {
  if (order.status === 'Filled') return VENUE_ERRORS.modifiesFilled;
  if (order.doneMs !== undefined) return VENUE_ERRORS.duplicateOrderId;
  if (order.conId !== contract.conId || order.terms.action !== terms.action || order.terms.type !== terms.type) return VENUE_ERRORS.modifiesOther;
  if (terms.account !== '' && terms.account !== order.account) return VENUE_ERRORS.modifiesOther;
  if (terms.quantity < order.filled) return VENUE_ERRORS.rejected(`Order size ${terms.quantity} is smaller than the filled quantity ${order.filled}.`);
  return faultOf(terms, contract);
}

function isOnTick(price: number, tick: number): boolean {
  if (!(tick > 0)) return true;
  const steps = price / tick;
  return Math.abs(steps - Math.round(steps)) < 1e-6;
}
