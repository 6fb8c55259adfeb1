/** An order at the venue, in the venue's own words. */
export type Ticket = {
  readonly ref: string;
  readonly number: string;
  readonly symbol: string;
  readonly buy: boolean;
  readonly kind: 'market' | 'limit' | 'stop';
  readonly immediate: boolean;
  readonly reduceOnly: boolean;
  quantity: number;
  limit: number | undefined;
  trigger: number | undefined;
  filled: number;
  state: 'working' | 'filled' | 'cancelled' | 'refused';
};

export type Execution = { readonly number: string; readonly ticket: Ticket; readonly quantity: number; readonly price: number; readonly time: number };

/** What the venue says, as it happens. */
export type VenueListener = {
  readonly onExecution: (execution: Execution) => void;
  readonly onCancelled: (ticket: Ticket, reason: string, time: number) => void;
};

/**
 * A venue in memory, standing in for the vendor's API. Orders fill in whole at the first price that reaches them: a
 * market order at the next price, a limit order at its price or better, a stop at its trigger or worse.
 */
export class Venue {
  readonly tickets = new Map<string, Ticket>();
  readonly executions: Execution[] = [];
  /** Signed quantity and average price by symbol. */
  readonly holdings = new Map<string, { quantity: number; average: number }>();
  private time: number;

  constructor(
    /** Whoever is connected now. */
    public listener: VenueListener,
    start: number,
  ) {
    this.time = start;
  }

  get now(): number {
    return this.time;
  }

  /** Takes an order in; a known `ref` changes nothing. */
  place(order: Omit<Ticket, 'number' | 'filled' | 'state'>): Ticket {
    const known = this.tickets.get(order.ref);
    if (known !== undefined) return known;
    const ticket: Ticket = { ...order, number: `V${this.tickets.size + 1}`, filled: 0, state: 'working' };
    this.tickets.set(ticket.ref, ticket);
    return ticket;
  }

  cancel(ticket: Ticket, reason: string): void {
    ticket.state = 'cancelled';
    this.listener.onCancelled(ticket, reason, this.time);
  }

  /**
   * The market trades at `price`.
   * @param gap true when it jumped here, so that limits and stops on the way fill at this price
   */
  trade(symbol: string, price: number, time: number, gap: boolean): void {
    this.time = Math.max(this.time, time);
    for (const ticket of this.tickets.values()) {
      if (ticket.symbol !== symbol || ticket.state !== 'working') continue;
      const at = priceOf(ticket, price, gap);
      if (at !== undefined) this.fill(ticket, at);
      else if (ticket.immediate) this.cancel(ticket, 'nothing to fill it with at once');
    }
  }

  private fill(ticket: Ticket, price: number): void {
    const held = this.holdings.get(ticket.symbol) ?? { quantity: 0, average: 0 };
    const sign = ticket.buy ? 1 : -1;
    const open = ticket.quantity - ticket.filled;
    const quantity = ticket.reduceOnly ? Math.min(open, Math.max(0, -held.quantity * sign)) : open;
    if (quantity > 0) {
      const after = held.quantity + sign * quantity;
      const opens = held.quantity * sign >= 0;
      const average = opens ? (held.average * Math.abs(held.quantity) + price * quantity) / Math.abs(after) : after * held.quantity > 0 ? held.average : price;
      if (after === 0) this.holdings.delete(ticket.symbol);
      else this.holdings.set(ticket.symbol, { quantity: after, average });
      ticket.filled += quantity;
      if (ticket.filled === ticket.quantity) ticket.state = 'filled';
      const execution: Execution = { number: `E${this.executions.length + 1}`, ticket, quantity, price, time: this.time };
      this.executions.push(execution);
      this.listener.onExecution(execution);
    }
    if (ticket.state === 'working') this.cancel(ticket, 'nothing left to reduce');
  }
}

/** The price that a ticket fills at, or undefined when `price` does not reach it. */
function priceOf({ kind, buy, limit, trigger }: Ticket, price: number, gap: boolean): number | undefined {
  if (kind === 'market') return price;
  const level = kind === 'limit' ? limit : trigger;
  if (level === undefined) return undefined;
  const reached = buy === (kind === 'limit') ? price <= level : price >= level;
  return reached ? (gap ? price : level) : undefined;
}
