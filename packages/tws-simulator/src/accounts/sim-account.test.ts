import { describe, expect, it } from 'vitest';
import { AAPL, DeskHarness } from '../../testing/desk-harness.js';
import { averageCostOf, bookFill, newPosition, unrealizedOf } from './sim-position.js';

describe('a position', () => {
  it('carries the commission in its average cost, and gives it back in the profit of a close', () => {
    const position = newPosition(1);
    expect(bookFill(position, 2, 5000, 5, 1.24)).toEqual({ gross: 0, realized: undefined });
    expect(averageCostOf(position)).toBeCloseTo(25_000.62, 9);
    const booked = bookFill(position, -1, 5010, 5, 0.62);
    expect(booked.gross).toBeCloseTo(50, 9);
    expect(booked.realized).toBeCloseTo(50 - 0.62 - 0.62, 9);
    expect(unrealizedOf(position, 5010, 5)).toBeCloseTo(50 - 0.62, 9);
  });

  it('turns: the old side closes, the new one opens at the price of the fill', () => {
    const position = newPosition(1);
    bookFill(position, 1, 100, 1, 1);
    const booked = bookFill(position, -3, 110, 1, 3);
    expect(booked.realized).toBeCloseTo(10 - 1 - 1, 9);
    expect(position.quantity).toBe(-2);
    expect(averageCostOf(position)).toBeCloseTo(109, 9);
    expect(unrealizedOf(position, 105, 1)).toBeCloseTo(8, 9);
  });
});

describe('an account', () => {
  it('pays stocks in full and futures not at all, and values both in its equity', () => {
    const venue = new DeskHarness({ cash: 100_000 });
    venue.price(200, {}, AAPL.conId);
    venue.price(5000);
    venue.place(1, { totalQuantity: 100 }, AAPL.conId);
    venue.place(2, { totalQuantity: 1 });
    expect(venue.account.values().cash).toBeCloseTo(100_000 - 20_000 - 1 - 0.62, 9);
    venue.price(210, {}, AAPL.conId);
    venue.price(5004);
    const values = venue.account.values();
    expect(values.securities).toBe(21_000);
    expect(values.futuresProfit).toBe(20);
    expect(values.equity).toBeCloseTo(100_000 + 1000 + 20 - 1.62, 9);
    expect(values.initialMargin).toBe(21_000 * 0.5 + 2400);
    expect(values.maintenanceMargin).toBe(21_000 * 0.25 + 2180);
    expect(values.buyingPower).toBeCloseTo((values.equity - values.initialMargin) * 4, 9);
  });

  it('counts the day’s profit from its start, of the account and of each position', () => {
    const venue = new DeskHarness();
    venue.price(5000);
    venue.place(1, {});
    venue.price(5010);
    venue.account.startDay();
    venue.price(5012);
    expect(venue.account.values().dailyProfit).toBeCloseTo(10, 9);
    expect(venue.account.dailyProfitOf(venue.account.position(1))).toBeCloseTo(10, 9);
    venue.place(2, { action: 'SELL' });
    expect(venue.account.values().realized).toBeCloseTo(60 - 1.24, 9);
  });

  it('follows a corrected execution: the price of what is open, the profit of what was closed', () => {
    const venue = new DeskHarness();
    venue.price(5000);
    venue.place(1, {});
    const execId = venue.executions[0]?.execId ?? '';
    venue.take();
    venue.desk.correct(execId, 5001);
    expect(venue.take()).toEqual(['fill 1 BOT 1 @ 5001', 'commission 0000e0d5.6a000001.01.02']);
    expect(averageCostOf(venue.account.position(1))).toBeCloseTo(25_005.62, 9);
    venue.place(2, { action: 'SELL' });
    venue.desk.correct(venue.executions.at(-1)?.execId ?? '', 5002);
    const profit = (5002 - 5001) * 5 - 1.24;
    expect(venue.executions.at(-1)?.realized).toBeCloseTo(profit, 9);
    expect(venue.account.values().equity).toBeCloseTo(100_000 + profit, 9);
  });
});
