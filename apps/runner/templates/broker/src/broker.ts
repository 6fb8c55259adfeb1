import type { BrokerEvent, ClientOrderId, Fill, Instrument, OrderChange, OrderIntent, OrderStatus, RiskApproved, UtcMs } from '@keelson/core/domain';
import { InstrumentGrid, toMoney, toPrice, toQuantity, toUtcMs } from '@keelson/core/domain';
import { BrokerError } from '@keelson/core/errors';
import { defineBroker } from '@keelson/core/plugin';
import type { Broker, BrokerCapabilities, BrokerEventSink, BrokerSnapshot, MarginAnswer, MarketObserver, VenueContext } from '@keelson/core/ports';
import { z } from 'zod';
import { Venue, type Execution, type Ticket, type VenueListener } from './venue.js';

const params = z.strictObject({
  perContract: z.number().min(0).default(0).describe('Commission for a quantity of 1, in the currency of the instrument.'),
});

type Params = z.output<typeof params>;

/**
 * `__ID__`: a venue in memory. It trades at the open, high, low and close of each bar. Put the vendor's API in the
 * place of {@link Venue}; this class translates between its words and the kernel's.
 */
export const broker = defineBroker({ params, create: (context: VenueContext<Params>) => new VenueBroker(context) });

const STATUS: Readonly<Record<Ticket['state'], OrderStatus>> = { working: 'working', filled: 'filled', cancelled: 'canceled', refused: 'rejected' };

export class VenueBroker implements Broker {
  readonly capabilities: BrokerCapabilities = { venue: 'simulated', orderTypes: ['market', 'limit', 'stop'], timesInForce: ['gtc', 'ioc'], nativeBrackets: false, oco: false, modify: true };
  readonly market: MarketObserver;
  private readonly venue: Venue;
  private readonly grids: ReadonlyMap<string, InstrumentGrid>;
  private sink: BrokerEventSink | undefined;
  /** Numbers of the executions that were told: a venue may tell them again. */
  private readonly told = new Set<string>();

  /** @param venue one that lives longer than this process; default: a new one */
  constructor(
    private readonly context: VenueContext<Params>,
    venue?: Venue,
  ) {
    this.grids = new Map(context.instruments.map((instrument) => [instrument.id, new InstrumentGrid(instrument)]));
    const listener: VenueListener = {
      onExecution: (execution) => {
        if (this.told.has(execution.number)) return;
        this.told.add(execution.number);
        this.tell({ kind: 'fill', fill: this.fillOf(execution) });
      },
      onCancelled: ({ ref }, reason, time) => this.tell({ kind: 'canceled', clientOrderId: ref, reason, time: toUtcMs(time) }),
    };
    this.venue = venue ?? new Venue(listener, context.clock.now());
    this.venue.listener = listener;
    this.market = {
      onBar: (index, bars) => {
        const { id } = context.instruments[index] as Instrument;
        const row = bars.index;
        const time = bars.closeTime[row];
        this.venue.trade(id, bars.open[row], time, true);
        this.venue.trade(id, bars.high[row], time, false);
        this.venue.trade(id, bars.low[row], time, false);
        this.venue.trade(id, bars.close[row], time, false);
      },
      onMoment: () => undefined,
    };
  }

  /** The market trades at `price`, outside of any bar: for tests, and for a feed of prices. */
  trade(instrument: string, price: number, time: number): void {
    this.venue.trade(instrument, price, time, true);
  }

  async connect(sink: BrokerEventSink): Promise<void> {
    this.sink = sink;
  }

  async disconnect(): Promise<void> {
    this.sink = undefined;
  }

  async snapshot(): Promise<BrokerSnapshot> {
    this.askable();
    const working = [...this.venue.tickets.values()].filter(({ state }) => state === 'working');
    return {
      time: this.now,
      orders: working.map(({ ref, number, symbol, buy, quantity, filled, state, limit, trigger }) => ({
        clientOrderId: ref,
        venueOrderId: number,
        instrument: symbol,
        side: buy ? 'buy' : 'sell',
        quantity: toQuantity(quantity),
        filled: toQuantity(filled),
        status: STATUS[state],
        ...(limit === undefined ? {} : { limitPrice: toPrice(limit) }),
        ...(trigger === undefined ? {} : { stopPrice: toPrice(trigger) }),
      })),
      positions: [...this.venue.holdings].map(([instrument, { quantity, average }]) => ({ instrument, quantity, averagePrice: average })),
      cash: [{ currency: this.context.baseCurrency, amount: toMoney(this.context.initialCash) }],
    };
  }

  async executionsSince(since: UtcMs): Promise<readonly Fill[]> {
    this.askable();
    return this.venue.executions.filter(({ time }) => time >= since).map((execution) => this.fillOf(execution));
  }

  submit(order: RiskApproved<OrderIntent>): void {
    const { clientOrderId, instrument, type, timeInForce, side, quantity, limitPrice, stopPrice, reduceOnly } = order;
    if (this.venue.tickets.has(clientOrderId)) return; // sent before: one id, one order
    const refuse = (code: string, reason: string): void => this.tell({ kind: 'rejected', clientOrderId, code, reason, time: this.now });
    if (this.sink === undefined) throw new BrokerError('BRK_CONNECTION', 'the broker is not connected, expected connect before submit', { hint: 'wait for connect' });
    const grid = this.grids.get(instrument);
    if (grid === undefined) return refuse('BRK_REJECTED', `instrument was ${instrument}, expected one of the account`);
    if (type !== 'market' && type !== 'limit' && type !== 'stop') return refuse('BRK_UNSUPPORTED', `type was ${type}, expected one of ${this.capabilities.orderTypes.join(', ')}`);
    if (!this.capabilities.timesInForce.includes(timeInForce)) return refuse('BRK_UNSUPPORTED', `time in force was ${timeInForce}, expected one of ${this.capabilities.timesInForce.join(', ')}`);
    if (order.bracket !== undefined || order.ocoGroup !== undefined) return refuse('BRK_UNSUPPORTED', 'the order had linked orders, expected a single one');
    const fault = stepFault(grid, quantity, limitPrice, stopPrice);
    if (fault !== undefined) return refuse('BRK_REJECTED', fault);
    if ((type === 'limit' && limitPrice === undefined) || (type === 'stop' && stopPrice === undefined)) return refuse('BRK_REJECTED', `the ${type} order had no price, expected one`);
    const ticket = this.venue.place({ ref: clientOrderId, symbol: instrument, buy: side === 'buy', kind: type, immediate: timeInForce === 'ioc', reduceOnly, quantity, limit: limitPrice, trigger: stopPrice });
    if (ticket.state === 'refused') return refuse('BRK_REJECTED', 'the venue refused it');
    this.tell({ kind: 'accepted', clientOrderId, venueOrderId: ticket.number, time: this.now });
  }

  modify(change: RiskApproved<OrderChange>): void {
    const { clientOrderId, quantity, limitPrice, stopPrice } = change;
    const ticket = this.venue.tickets.get(clientOrderId);
    const refuse = (code: string, reason: string): void => this.tell({ kind: 'modify-rejected', clientOrderId, code, reason, time: this.now });
    if (ticket === undefined) return refuse('BRK_UNKNOWN_ORDER', 'the order is not known, expected one that was submitted');
    if (ticket.state !== 'working') return refuse('BRK_REJECTED', `the order is ${STATUS[ticket.state]}, expected a working one`);
    const fault = stepFault(this.grids.get(ticket.symbol) as InstrumentGrid, quantity, limitPrice, stopPrice);
    if (fault !== undefined) return refuse('BRK_REJECTED', fault);
    if (quantity !== undefined && !(quantity > ticket.filled)) return refuse('BRK_REJECTED', `quantity was ${quantity}, expected more than what has filled (${ticket.filled})`);
    ticket.quantity = quantity ?? ticket.quantity;
    ticket.limit = limitPrice ?? ticket.limit;
    ticket.trigger = stopPrice ?? ticket.trigger;
    this.tell({
      kind: 'modified',
      clientOrderId,
      quantity: toQuantity(ticket.quantity),
      ...(ticket.limit === undefined ? {} : { limitPrice: toPrice(ticket.limit) }),
      ...(ticket.trigger === undefined ? {} : { stopPrice: toPrice(ticket.trigger) }),
      time: this.now,
    });
  }

  cancel(clientOrderId: ClientOrderId): void {
    const ticket = this.venue.tickets.get(clientOrderId);
    const refuse = (code: string, reason: string): void => this.tell({ kind: 'cancel-rejected', clientOrderId, code, reason, time: this.now });
    if (ticket === undefined) return refuse('BRK_UNKNOWN_ORDER', 'the order is not known, expected one that was submitted');
    if (ticket.state !== 'working') return refuse('BRK_REJECTED', `the order is ${STATUS[ticket.state]}, expected a working one`);
    this.venue.cancel(ticket, 'canceled by the account');
  }

  /** The venue asks for no margin. */
  margin(_instrument: Instrument, _quantity: number, _price: number): MarginAnswer {
    return 'none';
  }

  warnings(): readonly string[] {
    return ['__ID__ is a venue in memory: it fills in whole and without slippage'];
  }

  private get now(): UtcMs {
    return toUtcMs(this.venue.now);
  }

  private tell(event: BrokerEvent): void {
    this.sink?.(event);
  }

  private askable(): void {
    if (this.sink === undefined) throw new BrokerError('BRK_CONNECTION', 'the broker is not connected, expected a connection', { hint: 'ask again once it is connected', retry: 'safe' });
  }

  private fillOf({ number, ticket, quantity, price, time }: Execution): Fill {
    const { currency } = (this.grids.get(ticket.symbol) as InstrumentGrid).instrument;
    return {
      executionId: number,
      clientOrderId: ticket.ref,
      instrument: ticket.symbol,
      side: ticket.buy ? 'buy' : 'sell',
      quantity: toQuantity(quantity),
      price: toPrice(price),
      commission: toMoney(quantity * this.context.params.perContract),
      commissionCurrency: currency,
      slippage: toMoney(0),
      liquidity: ticket.kind === 'limit' ? 'maker' : 'taker',
      time: toUtcMs(time),
    };
  }
}

/** A venue refuses what is not on its grid, and never rounds: what was decided would be something else. */
function stepFault({ instrument, lots, ticks }: InstrumentGrid, quantity: number | undefined, ...prices: ReadonlyArray<number | undefined>): string | undefined {
  if (quantity !== undefined && !(quantity > 0 && lots.holds(quantity))) return `quantity was ${quantity}, expected a multiple of ${instrument.lotSize} above 0`;
  const price = prices.find((each) => each !== undefined && !(each > 0 && ticks.holds(each)));
  return price === undefined ? undefined : `price was ${price}, expected a multiple of ${instrument.tickSize} above 0`;
}
