import type { BrokerEvent, ClientOrderId, Fill, Instrument, OrderChange, OrderIntent, RiskApproved, UtcMs } from '@keelson/core/domain';
import { InstrumentGrid, isMarginSettled, toMoney, toPrice, toQuantity, toUtcMs } from '@keelson/core/domain';
import { BrokerError } from '@keelson/core/errors';
import { defineBroker } from '@keelson/core/plugin';
import type { Broker, BrokerCapabilities, BrokerEventSink, BrokerSnapshot, MarginAnswer, MarketObserver, VenueContext } from '@keelson/core/ports';
import { z } from 'zod';
import { Venue, type Execution, type Message } from './venue.js';

const params = z.strictObject({
  perContract: z.number().min(0).default(0).describe('Commission for a quantity of 1, in the currency of the instrument.'),
  answerTimeoutMs: z.int().min(100).default(5_000).describe('How long the venue may take to answer an order, before its outcome is called unknown.'),
});

type Params = z.output<typeof params>;

/**
 * `__ID__`: a venue in memory. It trades at the open, high, low and close of each bar. Put the vendor's API in the
 * place of {@link Venue}; this class translates between its words and the kernel's.
 */
export const broker = defineBroker({ params, create: (context: VenueContext<Params>) => new VenueBroker(context) });

const NO_LINE = { code: 'BRK_CONNECTION', reason: 'there is no connection to the venue: nothing was sent' };

export class VenueBroker implements Broker {
  readonly capabilities: BrokerCapabilities = { venue: 'simulated', orderTypes: ['market', 'limit', 'stop'], timesInForce: ['gtc', 'ioc'], nativeBrackets: false, oco: false, modify: true };
  readonly market: MarketObserver;
  private readonly grids: ReadonlyMap<string, InstrumentGrid>;
  private sink: BrokerEventSink | undefined;
  /** Orders that were sent: one id, one order. */
  private readonly sent = new Set<ClientOrderId>();
  /** Orders whose answer has not come, with the way to call off the wait. */
  private readonly waiting = new Map<ClientOrderId, () => void>();
  /** Numbers of the executions that were told: a venue may tell them again. */
  private readonly told = new Set<string>();

  /** @param venue one that lives longer than this process; default: a new one */
  constructor(
    private readonly context: VenueContext<Params>,
    private readonly venue: Venue = newVenue(context),
  ) {
    this.grids = new Map(context.instruments.map((instrument) => [instrument.id, new InstrumentGrid(instrument)]));
    this.market = {
      onBar: (index, bars) => {
        const { id } = context.instruments[index] as Instrument;
        const row = bars.index;
        const time = bars.closeTime[row];
        venue.trade(id, bars.open[row], time, true);
        venue.trade(id, bars.high[row], time, false);
        venue.trade(id, bars.low[row], time, false);
        venue.trade(id, bars.close[row], time, false);
      },
      onMoment: () => undefined,
    };
  }

  async connect(sink: BrokerEventSink): Promise<void> {
    if (!this.venue.isUp) throw new BrokerError('BRK_CONNECTION', 'the venue did not answer, expected a connection', { hint: 'try again later', retry: 'safe' });
    this.sink = sink;
    this.venue.listener = (message) => this.hear(message);
  }

  async disconnect(): Promise<void> {
    this.sink = undefined;
    for (const callOff of this.waiting.values()) callOff();
    this.waiting.clear();
  }

  async snapshot(): Promise<BrokerSnapshot> {
    this.askable();
    const { working, books } = this.venue;
    return {
      time: this.now,
      executionsFrom: toUtcMs(0), // this venue forgets none
      orders: working.map(({ ref, number, symbol, buy, quantity, filled, limit, trigger }) => ({
        clientOrderId: ref,
        venueOrderId: number,
        instrument: symbol,
        side: buy ? 'buy' : 'sell',
        quantity: toQuantity(quantity),
        filled: toQuantity(filled),
        status: filled > 0 ? 'partially-filled' : 'working',
        ...pricesOf(limit, trigger),
      })),
      positions: [...books.holdings].map(([instrument, { quantity, average }]) => ({ instrument, quantity, averagePrice: average })),
      cash: [...books.cash].map(([currency, amount]) => ({ currency, amount: toMoney(amount) })),
    };
  }

  async executionsSince(since: UtcMs): Promise<readonly Fill[]> {
    this.askable();
    return this.venue.books.executions.filter(({ time }) => time >= since).map((execution) => this.fillOf(execution));
  }

  submit(order: RiskApproved<OrderIntent>): void {
    const { clientOrderId, instrument, type, timeInForce, side, quantity, limitPrice, stopPrice, reduceOnly } = order;
    if (this.sink === undefined) throw new BrokerError('BRK_CONNECTION', 'the broker is not connected, expected connect before submit', { hint: 'wait for connect' });
    if (this.sent.has(clientOrderId)) return;
    const refuse = (code: string, reason: string): void => this.tell({ kind: 'rejected', clientOrderId, code, reason, time: this.now });
    const grid = this.grids.get(instrument);
    if (grid === undefined) return refuse('BRK_REJECTED', `instrument was ${instrument}, expected one of the account`);
    if (type !== 'market' && type !== 'limit' && type !== 'stop') return refuse('BRK_UNSUPPORTED', `type was ${type}, expected one of ${this.capabilities.orderTypes.join(', ')}`);
    if (!this.capabilities.timesInForce.includes(timeInForce)) return refuse('BRK_UNSUPPORTED', `time in force was ${timeInForce}, expected one of ${this.capabilities.timesInForce.join(', ')}`);
    if (order.bracket !== undefined || order.ocoGroup !== undefined) return refuse('BRK_UNSUPPORTED', 'the order had linked orders, expected a single one');
    if ((type === 'limit' && limitPrice === undefined) || (type === 'stop' && stopPrice === undefined)) return refuse('BRK_REJECTED', `the ${type} order had no price, expected one`);
    const fault = stepFault(grid, quantity, limitPrice, stopPrice);
    if (fault !== undefined) return refuse('BRK_REJECTED', fault);
    this.sent.add(clientOrderId);
    // before it is sent: the answer may come at once
    this.waiting.set(clientOrderId, () => undefined);
    const isSent = this.venue.place({ ref: clientOrderId, symbol: instrument, buy: side === 'buy', kind: type, immediate: timeInForce === 'ioc', reduceOnly, quantity, limit: limitPrice, trigger: stopPrice });
    if (!isSent) {
      this.answered(clientOrderId);
      refuse(NO_LINE.code, NO_LINE.reason);
    } else if (this.waiting.has(clientOrderId)) {
      this.waiting.set(clientOrderId, this.context.timer.after(this.context.params.answerTimeoutMs, () => this.giveUp(clientOrderId)));
    }
  }

  modify(change: RiskApproved<OrderChange>): void {
    const { clientOrderId, instrument, quantity, limitPrice, stopPrice } = change;
    const refuse = (code: string, reason: string): void => this.tell({ kind: 'modify-rejected', clientOrderId, code, reason, time: this.now });
    const grid = this.grids.get(instrument);
    if (grid === undefined) return refuse('BRK_UNKNOWN_ORDER', `instrument was ${instrument}, expected one of the account`);
    const fault = stepFault(grid, quantity, limitPrice, stopPrice);
    if (fault !== undefined) return refuse('BRK_REJECTED', fault);
    if (!this.venue.change(clientOrderId, { quantity, limit: limitPrice, trigger: stopPrice })) refuse(NO_LINE.code, NO_LINE.reason);
  }

  cancel(clientOrderId: ClientOrderId): void {
    if (!this.venue.cancel(clientOrderId)) this.tell({ kind: 'cancel-rejected', clientOrderId, ...NO_LINE, time: this.now });
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

  /** What the venue says, in the kernel's words. */
  private hear(message: Message): void {
    const time = toUtcMs(message.time);
    switch (message.says) {
      case 'placed':
        this.answered(message.ticket.ref);
        return this.tell({ kind: 'accepted', clientOrderId: message.ticket.ref, venueOrderId: message.ticket.number, time });
      case 'changed':
        return this.tell({ kind: 'modified', clientOrderId: message.ref, quantity: toQuantity(message.quantity), ...pricesOf(message.limit, message.trigger), time });
      case 'cancelled':
        return this.tell({ kind: 'canceled', clientOrderId: message.ref, filled: toQuantity(message.filled), reason: message.reason, time });
      case 'refused': {
        const { what, ref, isKnown, reason } = message;
        if (what === 'order') this.answered(ref);
        const kind = what === 'order' ? 'rejected' : what === 'change' ? 'modify-rejected' : 'cancel-rejected';
        return this.tell({ kind, clientOrderId: ref, code: what === 'order' || isKnown ? 'BRK_REJECTED' : 'BRK_UNKNOWN_ORDER', reason, time });
      }
      case 'executed':
        if (this.told.has(message.execution.number)) return;
        this.told.add(message.execution.number);
        return this.tell({ kind: 'fill', fill: this.fillOf(message.execution) });
      case 'corrected': {
        const { number, execution } = message;
        return this.tell({ kind: 'fill-corrected', executionId: number, ...(execution === undefined ? {} : { replacement: this.fillOf(execution) }), time });
      }
      case 'line':
        return this.tell({ kind: 'connection', state: message.isUp ? 'connected' : 'disconnected', reason: message.isUp ? 'the line stands again' : 'the line broke', time });
    }
  }

  private answered(clientOrderId: ClientOrderId): void {
    this.waiting.get(clientOrderId)?.();
    this.waiting.delete(clientOrderId);
  }

  /** Whether the order is at the venue nobody knows: the kernel reads the venue's state before it sends anything again. */
  private giveUp(clientOrderId: ClientOrderId): void {
    this.waiting.delete(clientOrderId);
    this.tell({ kind: 'outcome-unknown', clientOrderId, reason: `the venue did not answer within ${this.context.params.answerTimeoutMs} ms`, time: this.now });
  }

  private askable(): void {
    if (this.sink === undefined || !this.venue.isUp) throw new BrokerError('BRK_CONNECTION', 'the broker is not connected, expected a connection', { hint: 'ask again once it is connected', retry: 'safe' });
  }

  private fillOf({ number, ticket, quantity, price, commission, time }: Execution): Fill {
    const { currency } = (this.grids.get(ticket.symbol) as InstrumentGrid).instrument;
    return {
      executionId: number,
      clientOrderId: ticket.ref,
      instrument: ticket.symbol,
      side: ticket.buy ? 'buy' : 'sell',
      quantity: toQuantity(quantity),
      price: toPrice(price),
      commission: toMoney(commission),
      commissionCurrency: currency,
      slippage: toMoney(0),
      liquidity: ticket.kind === 'limit' ? 'maker' : 'taker',
      time: toUtcMs(time),
    };
  }
}

/** The venue that trades what the account does, and holds its cash. */
export function newVenue({ instruments, baseCurrency, initialCash, params: { perContract }, clock }: VenueContext<Params>): Venue {
  const listings = new Map(instruments.map(({ id, currency, multiplier, type }) => [id, { symbol: id, currency, multiplier, isMargined: isMarginSettled(type) }]));
  return new Venue(listings, { currency: baseCurrency, amount: initialCash }, perContract, clock.now());
}

function pricesOf(limit: number | undefined, trigger: number | undefined): Pick<Extract<BrokerEvent, { kind: 'modified' }>, 'limitPrice' | 'stopPrice'> {
  return { ...(limit === undefined ? {} : { limitPrice: toPrice(limit) }), ...(trigger === undefined ? {} : { stopPrice: toPrice(trigger) }) };
}

/** A venue refuses what is not on its grid, and never rounds: what was decided would be something else. */
function stepFault({ instrument, lots, ticks }: InstrumentGrid, quantity: number | undefined, ...prices: ReadonlyArray<number | undefined>): string | undefined {
  if (quantity !== undefined && !(quantity > 0 && lots.holds(quantity))) return `quantity was ${quantity}, expected a multiple of ${instrument.lotSize} above 0`;
  const price = prices.find((each) => each !== undefined && !(each > 0 && ticks.holds(each)));
  return price === undefined ? undefined : `price was ${price}, expected a multiple of ${instrument.tickSize} above 0`;
}
