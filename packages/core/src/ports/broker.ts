import type { BrokerEvent, Fill } from '../domain/events.js';
import type { Instrument } from '../domain/instrument.js';
import type { ClientOrderId, OrderChange, OrderIntent, OrderType, RiskApproved, TimeInForce } from '../domain/order.js';
import type { Money, UtcMs } from '../domain/units.js';
import type { BrokerSnapshot } from './broker-snapshot.js';
import type { Diagnosable } from './diagnosis.js';
import type { MarketObserver } from './market-observer.js';

/** What an adapter can do, declared by it and tested for honesty in both directions. */
export type BrokerCapabilities = {
  readonly venue: 'simulated' | 'paper' | 'live';
  readonly orderTypes: readonly OrderType[];
  readonly timesInForce: readonly TimeInForce[];
  /** Entry and exits travel in one submit, and the venue links them. */
  readonly nativeBrackets: boolean;
  readonly oco: boolean;
  /** Without it `modify` is never called: a stop that moves is cancelled and sent anew, a target that moves is watched by the account. */
  readonly modify: boolean;
};

/** What a position needs to be opened and to be kept, as the venue asks now; the amounts are in `currency`. */
export type MarginRequirement = { readonly initial: Money; readonly maintenance: Money; readonly currency: string };

/** `none` where the venue asks for no margin of an instrument at all; undefined while what it asks is not known. */
export type MarginAnswer = MarginRequirement | 'none' | undefined;

export type BrokerEventSink = (event: BrokerEvent) => void;

/**
 * A venue. Nothing here makes the bar path wait: `submit`, `modify` and `cancel` return nothing, every
 * outcome is an event. The simulated broker calls the sink before `submit` returns, others later.
 */
export interface Broker extends Diagnosable {
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
  /**
   * Margin for holding all of `quantity` (unsigned) at `price`. While it is not known no entry is sent, unless the
   * account says itself what one needs: ask the venue ahead, and again until it has answered.
   */
  margin(instrument: Instrument, quantity: number, price: number): MarginAnswer;
  /** Assumptions and faults that the reader of a result must know, one line each. */
  warnings(): readonly string[];
  /** For venues that live in this process: they see each bar before any strategy does. */
  readonly market?: MarketObserver;
}
