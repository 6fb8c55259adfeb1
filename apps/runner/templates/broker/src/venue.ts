import { VenueBooks, type Listing } from './venue-books.js';

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
  state: 'working' | 'filled' | 'cancelled';
};

export type NewTicket = Omit<Ticket, 'number' | 'filled' | 'state'>;

export type Execution = { readonly number: string; readonly ticket: Ticket; readonly quantity: number; readonly price: number; readonly commission: number; readonly time: number };

/** What the venue says, as it happens; nothing while the line is down. */
export type Message = { readonly time: number } & (
  | { readonly says: 'placed'; readonly ticket: Ticket }
  | { readonly says: 'changed'; readonly ref: string; readonly quantity: number; readonly limit: number | undefined; readonly trigger: number | undefined }
  | { readonly says: 'cancelled'; readonly ref: string; readonly filled: number; readonly reason: string }
  | { readonly says: 'refused'; readonly what: 'order' | 'change' | 'cancel'; readonly ref: string; readonly isKnown: boolean; readonly reason: string }
  | { readonly says: 'executed'; readonly execution: Execution }
  | { readonly says: 'corrected'; readonly number: string; readonly execution: Execution | undefined }
  | { readonly says: 'line'; readonly isUp: boolean }
);

/** What shall go wrong with the next order. */
export type Mishap = 'refused' | 'order lost' | 'answer lost';

type Said = Message extends infer Each ? (Each extends Message ? Omit<Each, 'time'> : never) : never;

/**
 * A venue in memory, standing in for the vendor's API, with the mishaps of a real one to be called up. Orders fill at the
 * first price that reaches them: a market order at the next price, a limit order at its price or better, a stop at its
 * trigger or worse.
 */
export class Venue {
  /** Whoever is connected now. */
  listener: ((message: Message) => void) | undefined;
  /** What fills of one order at one price. */
  depth = Number.POSITIVE_INFINITY;
  mishap: Mishap | undefined;
  isUp = true;
  readonly books: VenueBooks;
  private readonly tickets = new Map<string, Ticket>();
  private isMute = false;
  private counted = 0;

  constructor(
    listings: ReadonlyMap<string, Listing>,
    initialCash: { readonly currency: string; readonly amount: number },
    private readonly commission: number,
    private time: number,
  ) {
    this.books = new VenueBooks(listings, initialCash);
  }

  get now(): number {
    return this.time;
  }

  get working(): Ticket[] {
    return [...this.tickets.values()].filter(({ state }) => state === 'working');
  }

  /** Takes an order in; a `ref` that is known changes nothing, and is answered again. @returns false where the line is down */
  place(order: NewTicket): boolean {
    if (!this.isUp) return false;
    const { mishap } = this;
    this.mishap = undefined;
    if (mishap === 'order lost') return true;
    if (mishap === 'refused') {
      this.say({ says: 'refused', what: 'order', ref: order.ref, isKnown: false, reason: 'the venue takes no orders now' });
      return true;
    }
    const ticket = this.tickets.get(order.ref) ?? { ...order, number: this.next('V'), filled: 0, state: 'working' };
    this.tickets.set(ticket.ref, ticket);
    this.isMute = mishap === 'answer lost';
    this.say({ says: 'placed', ticket });
    this.isMute = false;
    return true;
  }

  /** @returns false where the line is down */
  change(ref: string, change: { readonly quantity: number | undefined; readonly limit: number | undefined; readonly trigger: number | undefined }): boolean {
    if (!this.isUp) return false;
    const ticket = this.open(ref, 'change');
    if (ticket === undefined) return true;
    const { quantity = ticket.quantity, limit = ticket.limit, trigger = ticket.trigger } = change;
    if (quantity <= ticket.filled) {
      this.say({ says: 'refused', what: 'change', ref, isKnown: true, reason: `quantity was ${quantity}, expected more than what has filled (${ticket.filled})` });
      return true;
    }
    Object.assign(ticket, { quantity, limit, trigger });
    this.say({ says: 'changed', ref, quantity, limit, trigger });
    return true;
  }

  /** @returns false where the line is down */
  cancel(ref: string): boolean {
    if (!this.isUp) return false;
    const ticket = this.open(ref, 'cancel');
    if (ticket !== undefined) this.end(ticket, 'asked for');
    return true;
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
      else if (ticket.immediate) this.end(ticket, 'nothing to fill it with at once');
    }
  }

  /** Tells an execution once more, as venues do. */
  repeat(number: string): void {
    const execution = this.books.executions.find((each) => each.number === number);
    if (execution !== undefined) this.say({ says: 'executed', execution });
  }

  /** Corrects the price of an execution, or takes it back. */
  correct(number: string, price: number | undefined): void {
    const wrong = this.books.executions.find((each) => each.number === number);
    if (wrong === undefined) return;
    const execution = price === undefined ? undefined : { ...wrong, number: this.next('E'), price };
    this.books.correct(number, execution);
    this.say({ says: 'corrected', number, execution });
  }

  /** The line breaks, or stands again. */
  setLine(isUp: boolean): void {
    if (isUp === this.isUp) return;
    this.isUp = true; // who is at the other end notices both
    this.say({ says: 'line', isUp });
    this.isUp = isUp;
  }

  private open(ref: string, what: 'change' | 'cancel'): Ticket | undefined {
    const ticket = this.tickets.get(ref);
    if (ticket?.state === 'working') return ticket;
    this.say({ says: 'refused', what, ref, isKnown: ticket !== undefined, reason: ticket === undefined ? 'the order is not known' : `the order is ${ticket.state}` });
    return undefined;
  }

  private end(ticket: Ticket, reason: string): void {
    ticket.state = 'cancelled';
    this.say({ says: 'cancelled', ref: ticket.ref, filled: ticket.filled, reason });
  }

  private fill(ticket: Ticket, price: number): void {
    const held = this.books.holdings.get(ticket.symbol)?.quantity ?? 0;
    const room = ticket.reduceOnly ? Math.max(0, ticket.buy ? -held : held) : Number.POSITIVE_INFINITY;
    const quantity = Math.min(ticket.quantity - ticket.filled, room, this.depth);
    if (quantity > 0) {
      ticket.filled += quantity;
      if (ticket.filled === ticket.quantity) ticket.state = 'filled';
      const execution: Execution = { number: this.next('E'), ticket, quantity, price, commission: this.commission * quantity, time: this.time };
      this.books.add(execution);
      this.say({ says: 'executed', execution });
    }
    if (ticket.state === 'working' && quantity === room) this.end(ticket, 'nothing left to reduce');
    else if (ticket.state === 'working' && ticket.immediate) this.end(ticket, 'nothing more to fill it with at once');
  }

  private say(message: Said): void {
    if (this.isUp && !this.isMute) this.listener?.({ ...message, time: this.time });
  }

  private next(letter: 'V' | 'E'): string {
    this.counted++;
    return `${letter}${this.counted}`;
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
