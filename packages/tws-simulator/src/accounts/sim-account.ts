import type { SimOrder } from '../matching/sim-order.js';
import { remainingOf } from '../matching/sim-order.js';
import type { Tradable } from '../matching/tradable.js';
import type { MarginRates } from './margin.js';
import { marginOf } from './margin.js';
import type { Booked, SimPosition } from './sim-position.js';
import { bookFill, correctFill, newPosition, unrealizedOf } from './sim-position.js';

/** What an account writes to the state file. */
export interface AccountState {
  readonly id: string;
  readonly cash: number;
  readonly dayStartEquity: number;
  readonly positions: readonly SimPosition[];
}

/** What the account needs to know of the market. */
export interface Marks {
  contract(conId: number): Tradable;
  /** The price that a position is valued at; `undefined` before the first one. */
  price(conId: number): number | undefined;
  /** Units of the base currency for one unit of that currency. */
  rate(currency: string): number;
}

/** Money of an account at one moment, in its base currency. */
export interface AccountValues {
  readonly cash: number;
  /** Value of stocks and currencies. */
  readonly securities: number;
  /** Profit of open futures. */
  readonly futuresProfit: number;
  readonly equity: number;
  readonly grossPositionValue: number;
  readonly initialMargin: number;
  readonly maintenanceMargin: number;
  readonly availableFunds: number;
  readonly excessLiquidity: number;
  readonly buyingPower: number;
  readonly realized: number;
  readonly unrealized: number;
  readonly dailyProfit: number;
}

/** Margin before and after an order, in the base currency. */
export interface MarginImpact {
  readonly initialBefore: number;
  readonly maintenanceBefore: number;
  readonly equityBefore: number;
  readonly initialAfter: number;
  readonly maintenanceAfter: number;
  readonly equityAfter: number;
}

/** Four times the free funds, as a margin account by Regulation T has within a day. */
const INTRADAY_LEVERAGE = 4;

/** One account: cash, positions at average cost, margin. */
export class SimAccount {
  readonly id: string;
  private readonly marks: Marks;
  private readonly rates: MarginRates;
  private readonly held = new Map<number, SimPosition>();
  private cash: number;
  private dayStartEquity: number;

  constructor(state: AccountState, marks: Marks, rates: MarginRates) {
    this.id = state.id;
    this.marks = marks;
    this.rates = rates;
    this.cash = state.cash;
    this.dayStartEquity = state.dayStartEquity;
    for (const position of state.positions) this.held.set(position.conId, { ...position });
  }

  /** Every contract it traded, also those that it holds nothing of any more. */
  get positions(): Iterable<Readonly<SimPosition>> {
    return this.held.values();
  }

  position(conId: number): Readonly<SimPosition> {
    return this.held.get(conId) ?? newPosition(conId);
  }

  state(): AccountState {
    return { id: this.id, cash: this.cash, dayStartEquity: this.dayStartEquity, positions: [...this.held.values()] };
  }

  /** Books a fill. Futures settle their profit in cash; everything else is paid in full. */
  book(contract: Tradable, signedQuantity: number, price: number, commission: number): Booked {
    const booked = bookFill(this.open(contract.conId), signedQuantity, price, contract.multiplier, commission);
    const rate = this.marks.rate(contract.currency);
    const paid = isFuture(contract) ? booked.gross : -signedQuantity * price * contract.multiplier;
    this.cash += (paid - commission) * rate;
    return booked;
  }

  /** Gives a booked fill another price. */
  correct(contract: Tradable, signedQuantity: number, priceChange: number): void {
    const toProfit = correctFill(this.open(contract.conId), signedQuantity, priceChange, contract.multiplier);
    const paid = isFuture(contract) ? toProfit : -signedQuantity * priceChange * contract.multiplier;
    this.cash += paid * this.marks.rate(contract.currency);
  }

  /** Moves money in or out. */
  deposit(amount: number): void {
    this.cash += amount;
    this.dayStartEquity += amount;
  }

  /** The price a position is valued at: the market's, or before the first one its own basis. */
  markOf(position: Readonly<SimPosition>): number {
    const contract = this.marks.contract(position.conId);
    return this.marks.price(position.conId) ?? (position.quantity === 0 ? 0 : position.basis / position.quantity / contract.multiplier);
  }

  /** Starts a trading day: daily profit counts from here. */
  startDay(): void {
    for (const position of this.held.values()) {
      position.dayStartProfit = this.profitOf(position);
      position.dayStartRealized = position.realized;
    }
    this.dayStartEquity = this.values().equity;
  }

  /** Profit of a position since the start of the trading day, in the contract's currency. */
  dailyProfitOf(position: Readonly<SimPosition>): number {
    return this.profitOf(position) - position.dayStartProfit;
  }

  /** @param openOrders those of this account that may trade; margin is held for the worse side */
  values(openOrders: readonly SimOrder[] = []): AccountValues {
    let securities = 0;
    let futuresProfit = 0;
    let gross = 0;
    let realized = 0;
    let unrealized = 0;
    for (const position of this.held.values()) {
      const contract = this.marks.contract(position.conId);
      const rate = this.marks.rate(contract.currency);
      const mark = this.markOf(position);
      const value = position.quantity * mark * contract.multiplier;
      if (isFuture(contract)) futuresProfit += (value - position.basis) * rate;
      else {
        securities += value * rate;
        gross += Math.abs(value) * rate;
      }
      realized += (position.realized - position.dayStartRealized) * rate;
      unrealized += unrealizedOf(position, mark, contract.multiplier) * rate;
    }
    const equity = this.cash + securities + futuresProfit;
    const margin = this.marginFor(openOrders);
    const availableFunds = equity - margin.initial;
    return {
      cash: this.cash,
      securities,
      futuresProfit,
      equity,
      grossPositionValue: gross,
      initialMargin: margin.initial,
      maintenanceMargin: margin.held,
      availableFunds,
      excessLiquidity: equity - margin.held,
      buyingPower: Math.max(0, availableFunds) * INTRADAY_LEVERAGE,
      realized,
      unrealized,
      dailyProfit: equity - this.dayStartEquity,
    };
  }

  /**
   * What the order would change.
   * @param commission that the whole order would cost, in the base currency
   */
  impactOf(order: SimOrder, openOrders: readonly SimOrder[], commission: number): MarginImpact {
    const equity = this.values().equity;
    const others = openOrders.filter((other) => other.permId !== order.permId);
    const before = this.marginFor(others);
    const after = this.marginFor([...others, order]);
    return {
      initialBefore: before.initial,
      maintenanceBefore: before.maintenance,
      equityBefore: equity,
      initialAfter: after.initial,
      maintenanceAfter: after.maintenance,
      equityAfter: equity - commission,
    };
  }

  private open(conId: number): SimPosition {
    let position = this.held.get(conId);
    if (position === undefined) {
      position = newPosition(conId);
      this.held.set(conId, position);
    }
    return position;
  }

  private profitOf(position: Readonly<SimPosition>): number {
    return position.realized + unrealizedOf(position, this.markOf(position), this.marks.contract(position.conId).multiplier);
  }

  /**
   * Margin of the worse of two outcomes for each contract: all buys fill, or all sells do.
   * `held` is the maintenance margin of what is held now.
   */
  private marginFor(openOrders: readonly SimOrder[]): { initial: number; maintenance: number; held: number } {
    const byContract = new Map<number, SimOrder[]>();
    for (const position of this.held.values()) byContract.set(position.conId, []);
    for (const order of openOrders) {
      const orders = byContract.get(order.conId);
      if (orders === undefined) byContract.set(order.conId, [order]);
      else orders.push(order);
    }
    let initial = 0;
    let maintenance = 0;
    let held = 0;
    for (const [conId, orders] of byContract) {
      const contract = this.marks.contract(conId);
      const position = this.position(conId);
      const worst = Math.max(Math.abs(position.quantity + exposureOf(orders, 'BUY')), Math.abs(position.quantity - exposureOf(orders, 'SELL')));
      const price = this.marks.price(conId) ?? orders.find((order) => order.terms.limitPrice !== undefined)?.terms.limitPrice ?? this.markOf(position);
      const rate = this.marks.rate(contract.currency);
      const margin = marginOf(this.rates, contract, worst, price);
      initial += margin.initial * rate;
      maintenance += margin.maintenance * rate;
      held += marginOf(this.rates, contract, position.quantity, price).maintenance * rate;
    }
    return { initial, maintenance, held };
  }
}

const isFuture = (contract: Tradable): boolean => contract.secType === 'FUT' || contract.secType === 'CONTFUT';

/** How much of one side could fill: of an OCA group only its largest order can. */
function exposureOf(orders: readonly SimOrder[], action: 'BUY' | 'SELL'): number {
  const groups = new Map<string, number>();
  let total = 0;
  for (const order of orders) {
    if (order.terms.action !== action) continue;
    const remaining = remainingOf(order);
    if (order.terms.ocaGroup === '') total += remaining;
    else groups.set(order.terms.ocaGroup, Math.max(groups.get(order.terms.ocaGroup) ?? 0, remaining));
  }
  for (const remaining of groups.values()) total += remaining;
  return total;
}
