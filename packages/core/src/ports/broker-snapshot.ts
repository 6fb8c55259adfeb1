import type { InstrumentId } from '../domain/instrument.js';
import type { ClientOrderId, OrderStatus, Side } from '../domain/order.js';
import type { Money, Price, Quantity, UtcMs } from '../domain/units.js';

export type OpenOrder = {
  readonly clientOrderId: ClientOrderId;
  readonly venueOrderId?: string;
  readonly instrument: InstrumentId;
  readonly side: Side;
  readonly quantity: Quantity;
  readonly filled: Quantity;
  readonly status: OrderStatus;
  /** As they stand; absent where the order has none, or the venue does not say. */
  readonly limitPrice?: Price;
  readonly stopPrice?: Price;
};

/** The venue's own state, for reconciliation. */
export type BrokerSnapshot = {
  readonly time: UtcMs;
  /**
   * From here on the venue tells of every execution that stands, so that one it does not tell of was taken back. Absent:
   * from the oldest that it tells; many venues know those of the present day only.
   */
  readonly executionsFrom?: UtcMs;
  readonly orders: readonly OpenOrder[];
  /** Signed quantities; instruments without a position are absent. */
  readonly positions: ReadonlyArray<{ readonly instrument: InstrumentId; readonly quantity: number; readonly averagePrice: number }>;
  readonly cash: ReadonlyArray<{ readonly currency: string; readonly amount: Money }>;
};
