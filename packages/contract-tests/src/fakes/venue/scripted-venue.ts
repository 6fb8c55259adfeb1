import type { BrokerEvent, Fill, Instrument, OrderChange, OrderIntent } from '@keelson/core/domain';
import { toMoney, toPrice, toQuantity, toUtcMs } from '@keelson/core/domain';
import type { BrokerCapabilities, BrokerSnapshot, MarginRequirement } from '@keelson/core/ports';
import type { VenueControl } from '../../suites/broker/broker-subject.js';
import { testInstrument } from '../instruments.js';
import { VirtualTime } from '../virtual-time.js';
import { ScriptedBroker } from './scripted-broker.js';
import { VenueBooks } from './venue-books.js';
import { follow, isAlive, makeOrder, priceFault, quantityFault, trades, type OrderGroup, type VenueOrder } from './venue-order.js';

export type ScriptedVenueOptions = {
  /** Default: {@link testInstrument}. */
  readonly instrument?: Instrument;
  /** Where the market stands at first. Default: 4000. */
  readonly price?: number;
  readonly initialCash?: number;
  /** What differs from a venue that can do everything. */
  readonly capabilities?: Partial<BrokerCapabilities>;
  readonly time?: VirtualTime;
};

/** Commission of a contract, share or coin. */
const COMMISSION = 0.5;
const MARGIN = { initial: 0.1, maintenance: 0.08 };
const STEP_MS = 1_000;

/**
 * A venue in memory whose market is moved by hand: one instrument, all order types, brackets, groups, partial fills,
 * corrections, and a connection that can be broken. It lives on when its client dies: {@link ScriptedVenue.client} gives
 * the next one the same account.
 */
export class ScriptedVenue implements VenueControl {
  readonly instrument: Instrument;
  readonly time: VirtualTime;
  readonly capabilities: BrokerCapabilities;
  price: number;
  private readonly books: VenueBooks;
  private readonly orders = new Map<string, VenueOrder>();
  private readonly groups = new Map<string, OrderGroup>();
  private current: ScriptedBroker | undefined;
  private mostPerTrade = Number.POSITIVE_INFINITY;
  private refusing = false;
  private counted = 0;

  constructor({ instrument = testInstrument(), price = 4000, initialCash = 1_000_000, capabilities, time = new VirtualTime() }: ScriptedVenueOptions = {}) {
    this.instrument = instrument;
    this.price = price;
    this.time = time;
    this.capabilities = { venue: 'paper', orderTypes: ['market', 'limit', 'stop', 'stop-limit', 'trailing-stop'], timesInForce: ['day', 'gtc', 'ioc'], nativeBrackets: true, oco: true, modify: true, ...capabilities };
    this.books = new VenueBooks(initialCash, instrument.currency, new Map([[instrument.id, instrument]]));
  }

  /** A client from a new process; the one before hears nothing more. */
  client(): ScriptedBroker {
    this.current?.sever();
    this.current = new ScriptedBroker(this);
    return this.current;
  }

  get isDown(): boolean {
    return this.current?.isDown === true;
  }

  // what makes things happen

  movePrice(price: number): void {
    this.price = price;
    this.time.turnBy(STEP_MS);
    for (const order of this.standing()) if (order.state === 'working') this.match(order);
  }

  limitLiquidity(quantity: number | undefined): void {
    this.mostPerTrade = quantity ?? Number.POSITIVE_INFINITY;
  }

  refuseNext(): void {
    this.refusing = true;
  }

  loseNextAnswer(): void {
    this.current?.loseNext('answer');
  }

  loseNextOrder(): void {
    this.current?.loseNext('order');
  }

  hold(): void {
    this.current?.hold();
  }

  release(): void {
    this.current?.release();
  }

  dropConnection(): void {
    this.current?.drop();
  }

  restoreConnection(): void {
    this.current?.restore();
  }

  repeatExecution(executionId: string): void {
    const fill = this.books.fills.find((each) => each.executionId === executionId);
    if (fill !== undefined) this.say({ kind: 'fill', fill });
  }

  correctExecution(executionId: string, price: number): void {
    this.replaceExecution(executionId, price);
  }

  takeBackExecution(executionId: string): void {
    this.replaceExecution(executionId, undefined);
  }

  private replaceExecution(executionId: string, price: number | undefined): void {
    const { fills } = this.books;
    const at = fills.findIndex((each) => each.executionId === executionId);
    if (at < 0) return;
    const replacement = price === undefined ? undefined : { ...(fills[at] as Fill), executionId: this.nextId('E'), price: toPrice(price), time: this.time.now() };
    this.books.fills = fills.filter((each) => each.executionId !== executionId);
    if (replacement !== undefined) this.books.fills.push(replacement);
    this.say({ kind: 'fill-corrected', executionId, ...(replacement === undefined ? {} : { replacement }), time: this.time.now() });
  }

  endSession(): void {
    this.time.turnBy(STEP_MS);
    for (const order of this.standing()) if (isAlive(order) && order.timeInForce === 'day') this.end(order, 'expired', 'the session ended');
  }

  // what its client asks for

  snapshot(): BrokerSnapshot {
    const orders = this.standing().map((order) => ({
      clientOrderId: order.id,
      venueOrderId: order.venueOrderId,
      instrument: order.instrument.id,
      side: order.side,
      quantity: toQuantity(order.quantity),
      filled: toQuantity(order.filled),
      status: order.state === 'held' ? 'held' as const : order.filled > 0 ? 'partially-filled' as const : 'working' as const,
      ...(order.limitPrice === undefined ? {} : { limitPrice: toPrice(order.limitPrice) }),
      ...(order.stopPrice === undefined ? {} : { stopPrice: toPrice(order.stopPrice) }),
    }));
    return { time: this.time.now(), executionsFrom: toUtcMs(0), orders, ...this.books.snapshot() };
  }

  executionsSince(since: number): readonly Fill[] {
    return this.books.fills.filter(({ time }) => time >= since).sort((a, b) => a.time - b.time);
  }

  margin(quantity: number, price: number): MarginRequirement {
    const notional = quantity * Math.abs(price) * this.instrument.multiplier;
    return { initial: toMoney(notional * MARGIN.initial), maintenance: toMoney(notional * MARGIN.maintenance), currency: this.instrument.currency };
  }

  submit(intent: OrderIntent): void {
    if (this.orders.has(intent.clientOrderId)) return;
    const { instrument } = this;
    const order = makeOrder(intent, this.nextId('V'), instrument, this.price);
    this.orders.set(order.id, order);
    const fault = this.faultOf(intent);
    if (fault !== undefined) {
      order.state = 'rejected';
      this.say({ kind: 'rejected', clientOrderId: order.id, ...fault, time: this.time.now() });
      return;
    }
    this.accept(order);
    const legs = (intent.bracket ?? []).map((leg) => makeOrder(intent, this.nextId('V'), instrument, this.price, leg));
    for (const leg of legs) {
      this.orders.set(leg.id, leg);
      this.accept(leg);
    }
    order.children.push(...legs);
    if (legs.length > 0) joinGroup({ name: undefined, members: [] }, legs);
    else if (intent.ocoGroup !== undefined) joinGroup(this.groupOf(intent.ocoGroup), [order]);
    this.match(order);
    if (order.timeInForce === 'ioc' && isAlive(order)) this.end(order, 'canceled', 'immediate or cancel');
  }

  modify(change: OrderChange): void {
    const { clientOrderId, quantity, limitPrice, stopPrice } = change;
    const order = this.orders.get(clientOrderId);
    const fault = order === undefined ? 'the order is not known, expected one that was submitted' : !isAlive(order) ? `the order is ${order.state}, expected a working one` : this.changeFault(order, change);
    if (order === undefined || fault !== undefined) {
      this.say({ kind: 'modify-rejected', clientOrderId, code: order === undefined ? 'BRK_UNKNOWN_ORDER' : 'BRK_REJECTED', reason: fault ?? '', time: this.time.now() });
      return;
    }
    if (quantity !== undefined) order.quantity = quantity;
    if (limitPrice !== undefined) order.limitPrice = limitPrice;
    if (stopPrice !== undefined) order.stopPrice = stopPrice;
    this.modified(order);
    this.match(order);
  }

  cancel(clientOrderId: string): void {
    const order = this.orders.get(clientOrderId);
    if (order !== undefined && isAlive(order)) this.end(order, 'canceled', 'asked for');
    else this.say({ kind: 'cancel-rejected', clientOrderId, ...(order === undefined ? { code: 'BRK_UNKNOWN_ORDER', reason: 'the order is not known' } : { code: 'BRK_REJECTED', reason: `the order is ${order.state}` }), time: this.time.now() });
  }

  /** Orders that are not at their end, as they stand now: what is told may bring new ones. */
  private standing(): VenueOrder[] {
    return [...this.orders.values()].filter(isAlive);
  }

  private faultOf(intent: OrderIntent): { readonly code: string; readonly reason: string } | undefined {
    const { instrument } = this;
    const refused = (reason: string): { readonly code: string; readonly reason: string } => ({ code: 'BRK_REJECTED', reason });
    if (this.refusing) {
      this.refusing = false;
      return refused('the venue takes no orders now');
    }
    if (intent.instrument !== instrument.id) return refused(`instrument was ${intent.instrument}, expected ${instrument.id}`);
    const fault = quantityFault(instrument, intent.quantity) ?? priceFault(instrument, intent.type, intent);
    if (fault !== undefined) return refused(fault);
    for (const leg of intent.bracket ?? []) {
      const legFault = this.orders.has(leg.clientOrderId) ? 'its client order id was used before' : priceFault(instrument, leg.type, leg);
      if (legFault !== undefined) return refused(`${leg.role}: ${legFault}`);
    }
    const held = this.books.quantityOf(instrument.id);
    const after = held + (intent.side === 'buy' ? intent.quantity : -intent.quantity);
    const { initial } = this.margin(Math.abs(after), this.price);
    if (!intent.reduceOnly && Math.abs(after) > Math.abs(held) && initial > this.books.cash) return { code: 'BRK_MARGIN', reason: `margin of ${initial} was needed, expected at most ${this.books.cash}` };
    return undefined;
  }

  private changeFault(order: VenueOrder, { quantity, ...prices }: OrderChange): string | undefined {
    if (quantity !== undefined && quantity <= order.filled) return `quantity was ${quantity}, expected more than is filled (${order.filled})`;
    return (quantity === undefined ? undefined : quantityFault(order.instrument, quantity)) ?? priceFault(order.instrument, order.type, prices, true);
  }

  /** Fills what the market reaches. */
  private match(order: VenueOrder): void {
    const { price } = this;
    follow(order, price);
    if (!trades(order, price)) return;
    let quantity = Math.min(order.quantity - order.filled, this.mostPerTrade);
    const held = this.books.quantityOf(order.instrument.id);
    const room = order.side === 'buy' ? Math.max(0, -held) : Math.max(0, held);
    if (order.reduceOnly) quantity = Math.min(quantity, room);
    if (quantity > 0) this.fill(order, quantity);
    if (order.reduceOnly && quantity === room && order.state === 'working') this.end(order, 'canceled', 'reduce-only, and there is no position to reduce');
  }

  private fill(order: VenueOrder, quantity: number): void {
    const { instrument } = order;
    const fill: Fill = {
      executionId: this.nextId('E'),
      clientOrderId: order.id,
      instrument: instrument.id,
      side: order.side,
      quantity: toQuantity(quantity),
      price: toPrice(this.price),
      commission: toMoney(COMMISSION * quantity),
      commissionCurrency: instrument.currency,
      slippage: toMoney(0),
      liquidity: order.type === 'limit' ? 'maker' : 'taker',
      time: this.time.now(),
    };
    this.books.fills.push(fill);
    order.filled += quantity;
    if (order.filled >= order.quantity) order.state = 'filled';
    this.say({ kind: 'fill', fill });
    for (const other of order.group?.members ?? []) {
      if (other === order || other.state !== 'working') continue;
      other.quantity = Math.max(other.filled, other.quantity - quantity);
      if (other.quantity === other.filled) this.end(other, 'canceled', 'another order of its group filled');
      else this.modified(other);
    }
    for (const child of order.children) {
      if (!isAlive(child)) continue;
      child.state = 'working';
      child.quantity += quantity;
      child.best = this.price;
      this.say({ kind: 'activated', clientOrderId: child.id, quantity: toQuantity(child.quantity), time: this.time.now() });
    }
  }

  private end(order: VenueOrder, state: 'canceled' | 'expired', reason: string): void {
    order.state = state;
    const end = { clientOrderId: order.id, filled: toQuantity(order.filled), time: this.time.now() };
    this.say(state === 'expired' ? { kind: 'expired', ...end } : { kind: 'canceled', reason, ...end });
    for (const child of order.children) if (child.state === 'held') this.end(child, 'canceled', 'its entry has ended');
  }

  private groupOf(name: string): OrderGroup {
    const known = this.groups.get(name);
    if (known !== undefined && known.members.some(isAlive)) return known;
    const group: OrderGroup = { name, members: [] };
    this.groups.set(name, group);
    return group;
  }

  private accept({ id, venueOrderId }: VenueOrder): void {
    this.say({ kind: 'accepted', clientOrderId: id, venueOrderId, time: this.time.now() });
  }

  private modified({ id, quantity, limitPrice, stopPrice }: VenueOrder): void {
    this.say({ kind: 'modified', clientOrderId: id, quantity: toQuantity(quantity), ...(limitPrice === undefined ? {} : { limitPrice: toPrice(limitPrice) }), ...(stopPrice === undefined ? {} : { stopPrice: toPrice(stopPrice) }), time: this.time.now() });
  }

  private say(event: BrokerEvent): void {
    this.current?.hear(event);
  }

  private nextId(kind: 'V' | 'E'): string {
    this.counted++;
    return `${kind}${this.counted}`;
  }
}

function joinGroup(group: OrderGroup, orders: readonly VenueOrder[]): void {
  for (const order of orders) {
    order.group = group;
    group.members.push(order);
  }
}

