import type { CommissionRates } from '../accounts/commissions.js';
import type { SimAccount } from '../accounts/sim-account.js';
import type { Quote } from '../matching/quote.js';
import type { Tradable } from '../matching/tradable.js';

/** A quote and when it came. */
export interface TimedQuote extends Quote {
  readonly timeMs: number;
}

/** What the desk sees of the rest of the simulator. */
export interface Venue {
  nowMs(): number;
  /** Calls back on the simulator's clock. */
  later(delayMs: number, callback: () => void): void;
  contract(conId: number): Tradable;
  quote(conId: number): TimedQuote | undefined;
  account(id: string): SimAccount | undefined;
  /** The account of orders that name none; `undefined` when there are several. */
  readonly soleAccount: string | undefined;
  readonly baseCurrency: string;
  /** The zone of times that name none, and of times in texts. */
  readonly zone: string;
  readonly commissions: CommissionRates;
  rate(currency: string): number;
}

/** How the desk behaves; faults change it while it runs. */
export interface DeskSettings {
  /** Refuses every order and cancel. */
  readOnly: boolean;
  /** How long an order stays PendingCancel, and can still fill, after its cancel. */
  cancelDelayMs: number;
  /** Fills orders whole, at the market, between their cancel and its confirmation. */
  fillBeforeCancel: boolean;
  /** At most so much trades against one quote. */
  mostPerQuote: number;
}
