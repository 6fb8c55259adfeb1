import type { BrokerEvent, CashMovement, Fill } from '../domain/events.js';
import type { Instrument } from '../domain/instrument.js';
import { withLateCost } from '../domain/late-cost.js';
import { RememberedIds } from '../domain/remembered-ids.js';
import type { UtcMs } from '../domain/units.js';
import { decimalNumber, decimalOf, isLess, minus, plus, times, ZERO, type Decimal } from './decimal.js';

/** What one instrument came to on one trading day, in one currency; every amount exact. */
export type ExecutedDay = {
  /** `YYYY-MM-DD`, by the instrument's calendar. */
  readonly day: string;
  /** Undefined for money that belongs to no instrument. */
  readonly instrument: string | undefined;
  readonly currency: string;
  /** Executions, and those that the venue took back. */
  readonly executions: number;
  /** Profit of what was closed, first in first out, before commissions. */
  readonly realized: Decimal;
  readonly commissions: Decimal;
  /** Funding and fees; positive is received. */
  readonly fees: Decimal;
  /** Open profit that settlements turned into cash: part of what is realised when the position closes. */
  readonly settled: Decimal;
};

/** Sums in the base currency, at the rate of each moment. */
export type ExecutedTotals = {
  readonly realized: number;
  readonly commissions: number;
  /** Funding, fees, deposits and withdrawals. */
  readonly transfers: number;
  /** Σ |quantity × price × multiplier|: what the rounding of any sum is measured against. */
  readonly turnover: number;
};

/** What the computation asks of the account around it. */
export type ExecutedSurroundings = {
  /** Units of base currency for one unit of the currency, at present. */
  rate(currency: string): number;
  /** Trading day of a time, by the calendar of an instrument; of the first one without. */
  dayOf(instrument: string | undefined, time: UtcMs): string;
};

type Lot = { quantity: Decimal; readonly price: Decimal };
type Row = { -readonly [K in keyof ExecutedDay]: ExecutedDay[K] };

/** Executions further back are counted again when they are told again: as many as the books remember. */
const REMEMBERED = 65_536;
/** Those that can still be corrected, or charged late: sixteen of each order that has ended and is still in the books. */
const REMEMBERED_FILLS = 16_384;

/**
 * Realised profit, computed a second time from what the venue said and nothing else: executions, corrections and
 * movements of cash. Exact decimals, first in first out; no step is shared with the ledger, so that a fault in either
 * shows as a difference. An execution counts once however often it is told; one that is taken back is traded the other
 * way at its price, as the books do.
 */
export class ExecutedPnl {
  private readonly rows = new Map<string, Row>();
  /** Open lots, oldest first, and their direction. */
  private readonly open = new Map<string, { sign: number; lots: Lot[] }>();
  private readonly told = new RememberedIds(REMEMBERED);
  /** The newest executions by id, without those that were taken back. */
  private readonly fills = new Map<string, Fill>();
  private readonly definitions: ReadonlyMap<string, Instrument>;
  private realized = ZERO;
  private commissions = ZERO;
  private transfers = ZERO;
  private turnover = 0.5;
  /** False once money was in a currency of which no rate was known. */
  private converts = true;

  constructor(
    instruments: readonly Instrument[],
    private readonly surroundings: ExecutedSurroundings,
  ) {
    this.definitions = new Map(instruments.map((instrument) => [instrument.id, instrument]));
  }

  /** By day, instrument and currency. */
  get days(): readonly ExecutedDay[] {
    const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
    return [...this.rows.values()].sort((a, b) => order(a.day, b.day) || order(a.instrument ?? '', b.instrument ?? '') || order(a.currency, b.currency));
  }

  /** Undefined where some money could not be converted. */
  get totals(): ExecutedTotals | undefined {
    if (!this.converts) return undefined;
    return { realized: decimalNumber(this.realized), commissions: decimalNumber(this.commissions), transfers: decimalNumber(this.transfers), turnover: this.turnover - 0.5 };
  }

  take(event: BrokerEvent): void {
    if (event.kind === 'fill') this.fill(event.fill);
    else if (event.kind === 'cash') this.move(event.movement);
    else if (event.kind === 'fill-corrected') this.correct(event.executionId, event.replacement, event.time);
  }

  private fill(fill: Fill): void {
    if (this.told.has(fill.executionId)) return;
    this.told.add(fill.executionId);
    this.fills.set(fill.executionId, fill);
    if (this.fills.size > REMEMBERED_FILLS) this.fills.delete(this.fills.keys().next().value as string);
    this.trade(fill, fill.side === 'buy' ? 1 : -1, decimalOf(fill.commission), fill.time);
  }

  private correct(executionId: string, replacement: Fill | undefined, time: UtcMs): void {
    const fill = this.fills.get(executionId);
    this.told.add(executionId);
    this.fills.delete(executionId);
    if (fill !== undefined) this.trade(fill, fill.side === 'buy' ? -1 : 1, minus(ZERO, decimalOf(fill.commission)), time);
    if (replacement !== undefined) this.fill(replacement);
  }

  private trade({ instrument, quantity, price, commissionCurrency }: Fill, sign: number, commission: Decimal, time: UtcMs): void {
    const definition = this.definitions.get(instrument);
    if (definition === undefined) return; // the books say what they think of it
    const multiplier = decimalOf(definition.multiplier);
    const profit = times(this.match(instrument, sign, decimalOf(quantity), decimalOf(price)), multiplier);
    const row = this.row(instrument, definition.currency, time);
    row.executions++;
    row.realized = plus(row.realized, profit);
    this.realized = plus(this.realized, this.inBase(profit, definition.currency));
    this.turnover += Math.abs(quantity * price * definition.multiplier * this.surroundings.rate(definition.currency));
    if (commission.digits === 0n) return;
    const paid = this.row(instrument, commissionCurrency, time);
    paid.commissions = plus(paid.commissions, commission);
    this.commissions = plus(this.commissions, this.inBase(commission, commissionCurrency));
  }

  /** @returns Σ price difference × quantity of what it closed */
  private match(instrument: string, sign: number, quantity: Decimal, price: Decimal): Decimal {
    const held = this.open.get(instrument) ?? { sign, lots: [] };
    this.open.set(instrument, held);
    let left = quantity;
    let profit = ZERO;
    while (held.sign !== sign && held.lots.length > 0 && left.digits > 0n) {
      const lot = held.lots[0] as Lot;
      const taken = isLess(left, lot.quantity) ? left : lot.quantity;
      const difference = held.sign > 0 ? minus(price, lot.price) : minus(lot.price, price);
      profit = plus(profit, times(difference, taken));
      lot.quantity = minus(lot.quantity, taken);
      left = minus(left, taken);
      if (lot.quantity.digits === 0n) held.lots.shift();
    }
    if (left.digits === 0n) return profit;
    held.sign = sign; // flat before, or in this direction already
    held.lots.push({ quantity: left, price });
    return profit;
  }

  private move(movement: CashMovement): void {
    const { kind, instrument, amount, currency, price, time, executionId } = movement;
    const paidFor = executionId === undefined ? undefined : this.fills.get(executionId);
    if (paidFor !== undefined) this.fills.set(paidFor.executionId, withLateCost(paidFor, movement));
    const money = decimalOf(amount);
    const traded = instrument !== undefined && this.definitions.has(instrument);
    const row = this.row(traded ? instrument : undefined, currency, time);
    if (kind === 'settlement' && traded && price !== undefined) {
      row.settled = plus(row.settled, money);
      return; // it moves cash, and no profit
    }
    if (kind !== 'deposit' && kind !== 'withdrawal') row.fees = plus(row.fees, money);
    this.transfers = plus(this.transfers, this.inBase(money, currency));
  }

  private inBase(money: Decimal, currency: string): Decimal {
    const rate = this.surroundings.rate(currency);
    if (Number.isFinite(rate)) return times(money, decimalOf(rate));
    if (money.digits !== 0n) this.converts = false;
    return ZERO;
  }

  private row(instrument: string | undefined, currency: string, time: UtcMs): Row {
    const day = this.surroundings.dayOf(instrument, time);
    const key = `${day} ${instrument ?? ''} ${currency}`;
    let row = this.rows.get(key);
    if (row === undefined) this.rows.set(key, (row = { day, instrument, currency, executions: 0, realized: ZERO, commissions: ZERO, fees: ZERO, settled: ZERO }));
    return row;
  }
}
