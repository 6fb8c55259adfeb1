import { Decimal } from 'decimal.js';
import type { CashMovement, Fill } from '../src/domain/events.js';
import { isMarginSettled, type Instrument } from '../src/domain/instrument.js';

/** Enough digits that nothing here is ever rounded in a way that matters. */
const Exact = Decimal.clone({ precision: 60 });
type Exact = Decimal;

type Lot = { quantity: Exact; readonly entry: Exact; basis: Exact };
type Book = { lots: Lot[]; sign: number; mark: Exact };

/**
 * The account's books, written down a second time from their definition: FIFO lots, cash by currency, and what
 * moving rates did to foreign balances. Decimal throughout, no step shared with the ledger.
 */
export class LedgerOracle {
  realized: Exact = new Exact(0);
  costs: Exact = new Exact(0);
  transfers: Exact = new Exact(0);
  currencyEffect: Exact = new Exact(0);
  private readonly cash = new Map<string, Exact>();
  private readonly rates = new Map<string, Exact>();
  private readonly books: Book[];

  constructor(
    private readonly instruments: readonly Instrument[],
    rates: Readonly<Record<string, number>>,
    readonly initialCash: number,
  ) {
    this.books = instruments.map(() => ({ lots: [], sign: 0, mark: new Exact(0) }));
    this.cash.set('USD', new Exact(initialCash));
    this.rates.set('USD', new Exact(1));
    for (const [currency, rate] of Object.entries(rates)) this.rates.set(currency, new Exact(rate));
  }

  mark(index: number, price: number): void {
    this.book(index).mark = new Exact(price);
    const { type, currency, baseCurrency } = this.instrument(index);
    if (type !== 'forex' && type !== 'spot') return;
    if (currency === 'USD' && baseCurrency !== undefined) this.setRate(baseCurrency, new Exact(price));
    else if (baseCurrency === 'USD') this.setRate(currency, new Exact(1 / price));
  }

  fill(index: number, fill: Fill): void {
    const book = this.book(index);
    const instrument = this.instrument(index);
    const price = new Exact(fill.price);
    const sign = fill.side === 'buy' ? 1 : -1;
    if (book.mark.isZero()) book.mark = price;
    this.add(fill.commissionCurrency, new Exact(fill.commission).neg());
    this.costs = this.costs.plus(new Exact(fill.commission).times(this.rate(fill.commissionCurrency)));
    if (!isMarginSettled(instrument.type)) this.add(instrument.currency, price.times(fill.quantity).times(instrument.multiplier).times(-sign));

    let left = new Exact(fill.quantity);
    while (book.sign * sign < 0 && left.gt(0)) {
      const lot = book.lots[0] as Lot;
      const taken = Exact.min(left, lot.quantity);
      const perPrice = taken.times(instrument.multiplier).times(book.sign);
      this.realized = this.realized.plus(price.minus(lot.entry).times(perPrice).times(this.rate(instrument.currency)));
      if (isMarginSettled(instrument.type)) this.add(instrument.currency, price.minus(lot.basis).times(perPrice));
      lot.quantity = lot.quantity.minus(taken);
      left = left.minus(taken);
      if (lot.quantity.isZero()) book.lots.shift();
      if (book.lots.length === 0) book.sign = 0;
    }
    if (left.gt(0)) {
      book.sign = sign;
      book.lots.push({ quantity: left, entry: price, basis: price });
    }
  }

  /** What a settlement at `price` pays, as the double that a venue would send. */
  settlementAmount(index: number, price: number): number {
    const book = this.book(index);
    return book.lots.reduce((sum, lot) => sum.plus(new Exact(price).minus(lot.basis).times(lot.quantity)), new Exact(0)).times(this.instrument(index).multiplier).times(book.sign).toNumber();
  }

  movement(index: number, movement: CashMovement): void {
    this.add(movement.currency, new Exact(movement.amount));
    if (movement.kind === 'settlement' && movement.price !== undefined) for (const lot of this.book(index).lots) lot.basis = new Exact(movement.price);
    else this.transfers = this.transfers.plus(new Exact(movement.amount).times(this.rate(movement.currency)));
  }

  quantity(index: number): number {
    const book = this.book(index);
    return book.lots.reduce((sum, lot) => sum.plus(lot.quantity), new Exact(0)).times(book.sign).toNumber();
  }

  averagePrice(index: number): number | undefined {
    const { lots } = this.book(index);
    if (lots.length === 0) return undefined;
    const quantity = lots.reduce((sum, lot) => sum.plus(lot.quantity), new Exact(0));
    return lots.reduce((sum, lot) => sum.plus(lot.quantity.times(lot.entry)), new Exact(0)).div(quantity).toNumber();
  }

  get equity(): number {
    let sum = new Exact(0);
    for (const [currency, amount] of this.cash) sum = sum.plus(amount.times(this.rate(currency)));
    this.instruments.forEach((instrument, i) => (sum = sum.plus(this.value(i).times(this.rate(instrument.currency)))));
    return sum.toNumber();
  }

  get unrealized(): number {
    return this.instruments.reduce((sum, instrument, i) => sum.plus(this.openProfit(i, 'entry').times(this.rate(instrument.currency))), new Exact(0)).toNumber();
  }

  get exposure(): number {
    return this.instruments.reduce((sum, instrument, i) => sum.plus(this.notional(i).abs().times(this.rate(instrument.currency))), new Exact(0)).toNumber();
  }

  private setRate(currency: string, rate: Exact): void {
    const change = rate.minus(this.rate(currency));
    let balance = this.cash.get(currency) ?? new Exact(0);
    this.instruments.forEach((instrument, i) => {
      // open profit is valued at the rate of the moment anyway: what is left is what the rate itself earned or lost
      if (instrument.currency === currency) balance = balance.plus(this.value(i)).minus(this.openProfit(i, 'entry'));
    });
    this.currencyEffect = this.currencyEffect.plus(change.times(balance));
    this.rates.set(currency, rate);
  }

  private value(index: number): Exact {
    return isMarginSettled(this.instrument(index).type) ? this.openProfit(index, 'basis') : this.notional(index);
  }

  private openProfit(index: number, from: 'entry' | 'basis'): Exact {
    const book = this.book(index);
    return book.lots.reduce((sum, lot) => sum.plus(book.mark.minus(lot[from]).times(lot.quantity)), new Exact(0)).times(this.instrument(index).multiplier).times(book.sign);
  }

  private notional(index: number): Exact {
    const book = this.book(index);
    return book.lots.reduce((sum, lot) => sum.plus(lot.quantity), new Exact(0)).times(book.mark).times(this.instrument(index).multiplier).times(book.sign);
  }

  private add(currency: string, amount: Exact): void {
    this.cash.set(currency, (this.cash.get(currency) ?? new Exact(0)).plus(amount));
  }

  private rate(currency: string): Exact {
    return this.rates.get(currency) as Exact;
  }

  private book(index: number): Book {
    return this.books[index] as Book;
  }

  private instrument(index: number): Instrument {
    return this.instruments[index] as Instrument;
  }
}
