import type { BracketLeg, OrderChange, OrderIntent } from '@keelson/core/domain';
import type { SimulatedParams } from './config.js';
import type { Executor } from './executor.js';
import type { InstrumentBook } from './instrument-book.js';
import type { MarginCheck } from './margin/margin-check.js';
import { startTrailing } from './matching/trailing-stop.js';
import type { OrderLifecycle } from './order-lifecycle.js';
import { intentFault, quantityFault, takePrices, typeNumber } from './read-intent.js';
import { ENDED, HELD, LIMIT, MARKET, STOP, STOP_LIMIT, TRAILING, SimOrder } from './sim-order.js';
import type { VenueEvents } from './venue-events.js';
import type { VenueMarket } from './venue-market.js';

/** Where orders arrive: checks them, books them in, changes and cancels them. */
export class OrderDesk {
  private received = 0;

  constructor(
    private readonly params: SimulatedParams,
    private readonly books: ReadonlyMap<string, InstrumentBook>,
    private readonly market: VenueMarket,
    private readonly events: VenueEvents,
    private readonly lifecycle: OrderLifecycle,
    private readonly executor: Executor,
    private readonly margin: MarginCheck,
  ) {}

  submit(intent: OrderIntent): void {
    if (this.lifecycle.known.find(intent.clientOrderId) !== undefined) return;
    // of finer bars, the last one may have closed before the bar that was decided on
    const now = Math.max(this.market.now, intent.decidedAt);
    const book = this.books.get(intent.instrument);
    const order = book === undefined ? undefined : this.build(intent, book, now);
    const refusal = book === undefined || order === undefined ? `instrument was ${intent.instrument}, expected one of the account` : this.refusal(intent, book, now);
    if (book === undefined || order === undefined || refusal !== undefined) {
      this.reject(intent, order, 'BRK_REJECTED', refusal ?? '', now);
      return;
    }
    const lack = this.marginLack(order, now);
    if (lack !== undefined) {
      this.reject(intent, order, 'BRK_MARGIN', lack, now);
      return;
    }
    this.accept(intent, order, now);
    book.add(order);
    this.market.wake(book);
    if (order.type === MARKET && this.params.fill === 'same-close' && order.waitBars === 0 && order.activeFrom === now && this.market.replayClose(book)) this.fillAtClose(order, now);
  }

  modify(change: OrderChange): void {
    const { now } = this.market;
    const order = this.lifecycle.known.find(change.clientOrderId);
    if (order === undefined) {
      this.events.refused('modify-rejected', change.clientOrderId, 'BRK_UNKNOWN_ORDER', 'the order is not known, expected one that was submitted', now);
      return;
    }
    const fault = typeof order === 'string' ? `the order is ${order}, expected a working one` : this.changeFault(order, change);
    if (typeof order === 'string' || fault !== undefined) {
      this.events.refused('modify-rejected', change.clientOrderId, 'BRK_REJECTED', fault ?? '', now);
      return;
    }
    const { book } = order;
    const { ticks } = book;
    if (change.quantity !== undefined) {
      const lots = book.lots.nearest(change.quantity);
      if (order.parent !== undefined) order.cap = lots;
      if (order.state !== HELD) order.lots = lots;
    }
    if (change.limitPrice !== undefined) {
      order.limit = ticks.nearest(change.limitPrice);
      order.activeFrom = Math.max(order.activeFrom, now); // at its new price it did not rest yet
    }
    if (change.stopPrice !== undefined) order.stop = ticks.nearest(change.stopPrice);
    order.arm(book.rules.limitSlack);
    const prices = {
      ...(order.type === LIMIT || order.type === STOP_LIMIT ? { limitPrice: ticks.value(order.limit) } : {}),
      ...((order.type === STOP || order.type === STOP_LIMIT || order.type === TRAILING) && !Number.isNaN(order.stop) ? { stopPrice: ticks.value(order.stop) } : {}),
    };
    this.events.modified(order, order.state === HELD ? Math.min(order.cap, (order.parent as SimOrder).lots) : order.lots, prices, now);
  }

  cancel(clientOrderId: string): void {
    const { now } = this.market;
    const order = this.lifecycle.known.find(clientOrderId);
    if (order === undefined) this.events.refused('cancel-rejected', clientOrderId, 'BRK_UNKNOWN_ORDER', 'the order is not known, expected one that was submitted', now);
    else if (typeof order === 'string') this.events.refused('cancel-rejected', clientOrderId, 'BRK_REJECTED', `the order is ${order}, expected a working one`, now);
    else this.lifecycle.cancel(order, 'asked for', now);
  }

  private build(intent: OrderIntent, book: InstrumentBook, now: number): SimOrder {
    const order = new SimOrder(intent.clientOrderId, this.nextVenueId(), book, intent.role, intent.side === 'buy' ? 1 : -1, typeNumber(intent.type), book.lots.nearest(intent.quantity));
    takePrices(order, intent);
    order.reduceOnly = intent.reduceOnly;
    order.ioc = intent.timeInForce === 'ioc';
    order.activeFrom = now + (this.params.latency.ms ?? 0);
    order.waitBars = this.params.latency.bars ?? 0;
    const price = this.market.lastPrice(book);
    if (order.type === TRAILING && price !== undefined) startTrailing(order, book.scale.ticks(price));
    order.arm(book.rules.limitSlack);
    return order;
  }

  private refusal(intent: OrderIntent, book: InstrumentBook, now: number): string | undefined {
    if (now >= book.expiry) return `${intent.instrument} has expired, expected an instrument that still trades`;
    if (intent.type === 'trailing-stop' && intent.stopPrice === undefined && this.market.lastPrice(book) === undefined) return 'the trailing stop has no first trigger, expected a stop price before the first bar';
    for (const leg of intent.bracket ?? []) if (this.lifecycle.known.find(leg.clientOrderId) !== undefined) return `the client order id ${leg.clientOrderId} was used before, expected a new one`;
    return intentFault(book, intent);
  }

  /** Refused orders are remembered too: their id is used up. */
  private reject(intent: OrderIntent, order: SimOrder | undefined, code: string, reason: string, now: number): void {
    if (order !== undefined) {
      order.state = HELD; // it never stood in the book
      this.lifecycle.finish(order, 'rejected');
    }
    this.events.rejected(intent.clientOrderId, code, reason, now);
  }

  /** What is known at the submit: the margin after a fill at the order's own price, else at the last one. */
  private marginLack(order: SimOrder, now: number): string | undefined {
    const { book } = order;
    if (!this.margin.isActive || order.reduceOnly || book.rules.margin === undefined) return undefined;
    const held = book.position.lots;
    const after = held + order.sign * order.lots;
    if (Math.abs(after) <= Math.abs(held)) return undefined;
    const last = this.market.lastPrice(book);
    const ticks = order.type === MARKET || order.type === TRAILING ? (last === undefined ? undefined : book.scale.ticks(last)) : order.type === STOP ? order.stop : order.limit;
    if (ticks === undefined) return undefined;
    const commission = book.rules.commission.estimate(book.lots.value(order.lots), Math.abs(ticks) * order.lots * book.position.tickLotValue);
    const mark = book.position.markPrice;
    const lack = this.margin.shortfall(book, after, ticks, commission, now);
    book.position.markPrice = mark; // nothing traded at the order's price yet
    return lack;
  }

  private accept(intent: OrderIntent, order: SimOrder, now: number): void {
    if (intent.timeInForce === 'day') order.expiresAt = order.book.sessionCloseFor(now);
    this.lifecycle.known.add(order);
    this.events.accepted(order, now);
    if (intent.bracket === undefined || intent.bracket.length === 0) {
      if (intent.ocoGroup !== undefined) this.lifecycle.group(intent.ocoGroup).join(order);
      return;
    }
    const group = this.lifecycle.group(intent.ocoGroup);
    group.parent = order;
    const children = intent.bracket.map((leg) => this.buildLeg(leg, order));
    order.children = children;
    for (const child of children) {
      group.join(child);
      this.lifecycle.known.add(child);
      this.events.accepted(child, now);
    }
  }

  private buildLeg(leg: BracketLeg, parent: SimOrder): SimOrder {
    const child = new SimOrder(leg.clientOrderId, this.nextVenueId(), parent.book, leg.role, -parent.sign, typeNumber(leg.type), 0);
    takePrices(child, leg);
    child.state = HELD;
    child.reduceOnly = true;
    child.parent = parent;
    return child;
  }

  /** The optimistic fill: the bar that was decided on is the bar that is traded on. */
  private fillAtClose(order: SimOrder, now: number): void {
    if (!order.book.isOpenAt(order.book.time)) return; // nothing trades outside of sessions
    this.executor.fill(order, order.book.close, false, now);
    if (order.ioc && order.state !== ENDED) this.lifecycle.cancel(order, 'immediate or cancel', now);
  }

  private changeFault(order: SimOrder, change: OrderChange): string | undefined {
    const { book } = order;
    if (change.quantity !== undefined) {
      const fault = quantityFault(book, change.quantity);
      if (fault !== undefined) return fault;
      const lots = book.lots.nearest(change.quantity);
      if (lots <= order.filled) return `quantity was ${change.quantity} with ${book.lots.value(order.filled)} filled, expected more than that`;
      const { parent } = order;
      if (parent !== undefined) {
        const most = order.state === HELD ? parent.lots : parent.filled - (order.group?.exited ?? 0) + order.filled;
        if (lots > most) return `quantity was ${change.quantity}, expected at most ${book.lots.value(most)}, which its entry covers`;
      }
    }
    const takesLimit = order.type === LIMIT || order.type === STOP_LIMIT;
    const takesStop = order.type === STOP || order.type === STOP_LIMIT || order.type === TRAILING;
    for (const [name, price, isTaken] of [['limit price', change.limitPrice, takesLimit], ['stop price', change.stopPrice, takesStop]] as const) {
      if (price === undefined) continue;
      if (!isTaken) return `${name} was ${price}, expected none for this order`;
      if (!Number.isFinite(price) || !book.ticks.holds(price)) return `${name} was ${price}, expected a multiple of the tick ${book.ticks.step}`;
    }
    return undefined;
  }

  private nextVenueId(): string {
    this.received++;
    return `V${this.received}`;
  }
}
