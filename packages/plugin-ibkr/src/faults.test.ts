import { parseTimeframe, toPrice, toQuantity, toUtcMs, type BarColumns, type Instrument, type OrderIntent, type RiskApproved, type SessionCalendar, type Timeframe } from '@keelson/core/domain';
import type { HistoryRequest, LiveHandlers, Timer } from '@keelson/core/ports';
import type { ScenarioInput } from '@keelson/tws-simulator';
import { OrderAction, OrderType, TimeInForce } from '@stoqey/ib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { EventLog, hastyTimer, mes, MONDAY, openRig, until, type Rig } from '../testing/rig.js';
import { IbkrBroker } from './broker/ibkr-broker.js';
import { IbkrFeed, feedParams } from './feed/ibkr-feed.js';

type Setting = { readonly scenario?: ScenarioInput; readonly instruments?: readonly Instrument[]; readonly timer?: Timer };
const PATIENT = { connectTimeoutMs: 500_000, requestTimeoutMs: 500_000, heartbeatMs: 500_000, answerTimeoutMs: 500_000 };

async function rigOf({ scenario = {}, instruments = [mes], timer }: Setting = {}): Promise<Rig> {
  const rig = await openRig({ pacing: { enabled: false }, ...scenario }, timer === undefined ? {} : PATIENT, instruments, timer);
  onTestFinished(() => rig.close());
  return rig;
}

type Trading = Rig & { readonly broker: IbkrBroker; readonly events: EventLog; fault(kind: string, more?: object): void; price(last: number): void; kinds(id: string): readonly string[] };

async function trading(setting: Setting = {}): Promise<Trading> {
  const rig = await rigOf(setting);
  const price = (last: number): void => void rig.simulator.run('setPrice', { symbol: 'MES', last });
  price(5000);
  const broker = new IbkrBroker(rig.connection, rig.settings, rig.context({ margin: false }));
  const events = new EventLog();
  await broker.connect(events.take);
  return {
    ...rig, broker, events, price,
    fault: (kind, more = {}) => void rig.simulator.run('fault', { kind, ...more }),
    kinds: (id) => events.all.flatMap((event) => (('clientOrderId' in event && event.clientOrderId === id) || (event.kind === 'fill' && event.fill.clientOrderId === id) ? [event.kind] : [])),
  };
}

const intent = (clientOrderId: string, more: object = {}): RiskApproved<OrderIntent> =>
  ({ clientOrderId, instrument: 'MES', role: 'entry', side: 'buy', quantity: toQuantity(2), type: 'market', timeInForce: 'gtc', reduceOnly: false, decidedAt: toUtcMs(0), decisionPrice: toPrice(5000), reason: '', ...more }) as RiskApproved<OrderIntent>;
const bracket = [
  { clientOrderId: 'a-1-s', role: 'stop', type: 'stop', stopPrice: toPrice(4990) },
  { clientOrderId: 'a-1-t', role: 'target', type: 'limit', limitPrice: toPrice(5020) },
] as const;

async function feeding(setting: Setting = {}): Promise<Rig & { readonly feed: IbkrFeed; readonly request: HistoryRequest }> {
  const rig = await rigOf(setting);
  const context = rig.context(feedParams.parse({ continuous: false }));
  const feed = new IbkrFeed(rig.connection, rig.settings, context);
  await feed.connect();
  return { ...rig, feed, request: { instrument: mes, calendar: context.calendars[mes.calendar] as SessionCalendar, timeframe: parseTimeframe('1m') as Timeframe, from: toUtcMs(Date.parse(MONDAY) - 600_000) } };
}

async function count(chunks: AsyncIterable<BarColumns>): Promise<number> {
  let bars = 0;
  for await (const { length } of chunks) bars += length;
  return bars;
}

describe('a gateway that does not let one trade', () => {
  it('is read-only for a while: a cancel that it refuses leaves order and exits as they are, and a later one takes them back', async () => {
    const { broker, events, fault, kinds } = await trading();
    broker.submit(intent('a-1', { type: 'limit', limitPrice: toPrice(4900), bracket: [{ ...bracket[0], stopPrice: toPrice(4800) }, bracket[1]] }));
    await events.find('accepted', 'a-1-t');
    fault('readOnly');
    broker.cancel('a-1');
    await events.find('cancel-rejected', 'a-1');
    for (const id of ['a-1', 'a-1-s', 'a-1-t']) expect(kinds(id)).not.toContain('rejected');
    expect((await broker.snapshot()).orders.map(({ clientOrderId }) => clientOrderId).sort()).toEqual(['a-1', 'a-1-s', 'a-1-t']);
    fault('readOnly', { on: false });
    broker.cancel('a-1');
    for (const id of ['a-1', 'a-1-s', 'a-1-t']) await events.find('canceled', id);
    expect((await broker.snapshot()).orders).toEqual([]);
  });

  it('is read-only: orders are refused, and the warnings say what to untick', async () => {
    const { broker, events, fault } = await trading();
    fault('readOnly');
    broker.submit(intent('a-1', { bracket }));
    expect(await events.find('rejected', 'a-1')).toMatchObject({ code: 'BRK_UNSUPPORTED', reason: expect.stringContaining('Read-Only') });
    expect(broker.warnings().join()).toContain('untick "Read-Only API"');
    expect(await broker.diagnose()).toContainEqual(expect.objectContaining({ check: 'orders', level: 'fault', found: 'the API of the gateway is read-only' }));
  });

  it.each([
    ['a price between two ticks', { type: 'limit', limitPrice: toPrice(4950.1) }, 'BRK_REJECTED', '(110)'],
    ['a size that is no whole contract', { quantity: toQuantity(0.5) }, 'BRK_REJECTED', '(10318)'],
    ['more than the account can carry', { quantity: toQuantity(5_000) }, 'BRK_MARGIN', '(201)'],
  ])('refuses %s with its reason', async (_what, more, code, number) => {
    const { broker, events } = await trading();
    broker.submit(intent('a-1', more));
    expect(await events.find('rejected', 'a-1')).toMatchObject({ code, reason: expect.stringContaining(number) });
    expect((await broker.snapshot()).orders).toEqual([]);
  });

  it('stays logged out for as long as it likes: nothing is queued, and it is found again', async () => {
    const { broker, events, fault } = await trading({ timer: hastyTimer });
    fault('logout');
    await until(() => events.all.some((event) => event.kind === 'connection' && event.state === 'disconnected'), 'the loss');
    broker.submit(intent('a-1'));
    expect(await events.find('rejected', 'a-1')).toMatchObject({ code: 'BRK_CONNECTION' });
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => hastyTimer.after(1_000, () => resolve(undefined)));
    expect(events.all.some((event) => event.kind === 'connection' && event.state === 'connected')).toBe(false);
    fault('login');
    await until(() => events.all.some((event) => event.kind === 'connection' && event.state === 'connected'), 'the return');
    expect((await broker.snapshot()).orders).toEqual([]);
    expect(await broker.executionsSince(toUtcMs(0))).toEqual([]);
  });
});

describe('a contract', () => {
  it('that fits several is refused with what it could be', async () => {
    const stocks = [{ symbol: 'KEEL', primaryExchange: 'NYSE' }, { symbol: 'KEEL', primaryExchange: 'NASDAQ', conId: 77 }];
    const keel: Instrument = { ...mes, id: 'KEEL', type: 'stock', multiplier: 1, tickSize: 0.01, calendar: 'us-equity' };
    const { connection } = await rigOf({ scenario: { market: { stocks } }, instruments: [keel] });
    await connection.gateway.connect();
    await expect(connection.resolve([keel])).rejects.toMatchObject({ code: 'CFG_REFERENCE', message: expect.stringMatching(/^KEEL fits 2 contracts: KEEL STK/), hint: expect.stringContaining('primaryExchange') });
  });

  it('that has expired is refused with its last day', async () => {
    const march: Instrument = { ...mes, symbols: { ibkr: { symbol: 'MES', localSymbol: 'MESH6' } } };
    const { connection } = await rigOf({ instruments: [march] });
    await connection.gateway.connect();
    await expect(connection.resolve([march])).rejects.toMatchObject({ code: 'CFG_REFERENCE', message: expect.stringMatching(/^MES is MESH6 FUT CME USD \d+, which expired on 20260320$/) });
  });
});

describe('market data', () => {
  it('that the account may not see are an error with its reason, never an empty history', async () => {
    const { feed, request } = await feeding({ scenario: { market: { permissions: [{ exchange: 'CME', data: 'none' }] } } });
    const refused = { code: 'DATA_FEED', retry: 'never', hint: 'subscribe to the market data, or set marketData: delayed' };
    await expect(count(feed.history(request))).rejects.toMatchObject(refused);
    const errors: Error[] = [];
    feed.subscribe([{ ...request, from: toUtcMs(Date.parse(MONDAY)) }], { onBar: () => undefined, onTick: () => undefined, onQuote: () => undefined, onError: (error) => void errors.push(error), onEnd: () => undefined, settle: () => undefined } satisfies LiveHandlers);
    expect(await until(() => errors[0], 'the error')).toMatchObject(refused);
    expect(await feed.diagnose()).toContainEqual(expect.objectContaining({ check: 'market data of MES', level: 'fault' }));
  });

  it('that were asked for too often are asked for again, and not for ever', async () => {
    const { feed, request, simulator } = await feeding({ timer: hastyTimer });
    simulator.run('fault', { kind: 'pacing', count: 2 });
    expect(await count(feed.history(request))).toBe(10);
    simulator.run('fault', { kind: 'pacing', count: 100 });
    await expect(count(feed.history(request))).rejects.toMatchObject({ code: 'DATA_FEED', hint: 'ask less often', retry: 'safe' });
  });
});

describe('orders that meet a fault', () => {
  it('a cancel that comes after the fill is refused, and the fill counts', async () => {
    const { broker, events, fault, kinds, log } = await trading();
    broker.submit(intent('a-1', { type: 'limit', limitPrice: toPrice(4950) }));
    await events.find('accepted', 'a-1');
    fault('fillBeforeCancel');
    broker.cancel('a-1');
    await events.find('fill', 'a-1');
    await until(() => log.some((line) => line.includes('10148')), 'the refusal of the cancel');
    expect(await events.find('cancel-rejected', 'a-1')).toMatchObject({ code: 'BRK_REJECTED' });
    broker.cancel('a-1');
    expect(kinds('a-1')).toEqual(['accepted', 'fill', 'cancel-rejected', 'cancel-rejected']);
    expect((await broker.snapshot()).positions).toMatchObject([{ quantity: 2 }]);
  });

  it('a connection that breaks between an entry and its exits leaves nothing at the venue', async () => {
    const { broker, events, fault, kinds, simulator } = await trading();
    fault('dropDuringOrders', { after: 2 });
    broker.submit(intent('a-1', { bracket }));
    await events.find('outcome-unknown', 'a-1');
    await until(() => events.all.some((event) => event.kind === 'connection' && event.state === 'connected'), 'the return');
    const { orders, positions } = await broker.snapshot();
    expect({ orders, positions, fills: await broker.executionsSince(toUtcMs(0)) }).toEqual({ orders: [], positions: [], fills: [] });
    await until(() => (simulator.run('orders') as readonly { status: string }[]).every(({ status }) => status === 'Cancelled'), 'the end of what was stranded');
    expect(kinds('a-1')).not.toContain('fill');
  });

  it('what the account left untransmitted at the gateway is taken back, and what others left there is not', async () => {
    const { broker, connection, simulator } = await trading();
    const { gateway } = connection;
    for (const orderRef of ['a-7', 'ab-7', '']) {
      const orderId = gateway.takeOrderId();
      gateway.api.placeOrder(orderId, connection.contractOf('MES')?.contract ?? {}, { orderId, account: gateway.account, action: OrderAction.BUY, totalQuantity: 1, orderType: OrderType.LMT, lmtPrice: 4950, tif: TimeInForce.GTC, outsideRth: false, orderRef, transmit: false });
    }
    const standing = (): readonly string[] => (simulator.run('orders') as ReadonlyArray<{ readonly orderRef: string }>).map(({ orderRef }) => orderRef);
    await until(() => standing().length === 3, 'the orders');
    expect((await broker.snapshot()).orders).toEqual([]);
    await until(() => standing().length === 2, 'the end of what was left');
    expect(standing()).toEqual(['ab-7', '']);
  });

  it('executions that come twice are told once, and corrected ones take the place of the first', async () => {
    const { broker, events, fault, kinds } = await trading();
    fault('duplicateExecutions');
    fault('correctExecutions', { priceChange: 0.5 });
    broker.submit(intent('a-1'));
    const { fill } = await events.find('fill', 'a-1');
    const corrected = await events.find('fill-corrected');
    expect(corrected).toMatchObject({ executionId: fill.executionId, replacement: { quantity: 2, price: fill.price + 0.5 } });
    const [only, ...others] = await broker.executionsSince(toUtcMs(0));
    expect([only?.price, others]).toEqual([fill.price + 0.5, []]);
    expect(kinds('a-1').filter((kind) => kind === 'fill')).toHaveLength(1);
  });

  it('a commission that never comes does not keep the fill back', async () => {
    const { broker, events, fault } = await trading({ timer: hastyTimer });
    fault('noCommissions');
    broker.submit(intent('a-1'));
    expect((await events.find('fill', 'a-1')).fill).toMatchObject({ quantity: 2, commission: 0 });
  });
});

describe('a message of an unknown layout', () => {
  it('has books and venue compared, once for many of them', async () => {
    const { broker, events, fault } = await trading();
    fault('drift', { message: 'openOrder', fields: -3, count: 2 });
    broker.submit(intent('a-1', { type: 'limit', limitPrice: toPrice(4950) }));
    broker.submit(intent('a-2', { type: 'limit', limitPrice: toPrice(4950) }));
    await events.find('accepted', 'a-2'); // by its status
    const told = events.all.filter(({ kind }) => kind === 'connection');
    expect(told).toMatchObject([{ state: 'connected', reason: expect.stringMatching(/^a message was not understood: \D+ OPEN_ORDER/) }]);
    expect(broker.warnings().join()).toContain('was not understood');
    expect((await broker.snapshot()).orders).toHaveLength(2);
  });

  it('makes an answer worthless that it came in: the question is asked again, and an order that it hid is never taken for gone', async () => {
    const { broker, events, fault, log } = await trading();
    broker.submit(intent('a-1', { type: 'limit', limitPrice: toPrice(4950) }));
    broker.submit(intent('a-2', { type: 'limit', limitPrice: toPrice(4951) }));
    await events.find('accepted', 'a-2');
    for (const message of ['openOrder', 'openOrderEnd', 'position', 'currentTime'] as const) {
      fault('drift', { message, fields: -1 });
      const [first, second] = await Promise.all([broker.snapshot(), broker.snapshot()]);
      expect([first.orders.length, second.orders.length]).toEqual([2, 2]);
    }
    fault('drift', { message: 'openOrder', fields: -3, count: 50 });
    await expect(broker.snapshot()).rejects.toMatchObject({ code: 'BRK_CONNECTION', retry: 'safe', message: expect.stringContaining('was not understood') });
    fault('drift', { message: 'openOrder', fields: -3, count: 1 });
    await broker.snapshot();
    broker.cancel('a-2');
    await events.find('canceled', 'a-2');
    fault('drift', { message: 'executionData', fields: -3 });
    broker.submit(intent('a-3'));
    await until(() => log.some((line) => line.includes('EXECUTION_DATA')), 'the loss of its execution');
    expect(events.all.some((event) => event.kind === 'fill')).toBe(false);
    expect((await broker.snapshot()).orders).toHaveLength(1);
    expect((await broker.executionsSince(toUtcMs(0))).map(({ clientOrderId }) => clientOrderId)).toEqual(['a-3']);
  });

  it('turns nothing of the answer that it spoilt into trades of now', async () => {
    const { broker, connection, settings, context, events, fault, log } = await trading();
    for (const id of ['a-1', 'a-2']) {
      broker.submit(intent(id));
      await events.find('fill', id);
    }
    await broker.disconnect();
    const again = new IbkrBroker(connection, settings, context({ margin: false }));
    const later = new EventLog();
    await again.connect(later.take);
    fault('drift', { message: 'commissionReport', fields: -1 });
    const fills = await again.executionsSince(toUtcMs(0));
    expect(log.some((line) => line.includes('COMMISSION_REPORT'))).toBe(true);
    expect(fills.map(({ clientOrderId, commission }) => [clientOrderId, commission > 0])).toEqual([['a-1', true], ['a-2', true]]);
    await again.disconnect(); // what it held back would be told now
    expect(later.all.filter(({ kind }) => kind === 'fill' || kind === 'cash')).toEqual([]);
  });

  it('of prices spoils no answer about orders, and is in the warnings', async () => {
    const { broker, connection, events, fault, price } = await trading();
    connection.gateway.stream((ib, id) => ib.reqMktData(id, connection.contractOf('MES')?.contract ?? {}, '', false, false), () => undefined, { onMessage: () => undefined, onError: () => undefined });
    broker.submit(intent('a-1', { type: 'limit', limitPrice: toPrice(4950) }));
    await events.find('accepted', 'a-1');
    fault('drift', { message: 'tickPrice', fields: -2, count: 1_000 });
    for (let turn = 1; turn < 20; turn++) {
      const answer = broker.snapshot();
      price(5000 + turn);
      expect((await answer).orders).toHaveLength(1);
    }
    expect(broker.warnings().join()).toContain('was not understood');
    expect(events.all.some(({ kind }) => kind === 'connection')).toBe(false);
  });
});

it('a gateway whose clock is off by minutes is found by the doctor', async () => {
  const { broker, fault } = await trading();
  expect(await broker.diagnose()).toContainEqual(expect.objectContaining({ check: 'clock', level: 'ok' }));
  fault('clockOffset', { ms: 180_000 });
  expect(await broker.diagnose()).toContainEqual(expect.objectContaining({ check: 'clock', level: 'fault', found: expect.stringMatching(/differ by 1(79|80)\.\d s/) }));
});
