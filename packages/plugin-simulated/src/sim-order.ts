import type { OrderRole } from '@keelson/core/domain';
import type { InstrumentBook } from './instrument-book.js';
import type { OcoGroup } from './oco-group.js';

export const MARKET = 0;
export const LIMIT = 1;
export const STOP = 2;
export const STOP_LIMIT = 3;
export const TRAILING = 4;

export const HELD = 0;
export const WORKING = 1;
export const ENDED = 2;

/** How an order ended, for the answer to a late cancel. */
export type OrderEnd = 'filled' | 'canceled' | 'expired' | 'rejected';

/**
 * An order as the venue holds it. Prices are whole ticks, quantities whole lots, so that the hot path
 * compares numbers only: the order is reached when the price is at or above `up`, or at or below `down`.
 */
export class SimOrder {
  state = WORKING;
  filled = 0;
  up = Infinity;
  down = -Infinity;
  limit = 0;
  stop = 0;
  trailTicks = 0;
  trailFraction = 0;
  /** Trailing stop: best price since the order became active. */
  best = 0;
  ioc = false;
  reduceOnly = false;
  /** Bars that open before this time are not for this order. */
  activeFrom = 0;
  /** Latency in bars that is still to pass. */
  waitBars = 0;
  /** The bar, by the book's count, that latency keeps this order out of. */
  skippedBar = -1;
  /** End of the session of a day order. */
  expiresAt = Infinity;
  /** The bar, by the book's count, in which a bracket child came to life. */
  bornBar = -1;
  /** The bar in which the order came to life or was triggered after the open: what came before is not known. */
  insideBar = -1;
  parent: SimOrder | undefined = undefined;
  children: readonly SimOrder[] | undefined = undefined;
  group: OcoGroup | undefined = undefined;
  nextInGroup: SimOrder | undefined = undefined;
  /** Bracket child: quantity set by a modification, which growth does not exceed. */
  cap = Infinity;
  /** Commission of the order before minimum and maximum, and what was charged. */
  rawCommission = 0;
  paidCommission = 0;
  notional = 0;

  constructor(
    readonly id: string,
    readonly venueId: string,
    readonly book: InstrumentBook,
    readonly role: OrderRole,
    /** +1 for a buy, −1 for a sell. */
    readonly sign: number,
    /** MARKET … TRAILING; a triggered stop becomes MARKET, a triggered stop-limit LIMIT. */
    public type: number,
    public lots: number,
  ) {}

  get remaining(): number {
    return this.lots - this.filled;
  }

  get isEntry(): boolean {
    return this.role === 'entry';
  }

  /** True for orders that need a look on every bar, reached or not. */
  get needsCare(): boolean {
    return this.ioc || this.waitBars > 0 || this.type === TRAILING;
  }

  /** Price at which the order acts inside a bar, in ticks. */
  get level(): number {
    return this.type === LIMIT ? this.limit : this.stop;
  }

  /** Sets the prices that reach the order; `slack` is what a limit needs beyond its price. */
  arm(slack: number): void {
    if (this.type === MARKET) {
      this.up = -Infinity;
      this.down = -Infinity;
    } else if (this.type === LIMIT) {
      this.up = this.sign < 0 ? this.limit + slack : Infinity;
      this.down = this.sign > 0 ? this.limit - slack : -Infinity;
    } else {
      this.up = this.sign > 0 ? this.stop : Infinity;
      this.down = this.sign < 0 ? this.stop : -Infinity;
    }
  }

  isReachedAt(price: number): boolean {
    return price >= this.up || price <= this.down;
  }

  isReachedWithin(low: number, high: number): boolean {
    return high >= this.up || low <= this.down;
  }
}
