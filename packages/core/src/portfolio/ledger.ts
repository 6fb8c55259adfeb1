import type { CashMovement, Fill } from '../domain/events.js';
import { isMarginSettled, type Instrument } from '../domain/instrument.js';
import { InvariantError } from '../errors.js';
import { ClosingTrades, type TradeListener } from './closing-trades.js';
import { CompensatedSum } from './compensated-sum.js';
import type { CurrencyRates } from './currency-rates.js';
import { Position } from './position.js';

/**
 * Cash, positions and equity of one account, folded from fills and cash movements.
 *
 * Money is exact where it can be: profit is whole ticks × whole lots times one constant per instrument, and
 * cash is a compensated sum. Identity held by tests: cash + Σ value of positions = equity, where a position
 * of a margin-settled instrument is worth its unsettled profit, and any other its notional.
 */
export class Ledger {
  readonly positions: readonly Position[];
  /** Totals in the base currency since the start. */
  readonly realized = new CompensatedSum();
  readonly commissions = new CompensatedSum();
  readonly slippages = new CompensatedSum();
  /** Funding, fees, deposits and withdrawals: money that neither price nor commission explains. */
  readonly transfers = new CompensatedSum();
  private readonly closing: ClosingTrades;
  private readonly cash: CompensatedSum[];
  private readonly currencyOf: Int32Array;
  private readonly marginSettled: Uint8Array;
  /** Instruments with an open position, in ascending order. */
  private readonly held: number[] = [];
  private readonly indexById = new Map<string, number>();
  /** Equity at the last {@link refresh}: a cell, since a number that is returned is boxed on the bar path. */
  readonly equityCell = new Float64Array(1);
  /** Told before a fill or a movement is booked: who still needs the books as they are takes from them what it needs. */
  beforeBooking: (() => void) | undefined;
  private stale = true;
  /** Cash of all currencies; changes with fills, movements and rates only. */
  private cashInBase = 0.5;
  private cashStale = true;

  constructor(
    instruments: readonly Instrument[],
    private readonly rates: CurrencyRates,
    initialCash: number,
    onTrade: TradeListener,
  ) {
    this.closing = new ClosingTrades(this.realized, onTrade);
    this.positions = instruments.map((instrument) => new Position(instrument));
    this.cash = rates.currencies.map((_, i) => new CompensatedSum(i === 0 ? initialCash : 0));
    this.currencyOf = Int32Array.from(instruments, (instrument) => rates.index(instrument.currency));
    this.marginSettled = Uint8Array.from(instruments, (instrument) => (isMarginSettled(instrument.type) ? 1 : 0));
    instruments.forEach((instrument, i) => this.indexById.set(instrument.id, i));
    this.equityCell[0] = initialCash;
  }

  /** Index of an instrument in the account's order; -1 when the account does not have it. */
  indexOf(instrument: string): number {
    return this.indexById.get(instrument) ?? -1;
  }

  /** New price of an instrument: row `row` of a column of prices. Costs next to nothing without a position. */
  mark(instrument: number, prices: Float64Array, row: number): void {
    const price = prices[row] as number;
    const position = this.positions[instrument] as Position;
    position.markPrice = price;
    if (position.lots !== 0) this.stale = true;
    if (this.rates.mark(instrument, price)) this.stale = this.cashStale = true;
  }

  /** Brings {@link equityCell} up to the last marks. */
  refresh(): void {
    if (!this.stale) return;
    this.computeEquity();
    this.stale = false;
  }

  /** True when the equity between two bookings follows from the prices of one instrument alone; see {@link equityAlong}. */
  get followsOnePrice(): boolean {
    return this.positions.length === 1 && this.marginSettled[0] === 1 && !this.rates.follows(0);
  }

  /** {@link Ledger.equity} at each of `count` prices of the only instrument instead of its mark: `equity[i]` at `prices[(first + i) & mask]`. */
  equityAlong(prices: Float64Array, first: number, mask: number, count: number, equity: Float64Array): void {
    if (this.cashStale) this.sumCash();
    const { cashInBase } = this;
    if (!this.hasPosition) {
      equity.fill(cashInBase, 0, count);
      return;
    }
    (this.positions[0] as Position).unsettledAlong(prices, first, mask, count, equity);
    const rate = this.rateOf(0);
    for (let i = 0; i < count; i++) equity[i] = cashInBase + (equity[i] as number) * rate;
  }

  /** Cash plus the value of all positions at their last marks, in the base currency. */
  get equity(): number {
    this.refresh();
    return this.equityCell[0] as number;
  }

  /** Σ |notional| of all positions in the base currency. */
  get exposure(): number {
    let sum = 0;
    for (const i of this.held) sum += Math.abs((this.positions[i] as Position).notional) * this.rateOf(i);
    return sum;
  }

  get hasPosition(): boolean {
    return this.held.length > 0;
  }

  cashOf(currency: string): number {
    return this.cash[this.rates.index(currency)]?.value ?? 0;
  }

  /** Units of base currency for one unit of the instrument's currency. */
  rateOf(instrument: number): number {
    return this.rates.rate(this.currencyOf[instrument] as number);
  }

  /** Units of base currency for one unit of a currency; NaN for one that has no rate (yet). */
  rateIn(currency: string): number {
    const index = this.rates.index(currency);
    return index < 0 ? Number.NaN : this.rates.rate(index);
  }

  /** Books a fill. `reason` is why its order was sent; it stands in the trade. */
  applyFill(fill: Fill, reason: string): void {
    const index = this.indexOf(fill.instrument);
    if (this.beforeBooking !== undefined) this.beforeBooking();
    if (index < 0) throw new InvariantError(`a fill named ${fill.instrument}, expected an instrument of the account`);
    const position = this.positions[index] as Position;
    const { grid } = position;
    const ticks = position.ticksOf(fill.price);
    const signedLots = grid.lots.nearest(fill.quantity) * (fill.side === 'buy' ? 1 : -1);
    const rate = this.rateOf(index);
    const commission = this.bookCommission(fill, index, rate);
    this.slippages.add(fill.slippage * rate);

    const cash = this.cash[this.currencyOf[index] as number] as CompensatedSum;
    const wasFlat = position.lots === 0;
    const closing = position.lots * signedLots < 0 ? Math.min(Math.abs(position.lots), Math.abs(signedLots)) : 0;
    const opening = Math.abs(signedLots) - closing;
    const settledByProfit = this.marginSettled[index] === 1;
    if (closing > 0) {
      const profit = this.closing.close(index, position, closing, ticks, fill, reason, (commission * closing) / Math.abs(signedLots), rate);
      if (settledByProfit) cash.add(profit);
    }
    if (opening > 0) {
      position.open(opening * Math.sign(signedLots), ticks, fill.time, fill.clientOrderId, reason, (commission * opening) / Math.abs(signedLots));
    }
    if (!settledByProfit) cash.add(-ticks * signedLots * position.tickLotValue);
    if (position.markPrice === 0) position.markPrice = fill.price;
    if (wasFlat !== (position.lots === 0)) this.setHeld(index, position.lots !== 0);
    this.stale = this.cashStale = true;
  }

  /** Books money that moved without a trade. */
  applyCash(movement: CashMovement): void {
    const currency = this.rates.index(movement.currency);
    if (currency < 0) throw new InvariantError(`a cash movement was in ${movement.currency}, expected a currency of the account`);
    if (this.beforeBooking !== undefined) this.beforeBooking();
    const index = movement.instrument === undefined ? -1 : this.indexOf(movement.instrument);
    if (movement.kind === 'settlement' && index >= 0 && movement.price !== undefined) {
      if (!(this.positions[index] as Position).settle(movement.price, movement.amount)) return;
    } else this.transfers.add(movement.amount * this.rates.rate(currency));
    (this.cash[currency] as CompensatedSum).add(movement.amount);
    this.stale = this.cashStale = true;
  }

  /** @returns the commission in the base currency */
  private bookCommission(fill: Fill, instrument: number, rate: number): number {
    if (fill.commission === 0) return 0;
    const { definition } = this.positions[instrument] as Position;
    const own = fill.commissionCurrency === definition.currency;
    const currency = own ? (this.currencyOf[instrument] as number) : this.rates.index(fill.commissionCurrency);
    if (currency < 0) {
      throw new InvariantError(`a fill of ${fill.instrument} was charged in ${fill.commissionCurrency}, expected a currency of the account`, {
        hint: `add rates: { ${fill.commissionCurrency}: … }`,
      });
    }
    const commission = fill.commission * (own ? rate : this.rates.rate(currency));
    this.commissions.add(commission);
    (this.cash[currency] as CompensatedSum).add(-fill.commission);
    return commission;
  }

  private setHeld(index: number, held: boolean): void {
    const { held: list } = this;
    let at = list.indexOf(index);
    if (held === at >= 0) return;
    // by hand: neither a comparison to call nor an array of what was taken out
    if (held) {
      for (at = list.length; at > 0 && (list[at - 1] as number) > index; at--) list[at] = list[at - 1] as number;
      list[at] = index;
      return;
    }
    for (at++; at < list.length; at++) list[at - 1] = list[at] as number;
    list.pop();
  }

  private computeEquity(): void {
    if (this.cashStale) this.sumCash();
    let sum = this.cashInBase;
    const { held } = this;
    for (let h = 0; h < held.length; h++) {
      const index = held[h] as number;
      const position = this.positions[index] as Position;
      if (this.marginSettled[index] === 1) {
        position.revalue();
        sum += (position.unsettledCell[0] as number) * this.rateOf(index);
      } else sum += position.notional * this.rateOf(index);
    }
    this.equityCell[0] = sum;
  }

  private sumCash(): void {
    let sum = 0;
    for (let c = 0; c < this.cash.length; c++) {
      const amount = (this.cash[c] as CompensatedSum).value;
      if (amount !== 0) sum += amount * this.rates.rate(c);
    }
    this.cashInBase = sum;
    this.cashStale = false;
  }
}
