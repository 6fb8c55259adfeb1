import { describe, expect, it } from 'vitest';
import type { CashMovement, Fill } from '../domain/events.js';
import type { Instrument } from '../domain/instrument.js';
import type { Trade } from '../domain/position.js';
import { toMoney, toPrice, toQuantity, toUtcMs } from '../domain/units.js';
import { instrumentOf } from '../../testing/kernel.js';
import { CurrencyRates } from './currency-rates.js';
import { Ledger } from './ledger.js';

class Books {
  readonly trades: Trade[] = [];
  readonly ledger: Ledger;
  private count = 0;

  constructor(instruments: readonly Instrument[] = [instrumentOf({ multiplier: 5 })], rates: Readonly<Record<string, number>> = {}) {
    this.ledger = new Ledger(instruments, new CurrencyRates('USD', instruments, rates), 10_000, (trade) => this.trades.push(trade));
  }

  /** `lots` signed. */
  fill(order: string, quantity: number, price: number, commission = 0, fields: Partial<Fill> = {}): void {
    this.count++;
    this.ledger.applyFill(
      { executionId: `e${this.count}`, clientOrderId: order, instrument: 'X', side: quantity > 0 ? 'buy' : 'sell', quantity: toQuantity(Math.abs(quantity)), price: toPrice(price), commission: toMoney(commission), commissionCurrency: 'USD', slippage: toMoney(0), liquidity: 'taker', time: toUtcMs(this.count), ...fields },
      order,
    );
  }

  mark(price: number, instrument = 0): void {
    this.ledger.mark(instrument, Float64Array.of(price), 0);
  }

  settle(price: number, amount: number, fields: Partial<CashMovement> = {}): void {
    this.ledger.applyCash({ id: 'm', kind: 'settlement', instrument: 'X', amount: toMoney(amount), currency: 'USD', price: toPrice(price), time: toUtcMs(0), ...fields });
  }

  get brief(): unknown[] {
    return this.trades.map(({ side, quantity, entryPrice, exitPrice, pnl, commission, entryReason, exitReason }) => [side, quantity, entryPrice, exitPrice, pnl, commission, `${entryReason}>${exitReason}`]);
  }
}

describe('Ledger', () => {
  it('closes first in, first out, one trade for each entry order that an exit takes from', () => {
    const books = new Books();
    books.fill('a', 2, 100, 2);
    books.fill('b', 3, 104, 3);
    books.fill('x', -4, 110, 4);
    expect(books.brief).toEqual([
      ['long', 2, 100, 110, 100, 4, 'a>x'],
      ['long', 2, 104, 110, 60, 4, 'b>x'],
    ]);
    expect(books.ledger.positions[0]).toMatchObject({ quantity: 1, averagePrice: 104, openedAt: 2 });
  });

  it('makes one trade of an entry that filled in parts, at its mean price from its first fill', () => {
    const books = new Books();
    books.fill('a', 1, 100);
    books.fill('a', 3, 102);
    books.fill('x', -4, 100);
    expect(books.brief).toEqual([['long', 4, 101.5, 100, -30, 0, 'a>x']]);
    expect(books.trades[0]?.entryTime).toBe(1);
  });

  it('splits a fill that turns a position around, its commission by quantity', () => {
    const books = new Books();
    books.fill('a', 2, 100, 2);
    books.fill('x', -5, 110, 5);
    expect(books.brief).toEqual([['long', 2, 100, 110, 100, 4, 'a>x']]);
    expect(books.ledger.positions[0]).toMatchObject({ quantity: -3, averagePrice: 110 });
    books.fill('y', 3, 100, 3);
    expect(books.brief[1]).toEqual(['short', 3, 110, 100, 150, 6, 'x>y']);
    expect(books.ledger.commissions.value).toBe(10);
    expect(books.ledger.equity).toBe(10_000 + 250 - 10);
  });

  it('pays open profit in cash at a settlement, and counts it in the trade all the same', () => {
    const books = new Books();
    books.fill('a', 2, 100);
    books.mark(106);
    expect(books.ledger.equity).toBe(10_060);
    books.settle(106, 60);
    expect([books.ledger.cashOf('USD'), books.ledger.equity, books.ledger.positions[0]?.unrealizedPnl, books.ledger.positions[0]?.unsettledPnl]).toEqual([10_060, 10_060, 60, 0]);
    books.fill('b', 1, 108);
    books.fill('x', -1, 104);
    // settled at 106: this lot loses 2 × 5 of cash, and gained 4 × 5 since its entry
    expect(books.brief).toEqual([['long', 1, 100, 104, 20, 0, 'a>x']]);
    expect(books.ledger.cashOf('USD')).toBe(10_050);
    books.mark(104);
    expect(books.ledger.equity).toBe(10_000 + 20 + 20 - 20);
    expect(books.ledger.transfers.value).toBe(0);
  });

  it('keeps equity at a settlement that comes late: of a position that has changed since, or is gone', () => {
    const books = new Books();
    books.fill('a', 2, 100);
    books.fill('b', 1, 108);
    books.fill('x', -1, 104); // meanwhile the venue had settled two at 106
    books.mark(105);
    const { equity } = books.ledger;
    books.settle(106, 60);
    expect(books.ledger.equity).toBe(equity);
    expect(books.ledger.cashOf('USD')).toBe(10_000 + 20 + 60);
    books.fill('y', -2, 105);
    expect(books.ledger.equity).toBe(10_000 + 20 + 25 - 15);
    expect(books.ledger.cashOf('USD')).toBe(books.ledger.equity);

    books.settle(106, 60); // all of it was booked as the position closed
    expect([books.ledger.equity, books.ledger.cashOf('USD'), books.ledger.transfers.value]).toEqual([10_030, 10_030, 0]);
  });

  it('settles a short', () => {
    const books = new Books();
    books.fill('a', -2, 100);
    books.mark(103);
    books.settle(103, -30);
    books.fill('x', 2, 101);
    expect(books.ledger.equity).toBe(9_990);
    expect(books.brief).toEqual([['short', 2, 100, 101, -10, 0, 'a>x']]);
  });

  it('exchanges the notional of stocks, and shorts of them', () => {
    const books = new Books([instrumentOf({ type: 'stock', tickSize: 0.01 })]);
    books.fill('a', -10, 50.01);
    expect(books.ledger.cashOf('USD')).toBeCloseTo(10_500.1, 10);
    books.mark(49.99);
    expect(books.ledger.equity).toBeCloseTo(10_000.2, 10);
    expect(books.ledger.exposure).toBeCloseTo(499.9, 10);
  });

  it('keeps prices exact on the grid and right off it', () => {
    const books = new Books([instrumentOf({ tickSize: 0.1, multiplier: 10 })]);
    books.fill('a', 1, 0.3);
    expect(books.ledger.positions[0]?.averagePrice).toBe(0.3);
    books.fill('x', -1, 0.35);
    expect(books.trades[0]?.pnl).toBeCloseTo(0.5, 12);
  });

  it('adds 0.1 and 0.2 of a coin in lots of 1e-8 to exactly 0.3', () => {
    const books = new Books([instrumentOf({ type: 'spot', tickSize: 0.01, lotSize: 1e-8 })]);
    books.fill('a', 0.1, 30_000);
    books.fill('b', 0.2, 30_000);
    expect(books.ledger.positions[0]?.quantity).toBe(0.3);
    books.fill('x', -0.3, 30_000);
    expect(books.ledger.hasPosition).toBe(false);
    expect(books.ledger.equity).toBe(10_000);
  });

  it('converts profit at the rate of the exit, and takes fees in whatever currency they come', () => {
    const instruments = [instrumentOf({ currency: 'EUR' }), instrumentOf({ id: 'EURUSD', type: 'forex', baseCurrency: 'EUR' })];
    const books = new Books(instruments, { EUR: 1 });
    books.fill('a', 1, 100, 4, { commissionCurrency: 'EUR' });
    books.mark(1.25, 1);
    books.mark(120);
    expect(books.ledger.equity).toBe(10_000 - 4 * 1.25 + 20 * 1.25);
    books.fill('x', -1, 120, 2, { commissionCurrency: 'USD' });
    expect(books.trades[0]).toMatchObject({ pnl: 25, commission: 6 });
    expect(books.ledger.commissions.value).toBe(4 + 2);
    expect(books.ledger.equity).toBe(10_000 - 5 + 25 - 2);
  });

  it('knows its equity along prices to come, bit by bit as if they were marked: without a position, long, short, after a settlement', () => {
    const prices = Float64Array.of(100, 100.3, 99.75, 101.5);
    for (const quantity of [0, 2, -3]) {
      const books = new Books([instrumentOf({ multiplier: 5, currency: 'EUR' })], { EUR: 1.1 });
      if (quantity !== 0) books.fill('a', quantity, 100.25, 1.3, { commissionCurrency: 'EUR' });
      for (const settled of [false, true]) {
        if (settled && quantity !== 0) books.settle(101, 0.75 * 5 * quantity, { currency: 'EUR' });
        const along = new Float64Array(6);
        expect(books.ledger.followsOnePrice).toBe(true);
        books.ledger.equityAlong(prices, 3, 3, 5, along); // round the end of the ring
        const marked = [3, 0, 1, 2, 3].map((row) => {
          books.ledger.mark(0, prices, row);
          return books.ledger.equity;
        });
        expect([...along.subarray(0, 5)]).toEqual(marked);
      }
    }
  });

  it('does not follow one price alone with two instruments, or where the price is a rate', () => {
    expect(new Books([instrumentOf({ id: 'X' }), instrumentOf({ id: 'Y' })]).ledger.followsOnePrice).toBe(false);
    expect(new Books([instrumentOf({ type: 'spot', baseCurrency: 'BTC' })]).ledger.followsOnePrice).toBe(false);
  });

  it('tells before it books, while the books are as they were', () => {
    const books = new Books();
    const before: number[] = [];
    books.ledger.beforeBooking = () => before.push(books.ledger.equity, books.ledger.positions[0]?.quantity ?? 0);
    books.fill('a', 2, 100, 3);
    books.ledger.applyCash({ id: 'd', kind: 'deposit', amount: toMoney(50), currency: 'USD', time: toUtcMs(1) });
    expect(before).toEqual([10_000, 0, 9_997, 2]);
  });

  it('counts funding, fees, deposits and withdrawals as transfers', () => {
    const books = new Books();
    for (const [kind, amount] of [['funding', -3], ['fee', -1], ['deposit', 100], ['withdrawal', -50]] as const) books.ledger.applyCash({ id: kind, kind, amount: toMoney(amount), currency: 'USD', time: toUtcMs(1) });
    expect([books.ledger.transfers.value, books.ledger.equity]).toEqual([46, 10_046]);
  });

  it('refuses what it cannot book, and books nothing of it', () => {
    const books = new Books();
    expect(() => books.fill('a', 1, 100, 1, { instrument: 'Y' })).toThrow('expected an instrument of the account');
    expect(() => books.fill('a', 1, 100, 1, { commissionCurrency: 'BNB' })).toThrow('expected a currency of the account');
    expect(() => books.settle(1, 1, { currency: 'CHF' })).toThrow('expected a currency of the account');
    expect([books.ledger.hasPosition, books.ledger.equity, books.ledger.commissions.value]).toEqual([false, 10_000, 0]);
  });
});
