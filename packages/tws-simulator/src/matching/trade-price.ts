import type { OrderTerms } from './order-terms.js';
import { signOf, tradesAtClose, waitsForTrigger } from './order-terms.js';
import type { Quote } from './quote.js';
import type { SimOrder } from './sim-order.js';
import type { Tradable } from './tradable.js';

/**
 * Whether the order may work at that time: futures' market and limit orders trade in all open hours,
 * everything else outside the regular hours only when it asks for it; a stock's market order never does.
 */
export function worksAt(terms: OrderTerms, contract: Tradable, timeMs: number): boolean {
  if (terms.goodAfterMs !== undefined && timeMs < terms.goodAfterMs) return false;
  if (!contract.hours.isOpen(timeMs)) return false;
  if (contract.hours.isRegular(timeMs)) return true;
  const future = contract.secType === 'FUT' || contract.secType === 'CONTFUT';
  if (future || contract.secType === 'CASH') return terms.outsideRth || !waitsForTrigger(terms.type);
  return terms.outsideRth && terms.type !== 'MKT';
}

/**
 * Moves the order's trail, triggers it when its price is reached, and says at what price it trades on
 * this quote; `undefined` when it does not. A stop trades at the market it finds, never better.
 */
export function tradePriceOf(order: SimOrder, quote: Quote): number | undefined {
  const { terms } = order;
  if (tradesAtClose(terms.type)) return undefined;
  if (waitsForTrigger(terms.type) && !order.triggered) {
    moveTrail(order, quote);
    if (!isReached(order, quote)) return undefined;
    order.triggered = true;
  }
  return marketPriceWithin(terms.action, limitOf(order), quote);
}

/** At what price an order for the close trades in the closing print; `undefined` when its limit forbids. */
export function closingPriceOf(order: SimOrder, quote: Quote): number | undefined {
  const limit = order.terms.type === 'LOC' ? order.terms.limitPrice : undefined;
  if (limit !== undefined && (order.terms.action === 'BUY' ? quote.last > limit : quote.last < limit)) return undefined;
  return quote.last;
}

/** The market's price for the side, unless it is worse than the limit. */
function marketPriceWithin(action: 'BUY' | 'SELL', limit: number | undefined, quote: Quote): number | undefined {
  const market = action === 'BUY' ? quote.ask : quote.bid;
  if (limit === undefined) return market;
  return action === 'BUY' ? (market <= limit ? market : undefined) : market >= limit ? market : undefined;
}

function limitOf(order: SimOrder): number | undefined {
  switch (order.terms.type) {
    case 'LMT':
    case 'STP LMT':
    case 'LIT':
      return order.terms.limitPrice;
    case 'TRAIL LIMIT':
      return (order.stopPrice ?? 0) + signOf(order.terms.action) * (order.terms.limitOffset ?? 0);
    default:
      return undefined;
  }
}

function moveTrail(order: SimOrder, quote: Quote): void {
  const { terms } = order;
  if (terms.type !== 'TRAIL' && terms.type !== 'TRAIL LIMIT') return;
  const distance = terms.trailingPercent === undefined ? (terms.auxPrice ?? 0) : (quote.last * terms.trailingPercent) / 100;
  const sell = terms.action === 'SELL';
  const stop = sell ? quote.last - distance : quote.last + distance;
  if (order.stopPrice === undefined) order.stopPrice = terms.trailStopPrice ?? stop;
  else order.stopPrice = sell ? Math.max(order.stopPrice, stop) : Math.min(order.stopPrice, stop);
}

function isReached(order: SimOrder, quote: Quote): boolean {
  const { terms } = order;
  const buy = terms.action === 'BUY';
  const touch = terms.type === 'MIT' || terms.type === 'LIT';
  const level = terms.type === 'TRAIL' || terms.type === 'TRAIL LIMIT' ? order.stopPrice : terms.auxPrice;
  if (level === undefined) return false;
  // A stop buys into strength, a touch order buys into weakness.
  return buy !== touch ? quote.last >= level : quote.last <= level;
}
