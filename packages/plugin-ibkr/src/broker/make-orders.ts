import { toPrice } from '@keelson/core/domain';
import type { BracketLeg, OrderIntent, OrderPrices, OrderType, Side } from '@keelson/core/domain';
import type { Order, OrderAction, OrderType as IbOrderType, TimeInForce as IbTimeInForce } from '@stoqey/ib';
import { onStep, type PriceSteps } from '../contracts/price-steps.js';

/** OCA groups: what is left of the others is reduced by what one fills, and nothing can overfill meanwhile. */
const REDUCE_WITH_BLOCK = 2;

const TYPES: Readonly<Record<OrderType, string>> = { market: 'MKT', limit: 'LMT', stop: 'STP', 'stop-limit': 'STP LMT', 'trailing-stop': 'TRAIL' };

/** What every order of an account has in common. */
export type OrderFrame = { readonly account: string; readonly clientId: number; readonly steps: PriceSteps };

/**
 * One order of an intent, or one exit of its bracket. `transmit` is always said: the gateway keeps what is not
 * transmitted until the last order of its bracket comes.
 */
function makeOrder(frame: OrderFrame, orderId: number, clientOrderId: string, side: Side, quantity: number, type: OrderType, tif: string, prices: OrderPrices, transmit: boolean, ocaGroup: string | undefined, parentId: number | undefined): Order {
  return {
    orderId,
    account: frame.account,
    clientId: frame.clientId,
    action: (side === 'buy' ? 'BUY' : 'SELL') as OrderAction,
    totalQuantity: quantity,
    orderType: TYPES[type] as IbOrderType,
    tif: tif as IbTimeInForce,
    outsideRth: type !== 'market' || parentId !== undefined,
    orderRef: clientOrderId,
    transmit,
    ...pricesOf(type, onSteps(frame.steps, side, prices)),
    ...(ocaGroup === undefined ? {} : { ocaGroup, ocaType: REDUCE_WITH_BLOCK }),
    ...(parentId === undefined ? {} : { parentId }),
  };
}

/** Prices where the venue takes them: a limit never worse than it was decided, a stop toward the market. */
export function onSteps<Prices extends Pick<OrderPrices, 'limitPrice' | 'stopPrice'>>(steps: PriceSteps, side: Side, prices: Prices): Prices {
  const towards = side === 'buy' ? 'down' : 'up';
  const { limitPrice, stopPrice } = prices;
  return {
    ...prices,
    ...(limitPrice === undefined ? {} : { limitPrice: toPrice(onStep(steps, limitPrice, towards)) }),
    ...(stopPrice === undefined ? {} : { stopPrice: toPrice(onStep(steps, stopPrice, towards)) }),
  };
}

/** Prices in the fields that the type reads them from. */
export function pricesOf(type: OrderType, { limitPrice, stopPrice, trailDistance, trailFraction }: OrderPrices): Partial<Order> {
  switch (type) {
    case 'market':
      return {};
    case 'limit':
      return limitPrice === undefined ? {} : { lmtPrice: limitPrice };
    case 'stop':
      return stopPrice === undefined ? {} : { auxPrice: stopPrice };
    case 'stop-limit':
      return { ...(limitPrice === undefined ? {} : { lmtPrice: limitPrice }), ...(stopPrice === undefined ? {} : { auxPrice: stopPrice }) };
    case 'trailing-stop':
      return {
        ...(stopPrice === undefined ? {} : { trailStopPrice: stopPrice }),
        ...(trailDistance === undefined ? {} : { auxPrice: trailDistance }),
        ...(trailFraction === undefined ? {} : { trailingPercent: trailFraction * 100 }),
      };
  }
}

export type MadeOrder = { readonly clientOrderId: string; readonly order: Order };

/**
 * The orders that an intent stands for, parent first; only the last one is transmitted, so that a bracket goes to the
 * venue whole or not at all.
 */
export function makeOrders(intent: OrderIntent, frame: OrderFrame, takeId: () => number): readonly MadeOrder[] {
  const legs = intent.bracket ?? [];
  const parentId = takeId();
  const parent = makeOrder(frame, parentId, intent.clientOrderId, intent.side, intent.quantity, intent.type, intent.timeInForce.toUpperCase(), intent, legs.length === 0, legs.length === 0 ? intent.ocoGroup : undefined, undefined);
  const children = legs.map((leg: BracketLeg, i): MadeOrder => ({
    clientOrderId: leg.clientOrderId,
    order: makeOrder(frame, takeId(), leg.clientOrderId, intent.side === 'buy' ? 'sell' : 'buy', intent.quantity, leg.type, 'GTC', leg, i === legs.length - 1, intent.ocoGroup ?? intent.clientOrderId, parentId),
  }));
  return [{ clientOrderId: intent.clientOrderId, order: parent }, ...children];
}
