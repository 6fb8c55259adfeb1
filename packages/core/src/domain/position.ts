import type { InstrumentId } from './instrument.js';
import type { Money, Price, Quantity, UtcMs } from './units.js';

/** A position as a strategy or overlay sees it. */
export interface PositionView {
  readonly instrument: InstrumentId;
  /** Signed: positive long, negative short, 0 flat. */
  readonly quantity: number;
  /** Average price of what is open; undefined when flat. */
  readonly averagePrice: Price | undefined;
  /** Open profit at the last mark, in the instrument's currency. */
  readonly unrealizedPnl: Money;
  /** Time of the first fill of the open position; undefined when flat. */
  readonly openedAt: UtcMs | undefined;
}

/** A closed round trip: what one exit order took out of what one entry order brought in. */
export type Trade = {
  readonly instrument: InstrumentId;
  readonly side: 'long' | 'short';
  readonly quantity: Quantity;
  readonly entryTime: UtcMs;
  readonly entryPrice: Price;
  readonly exitTime: UtcMs;
  readonly exitPrice: Price;
  /** Price profit in the base currency, before commission. */
  readonly pnl: Money;
  /** Commission of both ends in the base currency. */
  readonly commission: Money;
  readonly entryReason: string;
  readonly exitReason: string;
};
