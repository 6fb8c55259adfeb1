import { BarSizeSetting, type Contract, type WhatToShow } from '@stoqey/ib';
import { describe, expect, it } from 'vitest';
import { IbClient } from '../../testing/ib-client.js';
import { startSimulator } from '../../testing/start-simulator.js';

const MES = { symbol: 'MES', secType: 'FUT', exchange: 'CME', lastTradeDateOrContractMonth: '202606' } as Contract;
const EURUSD = { symbol: 'EUR', secType: 'CASH', exchange: 'IDEALPRO', currency: 'USD' } as Contract;
const AAPL = { symbol: 'AAPL', secType: 'STK', exchange: 'SMART', currency: 'USD' } as Contract;

interface Asked {
  readonly contract?: Contract;
  readonly end?: string;
  readonly duration?: string;
  readonly size?: string;
  readonly show?: string;
  readonly rth?: number;
  readonly format?: number;
  readonly keep?: boolean;
}

interface Bar { readonly date: string; readonly open: number; readonly high: number; readonly low: number; readonly close: number; readonly volume: number; readonly count: number; readonly average: number }

let requests = 100;

function ask(client: IbClient, { contract = MES, end = '', duration = '1 D', size = '5 mins', show = 'TRADES', rth = 0, format = 1, keep = false }: Asked = {}): number {
  requests += 1;
  client.api.reqHistoricalData(requests, contract, end, duration, size as BarSizeSetting, show as never as typeof WhatToShow.TRADES, rth, format, keep);
  return requests;
}

/** Bars of an answer; the client ends them with one dated `finished-…`. */
async function barsOf(client: IbClient, asked: Asked = {}): Promise<Bar[]> {
  const id = ask(client, asked);
  await client.next('historicalData', (args) => args[0] === id && String(args[1]).startsWith('finished'));
  return client.take('historicalData').map(([, date, open, high, low, close, volume, count, average]) => ({ date, open, high, low, close, volume, count, average }) as Bar);
}

async function errorOf(client: IbClient, asked: Asked): Promise<readonly [code: unknown, text: string]> {
  const id = ask(client, asked);
  const [error, code] = await client.next('error', (args) => args[2] === id);
  return [code, (error as Error).message];
}

/** Without pacing, so that tests can ask often. */
const start = async (scenario = {}) => {
  const { simulator, port } = await startSimulator({ pacing: { enabled: false }, ...scenario });
  return { simulator, port, client: await IbClient.ready(port) };
};

describe('historical bars', () => {
  it('cover the present session from its start to now, dated in the zone of the exchange', async () => {
    const { client } = await start();
    const bars = await barsOf(client);
    expect(bars[0]?.date).toBe('20260503 17:00:00 US/Central');
    expect(bars.at(-1)?.date).toBe('20260504 09:25:00 US/Central');
    expect(bars).toHaveLength((16.5 * 60) / 5);
    for (const { open, high, low, close, volume, count } of bars) {
      expect(high).toBeGreaterThanOrEqual(Math.max(open, close));
      expect(low).toBeLessThanOrEqual(Math.min(open, close));
      expect((open * 4) % 1).toBe(0);
      expect(volume).toBeGreaterThan(0);
      expect(count).toBeGreaterThan(0);
    }
  });

  it('are dated in seconds since 1970 with date format 2, and days always by date', async () => {
    const { client } = await start();
    expect((await barsOf(client, { format: 2, duration: '300 S' })).map(({ date }) => date)).toEqual([String(Date.parse('2026-05-04T14:25:00Z') / 1000)]);
    for (const format of [1, 2]) expect((await barsOf(client, { format, size: '1 day', duration: '3 D' })).map(({ date }) => date)).toEqual(['20260430', '20260501', '20260504']);
  });

  it.each([
    ['1 secs', '60 S', 60], ['5 secs', '3600 S', 720], ['10 secs', '3600 S', 360], ['15 secs', '3600 S', 240], ['30 secs', '3600 S', 120], ['1 min', '3600 S', 60], ['2 mins', '3600 S', 30], ['3 mins', '3600 S', 20],
    ['5 mins', '3600 S', 12], ['10 mins', '3600 S', 6], ['15 mins', '3600 S', 4], ['20 mins', '3600 S', 4], ['30 mins', '3600 S', 2], ['1 hour', '1 D', 17], ['2 hours', '1 D', 9], ['3 hours', '1 D', 7], ['4 hours', '1 D', 5], ['8 hours', '1 D', 3],
    ['1 day', '1 W', 5], ['1 week', '1 M', 5], ['1 month', '1 M', 2],
  ])('have the size %s', async (size, duration, count) => {
    const { client } = await start();
    expect(await barsOf(client, { size, duration })).toHaveLength(count);
  });

  it('are the same at every size: small ones put together are the large ones', async () => {
    const { client } = await start();
    const minutes = await barsOf(client, { size: '1 min' });
    const [day] = await barsOf(client, { size: '1 day' });
    expect(day).toMatchObject({
      open: minutes[0]?.open, close: minutes.at(-1)?.close, high: Math.max(...minutes.map(({ high }) => high)), low: Math.min(...minutes.map(({ low }) => low)),
      volume: minutes.reduce((sum, { volume }) => sum + volume, 0),
    });
  });

  it('keep to regular hours when asked', async () => {
    const { client } = await start();
    expect((await barsOf(client, { contract: AAPL, rth: 1, size: '1 hour', end: '20260501 20:00:00 US/Eastern' })).map(({ date }) => date.slice(9, 14))).toEqual(['09:30', '10:00', '11:00', '12:00', '13:00', '14:00', '15:00']);
    expect((await barsOf(client, { contract: AAPL, rth: 0, size: '1 hour', end: '20260501-23:59:00' }))[0]?.date).toBe('20260501 04:00:00 US/Eastern');
  });

  it('are of quotes when asked: the bid below the ask, the midpoint between', async () => {
    const { client } = await start();
    const one = async (show: string): Promise<Bar> => (await barsOf(client, { show, duration: '60 S', size: '1 min' }))[0] as Bar;
    const [bid, ask1, mid, both] = [await one('BID'), await one('ASK'), await one('MIDPOINT'), await one('BID_ASK')];
    expect([ask1.open - bid.open, ask1.close - bid.close, mid.open - bid.open]).toEqual([0.25, 0.25, 0.125]);
    expect(both).toMatchObject({ high: ask1.high, low: bid.low });
    expect(both.close - both.open).toBeCloseTo(0.25, 6);
    expect([bid.volume, mid.count]).toEqual([-1, -1]);
    expect((await barsOf(client, { contract: EURUSD, show: 'MIDPOINT', duration: '60 S', size: '1 min' }))[0]?.open).toBeGreaterThan(1);
  });

  it('say what cannot be asked', async () => {
    const { client } = await start();
    expect(await errorOf(client, { size: '7 mins' })).toEqual([321, expect.stringContaining('Legal ones are: 1 secs, 5 secs')]);
    expect(await errorOf(client, { duration: '3 X' })).toEqual([321, expect.stringContaining('duration')]);
    expect(await errorOf(client, { duration: '400 D' })).toEqual([321, expect.stringContaining('must be made in years')]);
    expect((await errorOf(client, { end: 'tomorrow' }))[0]).toBe(10314);
    expect((await errorOf(client, { show: 'FEELINGS' }))[0]).toBe(321);
    expect((await errorOf(client, { end: '20260501-20:00:00', keep: true }))[0]).toBe(321);
    expect((await errorOf(client, { contract: { symbol: 'MES', secType: 'CONTFUT', exchange: 'CME' } as Contract, end: '20260501-20:00:00' }))[0]).toBe(321);
    expect(await errorOf(client, { contract: { symbol: 'MES', secType: 'FUT', exchange: 'CME' } as Contract })).toEqual([200, expect.stringContaining('ambiguous')]);
    expect(await errorOf(client, { contract: EURUSD })).toEqual([162, expect.stringContaining('No historical market data for EUR/CASH')]);
    expect(await errorOf(client, { end: '20200101-00:00:00' })).toEqual([162, 'Historical Market Data Service error message:HMDS query returned no data: MESM6@CME Trades']);
  });

  it('of a contract without permission are refused', async () => {
    const { client } = await start({ market: { permissions: [{ exchange: 'CME', data: 'delayed' }] } });
    expect(await errorOf(client, {})).toEqual([162, expect.stringContaining('No market data permissions for CME FUT')]);
  });

  it('come of a continuous and of an expired future', async () => {
    const { client } = await start();
    expect((await barsOf(client, { contract: { symbol: 'MES', secType: 'CONTFUT', exchange: 'CME' } as Contract, size: '1 day', duration: '1 W' })).length).toBe(5);
    const expired = await barsOf(client, { contract: { ...MES, lastTradeDateOrContractMonth: '202603', includeExpired: true }, size: '1 day', duration: '2 D', end: '20260319-21:00:00' });
    expect(expired.map(({ date }) => date)).toEqual(['20260318', '20260319']);
  });

  it('that are kept up to date repeat the open bar and begin the next', async () => {
    const { client, simulator } = await start();
    const id = ask(client, { keep: true, size: '1 min', duration: '120 S' });
    await client.next('historicalData', (args) => String(args[1]).startsWith('finished'));
    simulator.advance(70_000);
    await client.next('historicalDataUpdate', (args) => String(args[1]).includes('09:31:00') && args[0] === id);
    const updates = client.take('historicalDataUpdate').map(([, date, open, high, low, close, volume]) => ({ date, open, high, low, close, volume }) as Bar);
    expect(updates).toHaveLength(13);
    expect(new Set(updates.slice(0, 12).map(({ date }) => date))).toEqual(new Set(['20260504 09:30:00 US/Central']));
    simulator.advance(50_000);
    const [whole] = (await barsOf(client, { size: '1 min', duration: '120 S' })).filter(({ date }) => date.includes('09:30:00'));
    expect(updates[11]).toMatchObject({ open: whole?.open, high: whole?.high, low: whole?.low, close: whole?.close, volume: whole?.volume });
    client.api.cancelHistoricalData(id);
    expect((await client.next('error', ([, code]) => code === 162))[0]).toMatchObject({ message: `Historical Market Data Service error message:API historical data query cancelled: ${id}` });
    client.api.cancelHistoricalData(id);
    expect((await client.next('error', ([, code]) => code === 366))[0]).toMatchObject({ message: `No historical data query found for ticker id:${id}` });
  });

  it('of months are made while others are answered, and can be called off meanwhile', async () => {
    const { port } = await startSimulator();
    const [client, other] = [await IbClient.ready(port), await IbClient.ready(port, 2)];
    const long = { contract: AAPL, duration: '3 M', size: '1 day', rth: 1 };
    ask(client, long);
    for (const each of [client, other]) {
      each.api.reqCurrentTime();
      await each.next('currentTime');
    }
    expect(client.take('historicalData')).toEqual([]);
    await client.next('historicalData', ([, date]) => String(date).startsWith('finished'));
    expect(client.take('historicalData').map(([, date]) => date).slice(-2)).toEqual(['20260501', '20260504']);
    const id = ask(client, { ...long, duration: '2 M' });
    expect((await errorOf(client, { ...long, end: 'tomorrow' }))[0]).toBe(10314); // the question has been read
    client.api.cancelHistoricalData(id);
    expect((await client.next('error', (args) => args[2] === id))[1]).toBe(162);
    expect((await barsOf(client, { ...long, duration: '1 M' })).length).toBeGreaterThan(15); // longer on its way than what was called off
    expect(client.take('historicalData')).toEqual([]);
  });

  it('follow a price that was set by hand', async () => {
    const { client, simulator } = await start();
    simulator.run('setPrice', { symbol: 'MES', last: 5000 });
    simulator.advance(30_000);
    simulator.run('setPrice', { symbol: 'MES', last: 5010, size: 4 });
    simulator.advance(30_000);
    expect((await barsOf(client, { duration: '60 S', size: '1 min' }))[0]).toMatchObject({ open: 5000, high: 5010, low: 5000, close: 5010, volume: 5 });
  });
});

describe('other history', () => {
  it('tells the earliest data point in both formats', async () => {
    const { client } = await start();
    for (const [format, pattern] of [[1, /^\d{8}-\d\d:\d\d:\d\d$/], [2, /^\d{9,10}$/]] as const) {
      client.api.reqHeadTimestamp(5, MES, 'TRADES', false, format);
      expect((await client.next('headTimestamp'))[1]).toMatch(pattern);
    }
  });

  it('gives five-second bars as the time passes, and stops on cancel', async () => {
    const { client, simulator } = await start();
    client.api.reqRealTimeBars(8, MES, 5, 'TRADES' as never, false);
    client.api.reqCurrentTime();
    await client.next('currentTime');
    simulator.advance(15_000);
    await client.next('realtimeBar', ([, time]) => time === Date.parse('2026-05-04T14:30:10Z') / 1000);
    const bars = client.take('realtimeBar');
    expect(bars.map(([, time]) => time)).toEqual([0, 5].map((second) => Date.parse('2026-05-04T14:30:00Z') / 1000 + second));
    const [past] = await barsOf(client, { size: '5 secs', duration: '15 S' });
    expect(bars[0]?.slice(2, 7)).toEqual([past?.open, past?.high, past?.low, past?.close, past?.volume]);
    client.api.cancelRealTimeBars(8);
    client.api.reqCurrentTime();
    await client.next('currentTime');
    simulator.advance(15_000);
    client.api.reqCurrentTime();
    await client.next('currentTime');
    expect(client.take('realtimeBar')).toEqual([]);
  });

  it('gives the schedule of sessions', async () => {
    const { client } = await start();
    ask(client, { show: 'SCHEDULE', size: '1 day', duration: '2 D', rth: 1, contract: AAPL });
    const [, from, , zone, sessions] = await client.next('historicalSchedule');
    expect([from, zone]).toEqual(['20260501-09:30:00', 'US/Eastern']);
    expect(sessions).toEqual([{ startDateTime: '20260501-09:30:00', endDateTime: '20260501-16:00:00', refDate: '20260501' }, { startDateTime: '20260504-09:30:00', endDateTime: '20260504-16:00:00', refDate: '20260504' }]);
  });
});
