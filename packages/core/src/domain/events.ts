import type { InstrumentId } from './instrument.js';
import type { ClientOrderId, Side } from './order.js';
import type { Money, Price, Quantity, UtcMs } from './units.js';

/** An execution at the venue. Fills are the truth; statuses are hints. */
export type Fill = {
  readonly executionId: string;
  readonly clientOrderId: ClientOrderId;
  readonly instrument: InstrumentId;
  readonly side: Side;
  readonly quantity: Quantity;
  readonly price: Price;
  /** Paid to the venue in `commissionCurrency`; negative is a rebate. */
  readonly commission: Money;
  readonly commissionCurrency: string;
  /** Adverse difference to the unslipped price × quantity × multiplier, in the instrument's currency. */
  readonly slippage: Money;
  readonly liquidity: 'maker' | 'taker';
  /** Why the venue traded on its own account of the rules; absent for an ordinary fill. */
  readonly cause?: 'liquidation' | 'expiry';
  readonly time: UtcMs;
};

/** Money that moves without a trade. Positive is received. */
export type CashMovement = {
  /** The venue's own; what comes under one id again is a repetition, and not booked. */
  readonly id: string;
  readonly kind: 'settlement' | 'funding' | 'fee' | 'deposit' | 'withdrawal';
  readonly instrument?: InstrumentId;
  readonly amount: Money;
  readonly currency: string;
  /** Settlement price; the open profit up to it has become cash. */
  readonly price?: Price;
  /** Execution that it is a cost of: one that was told after its fill. */
  readonly executionId?: string;
  readonly time: UtcMs;
};

/** What a venue, or the life of a contract there, still lets an account do in an instrument: all; no entries; or it is to be left. */
export type RestrictionLevel = 'none' | 'no-entries' | 'leave';

/** The contract that an instrument stands for now, where it stood for another one before. */
export type Rolled = {
  /** Its name at the venue. */
  readonly contract: string;
  /** Newest price in it. */
  readonly price: Price;
  /** What is added to a price of an earlier contract, by that one's name, to have it in prices of this one. */
  readonly differences: Readonly<Record<string, number>>;
  /** Open of the first bar of it, where the venue gives the bars; absent: all that come after this are. */
  readonly barsFrom?: UtcMs;
};

/** Everything a broker can say, in the order it happened. */
export type BrokerEvent =
  | { readonly kind: 'accepted'; readonly clientOrderId: ClientOrderId; readonly venueOrderId: string; readonly time: UtcMs }
  | { readonly kind: 'activated'; readonly clientOrderId: ClientOrderId; readonly quantity: Quantity; readonly time: UtcMs }
  | { readonly kind: 'rejected'; readonly clientOrderId: ClientOrderId; readonly code: string; readonly reason: string; readonly time: UtcMs }
  | { readonly kind: 'canceled'; readonly clientOrderId: ClientOrderId; readonly reason: string; readonly filled?: Quantity; readonly time: UtcMs }
  | { readonly kind: 'expired'; readonly clientOrderId: ClientOrderId; readonly filled?: Quantity; readonly time: UtcMs }
  | { readonly kind: 'modified'; readonly clientOrderId: ClientOrderId; readonly quantity: Quantity; readonly limitPrice?: Price; readonly stopPrice?: Price; readonly time: UtcMs }
  | { readonly kind: 'modify-rejected' | 'cancel-rejected'; readonly clientOrderId: ClientOrderId; readonly code: string; readonly reason: string; readonly time: UtcMs }
  | { readonly kind: 'outcome-unknown'; readonly clientOrderId: ClientOrderId; readonly reason: string; readonly time: UtcMs }
  | { readonly kind: 'fill'; readonly fill: Fill }
  | { readonly kind: 'fill-corrected'; readonly executionId: string; readonly replacement?: Fill; readonly time: UtcMs }
  | { readonly kind: 'cash'; readonly movement: CashMovement }
  | { readonly kind: 'restriction'; readonly instrument: InstrumentId; readonly level: RestrictionLevel; readonly reason: string; readonly carry?: string; readonly rolled?: Rolled; readonly time: UtcMs }
  | { readonly kind: 'connection'; readonly state: 'connected' | 'disconnected'; readonly reason: string; readonly time: UtcMs };

/**
 * `activated`: a bracket child became a working order, or its quantity grew with its parent's fill; `quantity` is all of it.
 * `filled`: what the order traded in all, where the venue says so. Where it, or what an exit was activated with, is more
 * than the fills that were heard, a fill was missed: the account enters no more before it has read the venue.
 * `restriction`: stands until the next of the same instrument, also over a restart: a broker that knows any says with each
 * connection which there are, and that there are none; an open position is left on the next bar where `leave` is said.
 * With `carry`, the name of the contract that it is in, it is to go on in the next one: the account enters it anew there once
 * `none` is said with what the instrument has `rolled` to.
 * `modified` also reports a quantity that an OCO sibling's fill reduced.
 */
export type BrokerEventKind = BrokerEvent['kind'];
