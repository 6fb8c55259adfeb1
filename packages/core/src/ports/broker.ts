import type { BrokerEvent, Fill } from '../domain/events.js';
import type { Instrument, InstrumentId } from '../domain/instrument.js';
import type { ClientOrderId, OrderChange, OrderIntent, OrderStatus, OrderType, RiskApproved, Side, TimeInForce } from '../domain/order.js';
import type { Money, Quantity, UtcMs } from '../domain/units.js';
import type { MarketObserver } from './market-observer.js';

/** What an adapter can do, declared by it and tested for honesty in both directions. */
export type BrokerCapabilities = {
  readonly venue: 'simulated' | 'paper' | 'live';
  readonly orderTypes: readonly OrderType[];
  readonly timesInForce: readonly TimeInForce[];
  /** Entry and exits travel in one submit, and the venue links them. */
  readonly nativeBrackets: boolean;
  readonly oco: boolean;
  readonly modify: boolean;
};

export type OpenOrder = {
  readonly clientOrderId: ClientOrderId;
  readonly instrument: InstrumentId;
  readonly side: Side;
  readonly quantity: Quantity;
  readonly filled: Quantity;
  readonly status: OrderStatus;
};

/** The venue's own state, for reconciliation. */
export type BrokerSnapshot = {
  readonly time: UtcMs;
  readonly orders: readonly OpenOrder[];
  /** Signed quantities; instruments without a position are absent. */
  readonly positions: ReadonlyArray<{ readonly instrument: InstrumentId; readonly quantity: number; readonly averagePrice: number }>;
  readonly cash: ReadonlyArray<{ readonly currency: string; readonly amount: Money }>;
};

/** Initial and maintenance margin per contract (or as a fraction of notional), as the venue asks now. */
export type MarginRequirement = { readonly initial: Money; readonly maintenance: Money };

export type BrokerEventSink = (event: BrokerEvent) => void;

/**
 * A venue. Nothing here makes the bar path wait: `submit`, `modify` and `cancel` return nothing, every
 * outcome is an event. The simulated broker calls the sink before `submit` returns, others later.
 */
export interface Broker {
  readonly capabilities: BrokerCapabilities;
  connect(sink: BrokerEventSink): Promise<void>;
  disconnect(): Promise<void>;
  snapshot(): Promise<BrokerSnapshot>;
  /** Fills at or after `since`, oldest first. */
  executionsSince(since: UtcMs): Promise<readonly Fill[]>;
  /** Sends an order once. A repeated client order id yields no second order. */
  submit(order: RiskApproved<OrderIntent>): void;
  modify(change: RiskApproved<OrderChange>): void;
  /** Cancels an order that is still working; for anything else the outcome is `cancel-rejected`. */
  cancel(clientOrderId: ClientOrderId): void;
  /** Margin for holding `quantity` (unsigned) at `price`, in the instrument's currency; undefined when not known. */
  margin(instrument: Instrument, quantity: number, price: number): MarginRequirement | undefined;
  /** For venues that live in this process: they see each bar before any strategy does. */
  readonly market?: MarketObserver;
}
