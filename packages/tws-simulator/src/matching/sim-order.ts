import type { OrderForm } from '../orders/order-form.js';
import type { OrderTerms } from './order-terms.js';

/** The venue's words for where an order stands. */
export type OrderStatus = 'PreSubmitted' | 'Submitted' | 'PendingCancel' | 'Cancelled' | 'Filled' | 'Inactive';

/** An order in the simulator's books. Plain data: it is written to the state file as it is. */
export interface SimOrder {
  readonly permId: number;
  readonly clientId: number;
  /** The client's id; 0 for an order entered by hand that no client has bound. */
  orderId: number;
  readonly conId: number;
  readonly placedMs: number;
  account: string;
  terms: OrderTerms;
  /** The order as it was sent, to be echoed. */
  form: OrderForm;
  status: OrderStatus;
  /** Total quantity, after reductions by its OCA group or bracket. */
  quantity: number;
  filled: number;
  /** Σ quantity × price of the fills. */
  filledValue: number;
  lastFillPrice: number;
  /** False while it only stands in the gateway, waiting for the last leg of its bracket. */
  transmitted: boolean;
  /** A stop, a trailing stop or a touch order whose price was reached. */
  triggered: boolean;
  /** Where a trailing stop stands. */
  stopPrice?: number | undefined;
  /** The order whose fills this one waits for; 0 is none. */
  parentPermId: number;
  doneMs?: number | undefined;
  /** The venue's sentence about how it ended. */
  doneText?: string | undefined;
}

/** What is left to fill. */
export const remainingOf = (order: SimOrder): number => order.quantity - order.filled;

export const averagePriceOf = (order: SimOrder): number => (order.filled === 0 ? 0 : order.filledValue / order.filled);

/** Cancelled, filled or refused: nothing more will happen to it. */
export const isDone = (order: SimOrder): boolean => order.doneMs !== undefined;
