import type { BrokerEvent, CashMovement, Fill, Instrument, Quantity, UtcMs } from '@keelson/core/domain';
import { toMoney, toPrice, toQuantity, toUtcMs } from '@keelson/core/domain';
import type { BrokerEventSink } from '@keelson/core/ports';
import { FillHistory } from './fill-history.js';
import type { InstrumentBook } from './instrument-book.js';
import type { SimOrder } from './sim-order.js';

/** Says what happened at the venue, and keeps the newest fills. */
export class VenueEvents {
  private sink: BrokerEventSink | undefined;
  private readonly history: FillHistory;
  private movements = 0;
  private forced = 0;

  constructor(
    private readonly account: string,
    instruments: readonly Instrument[],
  ) {
    this.history = new FillHistory(account, instruments);
  }

  connect(sink: BrokerEventSink | undefined): void {
    this.sink = sink;
  }

  accepted(order: SimOrder, time: number): void {
    this.say({ kind: 'accepted', clientOrderId: order.id, venueOrderId: order.venueId, time: toUtcMs(time) });
  }

  activated(order: SimOrder, time: number): void {
    this.say({ kind: 'activated', clientOrderId: order.id, quantity: toQuantity(order.book.lots.value(order.lots)), time: toUtcMs(time) });
  }

  rejected(clientOrderId: string, code: string, reason: string, time: number): void {
    this.say({ kind: 'rejected', clientOrderId, code, reason, time: toUtcMs(time) });
  }

  canceled(order: SimOrder, reason: string, time: number): void {
    this.say({ kind: 'canceled', clientOrderId: order.id, reason, filled: filledOf(order), time: toUtcMs(time) });
  }

  expired(order: SimOrder, time: number): void {
    this.say({ kind: 'expired', clientOrderId: order.id, filled: filledOf(order), time: toUtcMs(time) });
  }

  /** `lots` is the whole quantity as it stands, filled lots included. */
  modified(order: SimOrder, lots: number, prices: { readonly limitPrice?: number; readonly stopPrice?: number }, time: number): void {
    this.say({
      kind: 'modified',
      clientOrderId: order.id,
      quantity: toQuantity(order.book.lots.value(lots)),
      ...(prices.limitPrice === undefined ? {} : { limitPrice: toPrice(prices.limitPrice) }),
      ...(prices.stopPrice === undefined ? {} : { stopPrice: toPrice(prices.stopPrice) }),
      time: toUtcMs(time),
    });
  }

  refused(kind: 'modify-rejected' | 'cancel-rejected', clientOrderId: string, code: string, reason: string, time: number): void {
    this.say({ kind, clientOrderId, code, reason, time: toUtcMs(time) });
  }

  filled(order: SimOrder, lots: number, price: number, commission: number, slippage: number, maker: boolean, time: number): void {
    const { book } = order;
    this.keep({
      executionId: this.history.nextId(),
      clientOrderId: order.id,
      instrument: book.instrument.id,
      side: order.sign > 0 ? 'buy' : 'sell',
      quantity: toQuantity(book.lots.value(lots)),
      price: toPrice(price),
      commission: toMoney(commission),
      commissionCurrency: book.instrument.currency,
      slippage: toMoney(slippage),
      liquidity: maker ? 'maker' : 'taker',
      time: toUtcMs(time),
    }, book);
  }

  /** A fill that the venue's rules made, without an order of the account. */
  forcedFill(book: InstrumentBook, cause: 'liquidation' | 'expiry', sign: number, lots: number, price: number, commission: number, slippage: number, time: number): void {
    this.forced++;
    this.keep({
      executionId: this.history.nextId(),
      clientOrderId: `${this.account}-${cause}-${this.forced}`,
      instrument: book.instrument.id,
      side: sign > 0 ? 'buy' : 'sell',
      quantity: toQuantity(book.lots.value(lots)),
      price: toPrice(price),
      commission: toMoney(commission),
      commissionCurrency: book.instrument.currency,
      slippage: toMoney(slippage),
      liquidity: 'taker',
      cause,
      time: toUtcMs(time),
    }, book);
  }

  cash(book: InstrumentBook, kind: CashMovement['kind'], amount: number, price: number | undefined, time: number): void {
    this.movements++;
    this.say({
      kind: 'cash',
      movement: {
        id: `${this.account}-M${this.movements}`,
        kind,
        instrument: book.instrument.id,
        amount: toMoney(amount),
        currency: book.instrument.currency,
        ...(price === undefined ? {} : { price: toPrice(price) }),
        time: toUtcMs(time),
      },
    });
  }

  /** Takes a fill back; undefined when it is not known. */
  bust(executionId: string): Fill | undefined {
    return this.history.bust(executionId);
  }

  /** A fill was taken back, and `replacement` stands for it. */
  corrected(executionId: string, replacement: Omit<Fill, 'executionId'> | undefined, book: InstrumentBook, time: number): void {
    const event = { kind: 'fill-corrected', executionId, time: toUtcMs(time) } as const;
    if (replacement === undefined) {
      this.say(event);
      return;
    }
    const fill: Fill = { ...replacement, executionId: this.history.nextId() };
    this.history.add(fill, book.index);
    this.say({ ...event, replacement: fill });
  }

  /** Fills at or after `since`, oldest first. */
  /** All fills at or after this time are told. */
  get tellsFrom(): UtcMs {
    return toUtcMs(this.history.from);
  }

  since(since: number): readonly Fill[] {
    return this.history.since(since);
  }

  private keep(fill: Fill, book: InstrumentBook): void {
    this.history.add(fill, book.index);
    this.say({ kind: 'fill', fill });
  }

  private say(event: BrokerEvent): void {
    if (this.sink !== undefined) this.sink(event);
  }
}

function filledOf({ book, filled }: SimOrder): Quantity {
  return toQuantity(book.lots.value(filled));
}
