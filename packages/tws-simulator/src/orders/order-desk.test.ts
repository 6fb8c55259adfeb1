import { describe, expect, it } from 'vitest';
import { DeskHarness } from '../../testing/desk-harness.js';

const MINUTE = 60_000;

describe('a single order', () => {
  it('fills a market order at the other side of the quote, at once', () => {
    const venue = new DeskHarness();
    venue.price(5000, { bid: 4999.75, ask: 5000.25 });
    venue.place(1, { action: 'BUY', totalQuantity: 2 });
    venue.place(2, { action: 'SELL' });
    expect(venue.executions.map((fill) => [fill.side, fill.quantity, fill.price])).toEqual([['BOT', 2, 5000.25], ['SLD', 1, 4999.75]]);
  });

  it('tells of a fill as the venue does: execution, order, status, commission', () => {
    const venue = new DeskHarness();
    venue.price(5000);
    venue.place(7, {});
    expect(venue.take()).toEqual([
      'order 7 PreSubmitted', 'status 7 PreSubmitted 0/1', 'order 7 Submitted', 'status 7 Submitted 0/1',
      'fill 7 BOT 1 @ 5000', 'order 7 Filled', 'status 7 Filled 1/1', 'commission 0000e0d5.6a000001.01.01',
    ]);
  });

  it('rests a limit order until the market comes to it, and gives the better price of the two', () => {
    const venue = new DeskHarness();
    venue.price(5000);
    venue.place(1, { orderType: 'LMT', lmtPrice: 4990 });
    venue.price(4990.25);
    expect(venue.executions).toEqual([]);
    venue.price(4985);
    expect(venue.executions[0]?.price).toBe(4985);
  });

  it('triggers a stop on the last price and trades at the market it finds, beyond the stop in a gap', () => {
    const venue = new DeskHarness();
    venue.price(5000);
    const stop = venue.place(1, { action: 'SELL', orderType: 'STP', auxPrice: 4990 });
    expect(stop?.status).toBe('PreSubmitted');
    expect(venue.desk.whyHeld(venue.order(1))).toBe('trigger');
    venue.price(4980);
    expect(venue.executions[0]).toMatchObject({ side: 'SLD', price: 4980 });
  });

  it('turns a triggered stop limit into a limit order that waits for its price', () => {
    const venue = new DeskHarness();
    venue.price(5000);
    venue.place(1, { action: 'SELL', orderType: 'STP LMT', auxPrice: 4990, lmtPrice: 4988 });
    venue.price(4980);
    expect(venue.order(1)).toMatchObject({ status: 'Submitted', filled: 0, triggered: true });
    venue.price(4989);
    expect(venue.executions[0]?.price).toBe(4989);
  });

  it.each([
    ['an amount', { auxPrice: 10 }, 5010],
    ['a percentage', { trailingPercent: 0.2 }, 5009.96],
  ])('trails a stop by %s behind the best price and never back', (_name, distance, stopPrice) => {
    const venue = new DeskHarness();
    venue.price(5000);
    venue.place(1, { action: 'SELL', orderType: 'TRAIL', ...distance });
    venue.price(5020);
    expect(venue.order(1).stopPrice).toBeCloseTo(stopPrice, 9);
    venue.price(5015);
    expect(venue.order(1).stopPrice).toBeCloseTo(stopPrice, 9);
    venue.price(5009);
    expect(venue.executions[0]?.price).toBe(5009);
  });

  it('limits a trailing stop limit by its offset from the stop', () => {
    const venue = new DeskHarness();
    venue.price(5000);
    venue.place(1, { action: 'SELL', orderType: 'TRAIL LIMIT', auxPrice: 10, trailStopPrice: 4990, lmtPriceOffset: 2 });
    venue.price(4980);
    expect(venue.order(1)).toMatchObject({ triggered: true, filled: 0 });
    venue.price(4988);
    expect(venue.executions[0]?.price).toBe(4988);
  });

  it('buys a market-if-touched order when the price falls to it', () => {
    const venue = new DeskHarness();
    venue.price(5000);
    venue.place(1, { orderType: 'MIT', auxPrice: 4990 });
    venue.price(4995);
    expect(venue.executions).toEqual([]);
    venue.price(4990);
    expect(venue.executions[0]?.price).toBe(4990);
  });

  it('fills in parts when the quote is thin, and keeps the average', () => {
    const venue = new DeskHarness();
    venue.place(1, { totalQuantity: 5 });
    venue.price(5000, { size: 2 });
    expect(venue.order(1)).toMatchObject({ status: 'Submitted', filled: 2 });
    venue.price(5001, { size: 10 });
    expect(venue.order(1)).toMatchObject({ status: 'Filled', filled: 5 });
    expect(venue.executions[1]).toMatchObject({ quantity: 3, cumulativeQuantity: 5, averagePrice: 5000.6 });
  });

  it('trades what it can of an immediate order and ends the rest; fill-or-kill trades nothing of it', () => {
    const venue = new DeskHarness();
    venue.price(5000, { size: 2 });
    venue.place(1, { totalQuantity: 5, tif: 'IOC' });
    venue.place(2, { totalQuantity: 5, tif: 'FOK' });
    expect(venue.order(1)).toMatchObject({ status: 'Cancelled', filled: 2 });
    expect(venue.order(2)).toMatchObject({ status: 'Cancelled', filled: 0 });
  });

  it('starts at goodAfterTime and ends at goodTillDate', () => {
    const venue = new DeskHarness();
    venue.price(5000);
    venue.place(1, { goodAfterTime: '20261120-15:10:00' });
    venue.place(2, { orderType: 'LMT', lmtPrice: 4000, tif: 'GTD', goodTillDate: '20261120 09:20:00 US/Central' });
    expect(venue.desk.nextTimeMs()).toBe(Date.UTC(2026, 10, 20, 15, 10));
    venue.price(5001);
    expect(venue.executions).toEqual([]);
    venue.advance(10 * MINUTE);
    expect(venue.executions[0]).toMatchObject({ orderId: 1, price: 5001 });
    venue.advance(10 * MINUTE);
    expect(venue.order(2).status).toBe('Cancelled');
  });
});

describe('a session', () => {
  const opensMs = Date.UTC(2026, 10, 20, 16);
  const closesMs = Date.UTC(2026, 10, 20, 21);
  const hours = {
    isOpen: (timeMs: number) => timeMs >= opensMs && timeMs < closesMs + 60 * MINUTE,
    isRegular: (timeMs: number) => timeMs >= opensMs && timeMs < closesMs,
    nextOpenMs: () => opensMs,
    nextRegularOpenMs: () => opensMs,
    dayEndMs: () => closesMs + 60 * MINUTE,
    regularCloseMs: () => closesMs,
  };

  it('holds an order that comes before the open and warns with the time of the open', () => {
    const venue = new DeskHarness({ hours });
    venue.price(5000);
    venue.place(1, {});
    expect(venue.take().at(-1)).toBe('error 1 399 Order Message:\nBUY 1 MESZ6 CME\nWarning: your order will not be placed at the exchange until 2026-11-20 10:00:00 US/Central');
    venue.advance(61 * MINUTE);
    expect(venue.executions).toEqual([]);
    venue.price(5005);
    expect(venue.executions[0]?.price).toBe(5005);
  });

  it('ends day orders with their hours, keeps good-till-cancelled ones, and trades orders for the close in the closing print', () => {
    const venue = new DeskHarness({ hours });
    venue.advance(65 * MINUTE);
    venue.price(5000);
    venue.place(1, { orderType: 'LMT', lmtPrice: 4000 });
    venue.place(2, { orderType: 'LMT', lmtPrice: 4000, tif: 'GTC' });
    venue.place(3, { orderType: 'MOC' });
    venue.price(5007);
    expect(venue.executions).toEqual([]);
    venue.place(4, { orderType: 'LMT', lmtPrice: 4000, outsideRth: 1 });
    venue.advance(closesMs - venue.nowMs);
    expect(venue.executions.map((fill) => [fill.orderId, fill.price])).toEqual([[3, 5007]]);
    expect([1, 2, 4].map((id) => venue.order(id).status)).toEqual(['Cancelled', 'Submitted', 'Submitted']);
    venue.advance(60 * MINUTE);
    expect([venue.order(2).status, venue.order(4).status]).toEqual(['Submitted', 'Cancelled']);
  });

  it('lets stops trigger outside the regular hours only when they ask for it', () => {
    const venue = new DeskHarness({ hours });
    venue.advance(65 * MINUTE);
    venue.price(5000);
    venue.place(1, { action: 'SELL', orderType: 'STP', auxPrice: 4990 });
    venue.place(2, { action: 'SELL', orderType: 'STP', auxPrice: 4990, outsideRth: 1 });
    venue.advance(closesMs - venue.nowMs + MINUTE);
    venue.price(4980);
    expect(venue.executions.map((fill) => fill.orderId)).toEqual([2]);
  });
});

it('a future’s market order that asks for all hours is told that this goes without saying', () => {
  const venue = new DeskHarness();
  venue.price(5000);
  venue.place(1, { outsideRth: 1 });
  venue.place(2, {});
  expect(venue.take().filter((line) => line.startsWith('error')).map((line) => line.slice(0, 12))).toEqual(['error 1 2109']);
  expect(venue.executions).toHaveLength(2);
});

describe('cancel and change', () => {
  it('says 10147 of an order it does not know and 10148 of one that is done', () => {
    const venue = new DeskHarness();
    venue.price(5000);
    venue.place(1, {});
    venue.take();
    venue.desk.cancel(1, 99);
    venue.desk.cancel(1, 1);
    expect(venue.take()).toEqual([
      'error 99 10147 OrderId 99 that needs to be cancelled is not found.',
      'error 1 10148 OrderId 1 that needs to be cancelled can not be cancelled, state: Filled.',
    ]);
  });

  it('cannot cancel an order of another client', () => {
    const venue = new DeskHarness();
    venue.place(1, { orderType: 'LMT', lmtPrice: 4000 });
    venue.desk.cancel(2, 1);
    expect(venue.take().at(-1)).toContain('10147');
    expect(venue.order(1).doneMs).toBeUndefined();
  });

  it('fills an order whose cancel is on its way, and then cannot cancel it', () => {
    const venue = new DeskHarness();
    venue.desk.settings.cancelDelayMs = 100;
    venue.price(5000);
    venue.place(1, { orderType: 'LMT', lmtPrice: 4990 });
    venue.desk.cancel(1, 1);
    expect(venue.order(1).status).toBe('PendingCancel');
    venue.price(4989);
    venue.advance(100);
    expect(venue.order(1)).toMatchObject({ status: 'Filled', filled: 1 });
    expect(venue.take().at(-1)).toContain('10148');
  });

  it('changes price and size of a resting order, and refuses what is not a change of it', () => {
    const venue = new DeskHarness();
    venue.price(5000);
    venue.place(1, { orderType: 'LMT', lmtPrice: 4990 });
    venue.place(1, { orderType: 'LMT', lmtPrice: 4995, totalQuantity: 2 });
    expect(venue.order(1)).toMatchObject({ quantity: 2, terms: { limitPrice: 4995 } });
    venue.take();
    venue.place(1, { orderType: 'LMT', lmtPrice: 4995, action: 'SELL' });
    expect(venue.take()).toEqual(['error 1 105 Order being modified does not match original order']);
    venue.price(4995);
    venue.take();
    venue.place(1, { orderType: 'LMT', lmtPrice: 4996 });
    expect(venue.take()).toEqual(["error 1 104 Can't modify a filled order."]);
    venue.place(2, { orderType: 'LMT', lmtPrice: 4000 });
    venue.desk.cancel(1, 2);
    venue.take();
    venue.place(2, { orderType: 'LMT', lmtPrice: 4000 });
    expect(venue.take()).toEqual(['error 2 103 Duplicate order id']);
  });
});

describe('a refused order', () => {
  it.each([
    ['a price between ticks', { orderType: 'LMT', lmtPrice: 4990.1 }, 110],
    ['no size', { totalQuantity: 0 }, 434],
    ['part of a contract', { totalQuantity: 0.5 }, 10318],
    ['an unknown type', { orderType: 'PEG MID' }, 387],
    ['no limit price', { orderType: 'LMT' }, 463],
    ['an unknown time in force', { tif: 'XYZ' }, 10052],
    ['an unreadable time', { goodAfterTime: 'tomorrow' }, 391],
    ['a parent that is not there', { parentId: 50 }, 10006],
    ['an unknown account', { account: 'U9' }, 321],
    ['an order for the close that is good till cancelled', { orderType: 'MOC', tif: 'GTC' }, 113],
  ])('gets the venue’s code for %s and leaves no order', (_name, fields, code) => {
    const venue = new DeskHarness();
    venue.price(5000);
    expect(venue.place(1, fields)).toBeUndefined();
    expect(venue.take().map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([`error 1 ${code}`]);
  });

  it('is refused by the account’s margin with its equity and what it would need', () => {
    const venue = new DeskHarness({ cash: 5000 });
    venue.price(5000);
    venue.place(1, { totalQuantity: 3 });
    expect(venue.order(1).status).toBe('Inactive');
    expect(venue.take().at(-1)).toBe(
      'error 1 201 Order rejected - reason:YOUR ORDER IS NOT ACCEPTED. IN ORDER TO OBTAIN THE DESIRED POSITION YOUR EQUITY WITH LOAN VALUE [5000.00 USD] MUST EXCEED THE INITIAL MARGIN [7200.00 USD]',
    );
  });

  it('counts resting orders of the same side against the margin, and lets a position close', () => {
    const venue = new DeskHarness({ cash: 5000 });
    venue.price(5000);
    venue.place(1, { totalQuantity: 2 });
    venue.place(2, { orderType: 'LMT', lmtPrice: 4000 });
    expect(venue.order(2).status).toBe('Inactive');
    venue.place(3, { action: 'SELL', totalQuantity: 2 });
    expect(venue.order(3).status).toBe('Filled');
  });

  it('says so when the gateway is read-only', () => {
    const venue = new DeskHarness();
    venue.desk.settings.readOnly = true;
    venue.place(1, {});
    expect(venue.take()[0]).toContain('321 Error validating request.');
    expect(venue.take().join('')).not.toContain('order 1');
  });
});

describe('what an order would cost', () => {
  it('is told without placing anything', () => {
    const venue = new DeskHarness();
    venue.price(5000);
    expect(venue.place(1, { totalQuantity: 2, whatIf: 1 })).toBeUndefined();
    expect(venue.impacts).toEqual([
      { impact: { initialBefore: 0, maintenanceBefore: 0, equityBefore: 100_000, initialAfter: 4800, maintenanceAfter: 4360, equityAfter: 99_998.76 }, commission: 1.24 },
    ]);
    expect(venue.take()).toEqual([]);
    expect(venue.desk.store.open()).toEqual([]);
  });
});
