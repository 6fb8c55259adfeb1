import type { MarginImpact } from '../accounts/sim-account.js';
import type { SimOrder } from '../matching/sim-order.js';
import type { Execution } from './execution.js';
import type { VenueError } from './venue-error.js';

/** What the desk tells, in the order in which it happens. Whoever listens decides who hears it. */
export interface DeskEvents {
  /** An order's terms or state changed: openOrder. */
  order(order: SimOrder): void;
  /** Its state changed: orderStatus. */
  status(order: SimOrder): void;
  execution(execution: Execution): void;
  commission(execution: Execution): void;
  /** A refusal or warning about an order of that client. */
  error(clientId: number, orderId: number, error: VenueError): void;
  /** What an order that was only asked about would cost. */
  whatIf(order: SimOrder, impact: MarginImpact, commission: number): void;
  /** An order entered by hand got an id. */
  bound(order: SimOrder): void;
}
