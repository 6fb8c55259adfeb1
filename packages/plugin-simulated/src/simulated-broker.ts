import type { ClientOrderId, Fill, Instrument, OrderChange, OrderIntent, OrderStatus, RiskApproved, UtcMs } from '@keelson/core/domain';
import { toMoney, toPrice, toQuantity, toUtcMs } from '@keelson/core/domain';
import { defineBroker } from '@keelson/core/plugin';
import { CurrencyRates } from '@keelson/core/portfolio';
import type { Broker, BrokerCapabilities, BrokerEventSink, BrokerSnapshot, MarginAnswer, OpenOrder, VenueContext } from '@keelson/core/ports';
import { simulatedParams, type SimulatedParams } from './config.js';
import { DueRules } from './due-rules.js';
import { DueTimes } from './due-times.js';
import { Executor } from './executor.js';
import { FaultyBroker } from './faults/faulty-broker.js';
import type { InstrumentBook } from './instrument-book.js';
import { Liquidation } from './liquidation.js';
import { makeBooks } from './make-books.js';
import { MarginCheck } from './margin/margin-check.js';
import { Matcher } from './matching/matcher.js';
import { OrderDesk } from './order-desk.js';
import { OrderLifecycle } from './order-lifecycle.js';
import { ENDED, HELD, LIMIT, STOP, STOP_LIMIT, TRAILING, type SimOrder } from './sim-order.js';
import { VenueAccount } from './venue-account.js';
import { VenueEvents } from './venue-events.js';
import { VenueMarket } from './venue-market.js';

/**
 * The broker `simulated`: fills orders from bars, by the rules of `docs/concepts/fills.md`. Everything it says
 * is said before the call that caused it returns, in one deterministic order.
 */
export const simulatedBroker = defineBroker({
  params: simulatedParams,
  create: (context) => (context.params.faults === undefined ? new SimulatedBroker(context) : new FaultyBroker(new SimulatedBroker(context), context, context.params.faults)),
});

export class SimulatedBroker implements Broker {
  readonly capabilities: BrokerCapabilities = {
    venue: 'simulated',
    orderTypes: ['market', 'limit', 'stop', 'stop-limit', 'trailing-stop'],
    timesInForce: ['day', 'gtc', 'ioc'],
    nativeBrackets: true,
    oco: true,
    modify: true,
  };
  readonly market: VenueMarket;
  private readonly params: SimulatedParams;
  private readonly events: VenueEvents;
  private readonly account: VenueAccount;
  private readonly lifecycle: OrderLifecycle;
  private readonly desk: OrderDesk;
  private readonly books: readonly InstrumentBook[];
  private readonly bookOf = new Map<string, InstrumentBook>();

  constructor(context: VenueContext<SimulatedParams>) {
    const { params, instruments } = context;
    this.params = params;
    this.account = new VenueAccount(instruments, new CurrencyRates(context.baseCurrency, instruments, context.rates), context.initialCash);
    const dueTimes = new DueTimes(context.timeframe.ms);
    this.books = makeBooks(context, this.account, dueTimes);
    for (const book of this.books) this.bookOf.set(book.instrument.id, book);
    this.events = new VenueEvents(context.account, instruments);
    this.lifecycle = new OrderLifecycle(this.events);
    const margin = new MarginCheck(this.books, this.account);
    const executor = new Executor(this.account, this.events, this.lifecycle, margin);
    const matcher = new Matcher(params, executor, this.lifecycle);
    const rules = new DueRules(this.account, this.events, this.lifecycle);
    const liquidation = params.liquidation.enabled && margin.isActive ? new Liquidation(this.books, this.account, this.events, rules, margin, params.liquidation.feeBps / 10_000) : undefined;
    this.market = new VenueMarket(this.books, this.account, matcher, rules, dueTimes, liquidation, context.clock);
    this.desk = new OrderDesk(params, this.bookOf, this.market, this.events, this.lifecycle, executor, margin);
  }

  async connect(sink: BrokerEventSink): Promise<void> {
    this.events.connect(sink);
  }

  async disconnect(): Promise<void> {
    this.events.connect(undefined);
  }

  async snapshot(): Promise<BrokerSnapshot> {
    return {
      time: toUtcMs(this.market.now),
      executionsFrom: this.events.tellsFrom,
      orders: this.openOrders,
      positions: this.account.held.map((index) => {
        const position = this.account.position(index);
        return { instrument: position.instrument, quantity: position.quantity, averagePrice: position.averagePrice ?? 0 };
      }),
      cash: this.account.rates.currencies.map((currency, i) => ({ currency, amount: toMoney(this.account.cash[i]?.value ?? 0) })),
    };
  }

  async executionsSince(since: UtcMs): Promise<readonly Fill[]> {
    return this.events.since(since);
  }

  submit(order: RiskApproved<OrderIntent>): void {
    this.desk.submit(order);
  }

  modify(change: RiskApproved<OrderChange>): void {
    this.desk.modify(change);
  }

  cancel(clientOrderId: ClientOrderId): void {
    this.desk.cancel(clientOrderId);
  }

  warnings(): readonly string[] {
    return optimisticChoices(this.params);
  }

  margin(instrument: Instrument, quantity: number, price: number): MarginAnswer {
    const rule = this.bookOf.get(instrument.id)?.rules.margin;
    if (rule === undefined) return 'none';
    const notional = Math.abs(price) * quantity * instrument.multiplier;
    const { now } = this.market;
    return { initial: toMoney(rule.initial(quantity, notional, now)), maintenance: toMoney(rule.maintenance(quantity, notional, now)), currency: instrument.currency };
  }

  /** Orders that wait for their parent's fill, and that work. */
  get openOrders(): readonly OpenOrder[] {
    return this.lifecycle.known.alive().map(openOrder);
  }

  /** Signed quantity that is held of an instrument, by its place in the account. */
  quantityOf(instrument: number): number {
    return this.account.position(instrument).quantity;
  }

  /** Cash and open profit at the last prices, in the base currency. */
  get equity(): number {
    return this.account.equity();
  }

  /** Most lots that an order may fill in the next bar; undefined for no such limit. */
  thin(lots: number | undefined): void {
    for (const book of this.books) book.mostLots = lots ?? Infinity;
  }

  /** Ends every order that works. */
  dropOrders(): void {
    for (const order of this.lifecycle.known.alive()) if (order.state !== ENDED) this.lifecycle.cancel(order, 'the venue restarted', this.market.now);
  }

  /** Takes a fill back, and books it again at `price` where one is given. */
  correct(executionId: string, price: number | undefined): void {
    const { now } = this.market;
    const fill = this.events.bust(executionId);
    const book = fill === undefined ? undefined : this.bookOf.get(fill.instrument);
    if (fill === undefined || book === undefined) return;
    const lots = book.lots.nearest(fill.quantity) * (fill.side === 'buy' ? 1 : -1);
    this.account.trade(book.index, -lots, book.ticks.nearest(fill.price), now, -fill.commission);
    if (price !== undefined) this.account.trade(book.index, lots, book.ticks.nearest(price), now, fill.commission);
    book.position.markPrice = this.market.lastPrice(book) ?? fill.price;
    book.positionChanged(now);
    this.market.wake(book);
    this.events.corrected(executionId, price === undefined ? undefined : { ...fill, price: toPrice(price), time: toUtcMs(now) }, book, now);
  }
}

function openOrder(order: SimOrder): OpenOrder {
  const status: OrderStatus = order.state === HELD ? 'held' : order.filled > 0 ? 'partially-filled' : 'working';
  const { book } = order;
  return {
    clientOrderId: order.id,
    instrument: book.instrument.id,
    side: order.sign > 0 ? 'buy' : 'sell',
    quantity: toQuantity(book.lots.value(order.lots)),
    filled: toQuantity(book.lots.value(order.filled)),
    status,
    ...(order.type === LIMIT || order.type === STOP_LIMIT ? { limitPrice: toPrice(book.ticks.value(order.limit)) } : {}),
    ...((order.type === STOP || order.type === STOP_LIMIT || order.type === TRAILING) && !Number.isNaN(order.stop) ? { stopPrice: toPrice(book.ticks.value(order.stop)) } : {}),
  };
}

/** Settings that fill better than a market would. */
function optimisticChoices({ fill, limitFill }: SimulatedParams): string[] {
  const choices: string[] = [];
  if (fill === 'same-close') choices.push('fill: same-close is optimistic: orders trade at the very close that they were decided on');
  if (limitFill === 'touch') choices.push('limitFill: touch is optimistic: a limit order fills when its price is only touched');
  return choices;
}
