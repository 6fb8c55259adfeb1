import type { BracketLeg, Instrument, OrderIntent, OrderType, Side } from '@keelson/core/domain';
import { InstrumentGrid } from '@keelson/core/domain';

/** Orders of which a fill of one takes as much from the others. */
export type OrderGroup = { readonly name: string | undefined; readonly members: VenueOrder[] };

/** An order as the venue keeps it. */
export type VenueOrder = {
  readonly id: string;
  readonly venueOrderId: string;
  readonly instrument: Instrument;
  readonly side: Side;
  readonly type: OrderType;
  readonly reduceOnly: boolean;
  readonly timeInForce: OrderIntent['timeInForce'];
  state: 'held' | 'working' | 'filled' | 'canceled' | 'expired' | 'rejected';
  quantity: number;
  filled: number;
  limitPrice: number | undefined;
  stopPrice: number | undefined;
  triggered: boolean;
  /** Best price since it works, for a trailing stop. */
  best: number;
  readonly trail: { readonly distance: number | undefined; readonly fraction: number | undefined };
  group: OrderGroup | undefined;
  readonly children: VenueOrder[];
};

export function isAlive({ state }: VenueOrder): boolean {
  return state === 'held' || state === 'working';
}

/** `leg` makes it the held exit of a bracket of `intent`. */
export function makeOrder(intent: OrderIntent, venueOrderId: string, instrument: Instrument, price: number, leg?: BracketLeg): VenueOrder {
  const source = leg ?? intent;
  return {
    id: source.clientOrderId,
    venueOrderId,
    instrument,
    side: leg === undefined ? intent.side : intent.side === 'buy' ? 'sell' : 'buy',
    type: source.type,
    reduceOnly: leg !== undefined || intent.reduceOnly,
    timeInForce: leg === undefined ? intent.timeInForce : 'gtc',
    state: leg === undefined ? 'working' : 'held',
    quantity: leg === undefined ? intent.quantity : 0,
    filled: 0,
    limitPrice: source.limitPrice,
    stopPrice: source.stopPrice,
    triggered: false,
    best: price,
    trail: { distance: source.trailDistance, fraction: source.trailFraction },
    group: undefined,
    children: [],
  };
}

const LIMITED: ReadonlySet<OrderType> = new Set<OrderType>(['limit', 'stop-limit']);
const STOPPED: ReadonlySet<OrderType> = new Set<OrderType>(['stop', 'stop-limit', 'trailing-stop']);

/** What is wrong with a quantity or a price; undefined when nothing is. */
export function quantityFault(instrument: Instrument, quantity: number): string | undefined {
  return quantity > 0 && new InstrumentGrid(instrument).lots.holds(quantity) ? undefined : `quantity was ${quantity}, expected a multiple of the lot ${instrument.lotSize}`;
}

export function priceFault(instrument: Instrument, type: OrderType, prices: { readonly limitPrice?: number; readonly stopPrice?: number; readonly trailDistance?: number; readonly trailFraction?: number }, isChange = false): string | undefined {
  const grid = new InstrumentGrid(instrument);
  for (const [name, price, takes, needs] of [
    ['limit price', prices.limitPrice, LIMITED.has(type), LIMITED.has(type)],
    ['stop price', prices.stopPrice, STOPPED.has(type), STOPPED.has(type) && type !== 'trailing-stop'],
  ] as const) {
    if (price === undefined ? needs && !isChange : !takes) return `${name} was ${price}, expected ${takes ? 'one' : 'none'} for a ${type} order`;
    if (price !== undefined && !(Number.isFinite(price) && grid.ticks.holds(price))) return `${name} was ${price}, expected a multiple of the tick ${instrument.tickSize}`;
  }
  if (type === 'trailing-stop' && !isChange && (prices.trailDistance === undefined) === (prices.trailFraction === undefined)) return 'a trailing stop has both or neither of distance and fraction, expected one';
  return undefined;
}

/** Moves a trailing stop after the market, and triggers a stop that the price has reached. */
export function follow(order: VenueOrder, price: number): void {
  const { side, type, trail } = order;
  const sign = side === 'buy' ? 1 : -1;
  if (type === 'trailing-stop') {
    order.best = sign > 0 ? Math.min(order.best, price) : Math.max(order.best, price);
    const trailed = order.best + sign * (trail.distance ?? order.best * (trail.fraction ?? 0));
    if (order.stopPrice === undefined || (trailed - order.stopPrice) * sign < 0) order.stopPrice = trailed;
  }
  if (STOPPED.has(type) && (price - (order.stopPrice as number)) * sign >= 0) order.triggered = true;
}

/** Whether an order trades when the market stands at `price`. */
export function trades(order: VenueOrder, price: number): boolean {
  const { type, side, limitPrice, triggered } = order;
  if (STOPPED.has(type) && !triggered) return false;
  return !LIMITED.has(type) || (side === 'buy' ? price <= (limitPrice as number) : price >= (limitPrice as number));
}
