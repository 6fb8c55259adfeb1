import type { InstrumentId } from './instrument.js';
import type { Price, Quantity, UtcMs } from './units.js';

export type Side = 'buy' | 'sell';
export type OrderType = 'market' | 'limit' | 'stop' | 'stop-limit' | 'trailing-stop';
/** `day` ends with the session, `gtc` when cancelled, `ioc` fills at once what it can and cancels the rest. */
export type TimeInForce = 'day' | 'gtc' | 'ioc';
/** What the order is for; exits, stops and targets only ever reduce a position. */
export type OrderRole = 'entry' | 'exit' | 'stop' | 'target';

/** Deterministic name of an order, written to the journal before the order leaves the process. */
export type ClientOrderId = string;

/** Prices of an order, by type: limit and stop-limit use `limitPrice`, stop and stop-limit use `stopPrice`. */
export type OrderPrices = {
  readonly limitPrice?: Price;
  /** Trigger; for a trailing stop the first trigger, which then follows the market. */
  readonly stopPrice?: Price;
  /** Trailing stop: distance to the best price since it became active, in price units. */
  readonly trailDistance?: Price;
  /** Trailing stop: distance as a fraction of the best price. */
  readonly trailFraction?: number;
};

/** A protective child of an entry: lives from the parent's fill, for the filled quantity. */
export type BracketLeg = OrderPrices & {
  readonly clientOrderId: ClientOrderId;
  readonly role: 'stop' | 'target';
  readonly type: 'limit' | 'stop' | 'stop-limit' | 'trailing-stop';
};

/** What the kernel wants sent. Only a risk-approved one reaches a broker. */
export type OrderIntent = OrderPrices & {
  readonly clientOrderId: ClientOrderId;
  readonly instrument: InstrumentId;
  readonly role: OrderRole;
  readonly side: Side;
  readonly quantity: Quantity;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  /** The venue fills at most what brings the position to zero, and cancels the rest. */
  readonly reduceOnly: boolean;
  /** One cancels the other: a fill in the group reduces its other orders by the filled quantity. */
  readonly ocoGroup?: string;
  /** Exits that become working orders as the entry fills; they form one OCO group, `ocoGroup`. */
  readonly bracket?: readonly BracketLeg[];
  readonly decidedAt: UtcMs;
  /** Close of the bar the decision was made on; slippage is measured from the fill model, not from here. */
  readonly decisionPrice: Price;
  readonly reason: string;
};

/** A change of a working order; absent fields stay as they are. */
export type OrderChange = {
  readonly clientOrderId: ClientOrderId;
  readonly instrument: InstrumentId;
  readonly quantity?: Quantity;
  readonly limitPrice?: Price;
  readonly stopPrice?: Price;
  readonly reason: string;
};

export type OrderStatus =
  | 'pending'   // written down, not yet acknowledged
  | 'held'      // bracket child that waits for its parent's fill
  | 'working'
  | 'partially-filled'
  | 'filled'
  | 'canceled'
  | 'expired'
  | 'rejected'
  | 'unknown';  // outcome not known: never sent again before the venue was read

/** True when nothing more can happen to an order of this status. */
export function isTerminal(status: OrderStatus): boolean {
  return status === 'filled' || status === 'canceled' || status === 'expired' || status === 'rejected';
}

declare const riskApproved: unique symbol;
/**
 * Proof that the hard limits were checked. Only `pipeline/approve-orders.ts` makes one, and no other
 * value is accepted by `Broker.submit`. Approval of an order is none of a change: the mark holds its type, both ways.
 */
export type RiskApproved<T> = T & { readonly [riskApproved]: (approved: T) => T };
