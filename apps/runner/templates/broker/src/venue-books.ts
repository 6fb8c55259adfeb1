import type { Execution } from './venue.js';

/** What is traded at the venue. */
export type Listing = {
  readonly symbol: string;
  readonly currency: string;
  readonly multiplier: number;
  /** True where only profit and loss are paid, as for futures; false where the whole price is, as for shares. */
  readonly isMargined: boolean;
};

/** Cash and positions of the account, from its executions alone. */
export class VenueBooks {
  /** Those that stand, oldest first. */
  readonly executions: Execution[] = [];
  /** Signed quantity and average price by symbol; without what is flat. */
  readonly holdings = new Map<string, { quantity: number; average: number }>();
  /** By currency. */
  readonly cash = new Map<string, number>();

  constructor(
    private readonly listings: ReadonlyMap<string, Listing>,
    private readonly initialCash: { readonly currency: string; readonly amount: number },
  ) {
    this.pay(initialCash.currency, initialCash.amount);
  }

  add(execution: Execution): void {
    this.executions.push(execution);
    this.book(execution);
  }

  /** Puts `replacement` in the place of an execution, or nothing. @returns whether there was one of that number */
  correct(number: string, replacement: Execution | undefined): boolean {
    const at = this.executions.findIndex((each) => each.number === number);
    if (at < 0) return false;
    this.executions.splice(at, 1, ...(replacement === undefined ? [] : [replacement]));
    this.holdings.clear();
    this.cash.clear();
    this.pay(this.initialCash.currency, this.initialCash.amount);
    for (const execution of this.executions) this.book(execution);
    return true;
  }

  private book({ ticket: { symbol, buy }, quantity, price, commission }: Execution): void {
    const { currency, multiplier, isMargined } = this.listings.get(symbol) as Listing;
    const held = this.holdings.get(symbol) ?? { quantity: 0, average: 0 };
    const signed = buy ? quantity : -quantity;
    const after = held.quantity + signed;
    const closing = held.quantity * signed < 0 ? Math.min(quantity, Math.abs(held.quantity)) : 0;
    const paid = isMargined ? closing * Math.sign(held.quantity) * (price - held.average) : -signed * price;
    this.pay(currency, paid * multiplier - commission);
    if (closing === 0) held.average = (held.average * Math.abs(held.quantity) + price * quantity) / Math.abs(after);
    else if (after * held.quantity < 0) held.average = price;
    held.quantity = after;
    if (after === 0) this.holdings.delete(symbol);
    else this.holdings.set(symbol, held);
  }

  private pay(currency: string, amount: number): void {
    this.cash.set(currency, (this.cash.get(currency) ?? 0) + amount);
  }
}
