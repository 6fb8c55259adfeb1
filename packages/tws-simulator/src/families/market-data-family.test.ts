import type { Contract } from '@stoqey/ib';
import { describe, expect, it } from 'vitest';
import { IbClient, type EventArgs } from '../../testing/ib-client.js';
import { RawClient } from '../../testing/raw-client.js';
import { startSimulator } from '../../testing/start-simulator.js';

const MES = { symbol: 'MES', secType: 'FUT', exchange: 'CME', lastTradeDateOrContractMonth: '202606' } as Contract;
const AAPL = { symbol: 'AAPL', secType: 'STK', exchange: 'SMART', currency: 'USD' } as Contract;

async function start(scenario = {}) {
  const { simulator, port } = await startSimulator({ pacing: { enabled: false }, ...scenario });
  const client = await IbClient.ready(port);
  /** Waits until everything that was sent before has come. */
  const settle = async (): Promise<void> => {
    client.api.reqCurrentTime();
    await client.next('currentTime');
  };
  return { simulator, port, client, settle };
}

/** Prices of one kind of tick, in order. */
const pricesOf = (events: readonly EventArgs[], kind: number): unknown[] => events.filter((args) => args[1] === kind).map((args) => args[2]);

describe('market data', () => {
  it('begins with the whole quote, live', async () => {
    const { client, settle, simulator } = await start();
    client.api.reqMktData(1, MES, '', false, false);
    await settle();
    const quote = simulator.run('quote', { symbol: 'MESM6' }) as Record<string, number>;
    expect(client.take('marketDataType')).toEqual([[1, 1]]);
    const prices = client.take('tickPrice');
    expect([1, 2, 4, 6, 7, 9, 14].map((kind) => pricesOf(prices, kind))).toEqual([[quote['bid']], [quote['ask']], [quote['last']], [quote['high']], [quote['low']], [quote['close']], [quote['open']]]);
    expect(pricesOf(client.take('tickSize'), 8)).toEqual([quote['volume']]);
    expect(client.take('tickString')).toEqual([[1, 45, '1777905000']]);
    expect(client.take('tickGeneric')).toEqual([[1, 49, 0]]);
  });

  it('tells how many contracts are open in a future, where that is asked for: they go over to the next one before it ends', async () => {
    const { client, settle, simulator } = await start({ clock: { kind: 'stepped', start: '2026-06-04T14:30:00Z' } });
    const open = async (month: string): Promise<number> => {
      client.api.reqMktData(1, { ...MES, lastTradeDateOrContractMonth: month }, '233,588', false, false);
      await settle();
      client.api.cancelMktData(1);
      await settle(); // a market that nobody watches passes quickly
      return client.take('tickSize').find(([, kind]) => kind === 86)?.[2] as number;
    };
    expect(await open('202606')).toBeGreaterThan(2 * (await open('202609')));
    simulator.advance(7 * 86_400_000);
    expect(await open('202609')).toBeGreaterThan(2 * (await open('202606')));
    client.api.reqMktData(2, MES, '', false, false);
    client.api.reqMktData(3, AAPL, '588', false, false);
    await settle();
    expect(client.take('tickSize').filter(([, kind]) => kind === 86)).toEqual([]);
  });

  it('tells the smallest step of the price, whole', async () => {
    const { port } = await startSimulator();
    const client = await RawClient.ready(port);
    client.send(1, 11, 4, 0, 'MES', 'FUT', '202606', '0.0', '', '', 'CME', '', 'USD', '', '', 0, '', 0, 0, '');
    expect(await client.next()).toEqual(['81', '4', '0.25', '', '0']);
  });

  it('goes on with every change, and ends with the subscription', async () => {
    const { client, settle, simulator } = await start();
    client.api.reqMktData(1, MES, '233', false, false);
    await settle();
    for (const name of ['tickPrice', 'tickSize', 'tickString']) client.take(name);
    simulator.run('setPrice', { symbol: 'MES', bid: 5000, ask: 5000.25, last: 5000.25, size: 3 });
    simulator.run('setPrice', { symbol: 'MES', bid: 5000, ask: 5000.5 });
    await settle();
    const prices = client.take('tickPrice');
    expect([pricesOf(prices, 1), pricesOf(prices, 2), pricesOf(prices, 4)]).toEqual([[5000], [5000.25, 5000.5], [5000.25]]);
    expect(client.take('tickString').find(([, kind]) => kind === 48)?.[2]).toMatch(/^5000\.25;3;1777905000000;\d+;[\d.]+;true$/);
    client.api.cancelMktData(1);
    await settle();
    simulator.run('setPrice', { symbol: 'MES', last: 4000 });
    await settle();
    expect(client.take('tickPrice')).toEqual([]);
    client.api.cancelMktData(1);
    expect((await client.next('error'))[1]).toBe(300);
  });

  it('follows the clock as often as the scenario says, the same on every run', async () => {
    const runs = await Promise.all([1, 2].map(async () => {
      const { client, settle, simulator } = await start({ market: { ticksPerSecond: 10 } });
      client.api.reqMktData(1, MES, '', false, false);
      await settle();
      client.take('tickSize');
      simulator.advance(60_000);
      await settle();
      return client.take('tickSize').filter(([, kind]) => kind === 8).map(([, , size]) => size);
    }));
    expect(runs[0]).toHaveLength(600);
    expect(runs[0]).toEqual(runs[1]);
  });

  it('comes of the lead contract also after the history of its continuous future', async () => {
    const { client, settle, simulator } = await start();
    client.api.reqHistoricalData(9, { symbol: 'MES', secType: 'CONTFUT', exchange: 'CME' } as Contract, '', '60 S', '1 min' as never, 'TRADES' as never, 0, 2, false);
    await client.next('historicalData');
    client.api.reqMktData(1, MES, '', false, false);
    await settle();
    client.take('tickPrice');
    simulator.run('setPrice', { symbol: 'MES', last: 5000 });
    await settle();
    expect(pricesOf(client.take('tickPrice'), 4)).toEqual([5000]);
  });

  it('stands still while the exchange is closed', async () => {
    const { client, settle, simulator } = await start({ clock: { kind: 'stepped', start: '2026-05-09T15:00:00Z' } });
    client.api.reqMktData(1, MES, '', false, false);
    await settle();
    expect(pricesOf(client.take('tickPrice'), 4)).toHaveLength(1);
    simulator.advance(3_600_000);
    await settle();
    expect(client.take('tickPrice')).toEqual([]);
  });

  it('of a snapshot ends by itself', async () => {
    const { client, settle, simulator } = await start();
    client.api.reqMktData(1, AAPL, '', true, false);
    expect(await client.next('tickSnapshotEnd')).toEqual([1]);
    client.take('tickPrice');
    simulator.advance(1000);
    await settle();
    expect(client.take('tickPrice')).toEqual([]);
    client.api.reqMktData(2, AAPL, '233', true, false);
    expect((await client.next('error'))[1]).toBe(321);
  });

  it('without permission is refused, or delayed when the client wants it, under numbers of its own', async () => {
    const { client, settle, simulator } = await start({ market: { permissions: [{ symbol: 'MES', data: 'delayed' }, { symbol: 'AAPL', data: 'none' }, { symbol: 'SPY', data: 'partial' }] } });
    client.api.reqMktData(1, MES, '', false, false);
    expect(await client.next('error')).toEqual([expect.objectContaining({ message: expect.stringContaining('Delayed market data is available') }), 10089, 1, undefined]);
    client.api.reqMktData(2, AAPL, '', false, false);
    expect((await client.next('error'))[1]).toBe(354);
    client.api.reqMktData(3, { ...AAPL, symbol: 'SPY' }, '', false, false);
    expect((await client.next('error'))[1]).toBe(10090);
    await settle();
    const partial = client.take('tickPrice');
    expect([pricesOf(partial, 1), pricesOf(partial, 4).length]).toEqual([[], 1]);
    client.api.reqMarketDataType(3);
    client.api.reqMktData(4, MES, '', false, false);
    expect((await client.next('error'))[1]).toBe(10167);
    await settle();
    expect(client.take('marketDataType')).toContainEqual([4, 3]);
    const [late] = pricesOf(client.take('tickPrice').filter(([id]) => id === 4), 68);
    // what trades now is told a quarter of an hour later
    const live = (simulator.run('quote', { symbol: 'MES' }) as { last: number }).last;
    simulator.advance(15 * 60_000);
    await settle();
    expect(pricesOf(client.take('tickPrice'), 68)).toContain(live);
    expect(late).not.toBe(live);
  });

  it('has a limit of lines, and one request for each id', async () => {
    const { client } = await start({ market: { lines: 2 } });
    client.api.reqMktData(1, MES, '', false, false);
    client.api.reqMktData(1, AAPL, '', false, false);
    expect((await client.next('error'))[1]).toBe(322);
    client.api.reqMktData(2, AAPL, '', false, false);
    client.api.reqMktData(3, { ...AAPL, symbol: 'IBM' }, '', false, false);
    expect((await client.next('error'))[1]).toBe(101);
    client.api.cancelMktData(2);
    client.api.reqMktData(4, { ...AAPL, symbol: 'IBM' }, '', false, false);
    await client.next('tickPrice', ([id]) => id === 4);
  });
});

describe('tick by tick', () => {
  it('gives trades, quotes and midpoints', async () => {
    const { client, settle, simulator } = await start();
    for (const [index, kind] of ['Last', 'AllLast', 'BidAsk', 'MidPoint'].entries()) client.api.reqTickByTickData(index + 1, MES, kind as never, 0, false);
    await settle();
    for (const name of ['tickByTickBidAsk', 'tickByTickMidPoint']) client.take(name);
    simulator.run('setPrice', { symbol: 'MES', bid: 5000, ask: 5000.5, last: 5000.5, size: 2, bidSize: 7, askSize: 9 });
    await settle();
    expect(client.take('tickByTickAllLast').map((args) => [...args.slice(0, 5), args[6]])).toEqual([[1, 1, '1777905000', 5000.5, 2, 'CME'], [2, 2, '1777905000', 5000.5, 2, 'CME']]);
    expect(client.take('tickByTickBidAsk').map((args) => args.slice(0, 6))).toEqual([[3, '1777905000', 5000, 5000.5, 7, 9]]);
    expect(client.take('tickByTickMidPoint')).toEqual([[4, '1777905000', 5000.25]]);
    for (const id of [1, 2, 3, 4]) client.api.cancelTickByTickData(id);
    simulator.run('setPrice', { symbol: 'MES', last: 5001 });
    client.api.cancelTickByTickData(1);
    expect((await client.next('error'))[1]).toBe(300);
  });

  it('leaves out changes of size alone when asked, and begins with past ticks when asked', async () => {
    const { client, settle, simulator } = await start();
    client.api.reqTickByTickData(1, MES, 'BidAsk' as never, 3, true);
    await settle();
    expect(client.take('historicalTicksBidAsk')[0]?.[1]).toHaveLength(3);
    client.take('tickByTickBidAsk');
    simulator.run('setPrice', { symbol: 'MES', bid: 5000, ask: 5000.25, bidSize: 1 });
    simulator.run('setPrice', { symbol: 'MES', bid: 5000, ask: 5000.25, bidSize: 2 });
    await settle();
    expect(client.take('tickByTickBidAsk')).toHaveLength(1);
  });

  it('is limited in number and in kind', async () => {
    const { client } = await start();
    for (let id = 1; id <= 6; id += 1) client.api.reqTickByTickData(id, MES, 'Last' as never, 0, false);
    expect((await client.next('error')).slice(1, 3)).toEqual([10190, 6]);
    client.api.reqTickByTickData(7, MES, 'Some' as never, 0, false);
    expect((await client.next('error')).slice(1, 3)).toEqual([321, 7]);
  });
});

describe('past ticks and volume by price', () => {
  it('gives as many ticks as wanted, from a time on or up to a time', async () => {
    const { client } = await start();
    client.api.reqHistoricalTicks(1, MES, '20260504-14:00:00', '', 10, 'TRADES' as never, 0, false);
    const [, after, done] = await client.next('historicalTicksLast') as [number, { time: number }[], boolean];
    expect([after.length, after[0]?.time, done]).toEqual([10, Date.parse('2026-05-04T14:00:00Z') / 1000, true]);
    client.api.reqHistoricalTicks(2, MES, '', '20260504-14:00:00', 10, 'BID_ASK' as never, 0, false);
    const [, before] = await client.next('historicalTicksBidAsk') as [number, { time: number; priceBid: number; priceAsk: number }[]];
    expect([before.length, before.at(-1)?.time]).toEqual([10, Date.parse('2026-05-04T13:59:59Z') / 1000]);
    expect(before.every(({ priceBid, priceAsk }) => priceAsk - priceBid === 0.25)).toBe(true);
    client.api.reqHistoricalTicks(3, MES, '20260504-14:00:00', '20260504-14:00:00', 10, 'TRADES' as never, 0, false);
    expect((await client.next('error'))[1]).toBe(321);
  });

  it('adds up the volume of a day by price', async () => {
    const { client, simulator } = await start();
    client.api.reqHistogramData(1, MES, false, 1, 'day' as never);
    const [, rows] = await client.next('histogramData') as [number, { price: number; size: number }[]];
    const { volume } = simulator.run('quote', { symbol: 'MES' }) as { volume: number };
    const sum = rows.reduce((total, { size }) => total + size, 0);
    expect(Math.abs(sum - volume)).toBeLessThan(volume * 0.01);
  });
});

describe('market depth', () => {
  it('inserts rows, then updates them as the market moves', async () => {
    const { client, settle, simulator } = await start();
    client.api.reqMktDepth(1, MES, 5, false);
    await settle();
    const inserted = client.take('updateMktDepth');
    expect(inserted).toHaveLength(10);
    const { bid, ask } = simulator.run('quote', { symbol: 'MES' }) as { bid: number; ask: number };
    for (const [, position, operation, side, price, size] of inserted as [number, number, number, number, number, number][]) {
      expect([operation, price]).toEqual([0, side === 1 ? bid - position * 0.25 : ask + position * 0.25]);
      expect(size).toBeGreaterThan(0);
    }
    simulator.run('setPrice', { symbol: 'MES', bid: bid - 1, ask: ask - 1 });
    await settle();
    expect(client.take('updateMktDepth').filter(([, , , side]) => side === 1).map(([, position, operation, , price]) => [position, operation, price])).toEqual([0, 1, 2, 3, 4].map((row) => [row, 1, bid - 1 - row * 0.25]));
    client.api.cancelMktDepth(1, false);
    client.api.cancelMktDepth(1, false);
    expect((await client.next('error'))[1]).toBe(310);
  });

  it('names the makers of a stock, and needs smart depth on SMART', async () => {
    const { client } = await start();
    client.api.reqMktDepth(1, AAPL, 3, true);
    expect((await client.next('updateMktDepthL2'))[2]).toBe('NSDQ');
    client.api.reqMktDepth(2, AAPL, 3, false);
    expect((await client.next('error'))[1]).toBe(10092);
    client.api.reqMktDepth(3, MES, 3, false);
    client.api.reqMktDepth(4, MES, 3, false);
    client.api.reqMktDepth(5, MES, 3, false);
    expect((await client.next('error')).slice(1, 3)).toEqual([309, 5]);
  });
});

it('the market of a stock whose steps change with the price lies on the steps that hold there', async () => {
  const { simulator } = await startSimulator({ market: { stocks: [{ symbol: 'KEEL', primaryExchange: 'NYSE', price: 12, marketRule: 557 }] } });
  for (let turn = 0; turn < 20; turn += 1) {
    simulator.advance(5_000);
    const { bid, ask, last } = simulator.run('quote', { symbol: 'KEEL' }) as Readonly<Record<'bid' | 'ask' | 'last', number>>;
    for (const price of [bid, ask, last]) expect(Math.round(price * 100) / 100).toBe(price);
  }
});
