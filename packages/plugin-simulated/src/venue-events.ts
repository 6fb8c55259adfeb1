import type { BrokerEvent, CashMovement, Fill } from '@keelson/core/domain';
import { toMoney, toPrice, toQuantity, toUtcMs } from '@keelson/core/domain';
import type { BrokerEventSink } from '@keelson/core/ports';
import type { InstrumentBook } from './instrument-book.js';
import type { SimOrder } from './sim-order.js';

/** Fills that `executionsSince` can still tell. */
const REMEMBERED_FILLS = 65_536;

/** Says what happened at the venue, and keeps the newest fills. */
export class VenueEvents {
  private sink: BrokerEventSink | undefined;
  private readonly fills: Fill[] = [];
  private oldest = 0;
  private executions = 0;
  private movements = 0;
  private forced = 0;

  constructor(private readonly account: string) {}

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
    this.say({ kind: 'canceled', clientOrderId: order.id, reason, time: toUtcMs(time) });
  }

  expired(order: SimOrder, time: number): void {
    this.say({ kind: 'expired', clientOrderId: order.id, time: toUtcMs(time) });
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
      executionId: this.nextExecution(),
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
    });
  }

  /** A fill that the venue's rules made, without an order of the account. */
  forcedFill(book: InstrumentBook, cause: 'liquidation' | 'expiry', sign: number, lots: number, price: number, commission: number, slippage: number, time: number): void {
    this.forced++;
    this.keep({
      executionId: this.nextExecution(),
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
    });
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

  /** Fills at or after `since`, oldest first. */
  since(since: number): readonly Fill[] {
    const ordered = [...this.fills.slice(this.oldest), ...this.fills.slice(0, this.oldest)];
    return ordered.filter((fill) => fill.time >= since);
  }

  private keep(fill: Fill): void {
    if (this.fills.length < REMEMBERED_FILLS) this.fills.push(fill);
    else {
      this.fills[this.oldest] = fill;
      this.oldest = (this.oldest + 1) % REMEMBERED_FILLS;
    }
    this.say({ kind: 'fill', fill });
  }

  private nextExecution(): string {
    this.executions++;
    return `${this.account}-E${this.executions}`;
  }

  private say(event: BrokerEvent): void {
    if (this.sink !== undefined) this.sink(event);
  }
}
