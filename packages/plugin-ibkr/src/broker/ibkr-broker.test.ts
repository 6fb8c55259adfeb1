import { toPrice, toQuantity, toUtcMs, type OrderChange, type OrderIntent, type RiskApproved } from '@keelson/core/domain';
import type { MarginRequirement, Timer } from '@keelson/core/ports';
import { describe, expect, it } from 'vitest';
import { EventLog, hastyTimer, mes, realTimer, startRig, until, type Rig } from '../../testing/rig.js';
import type { ConnectionSettings } from '../settings.js';
import { IbkrBroker } from './ibkr-broker.js';

const approved = <T>(value: T): RiskApproved<T> => value as RiskApproved<T>;
const intent = (clientOrderId: string, more: Partial<OrderIntent> = {}): RiskApproved<OrderIntent> =>
  approved({ clientOrderId, instrument: 'MES', role: 'entry', side: 'buy', quantity: toQuantity(2), type: 'market', timeInForce: 'day', reduceOnly: false, decidedAt: toUtcMs(0), decisionPrice: toPrice(5000), reason: '', ...more } as OrderIntent);
const change = (clientOrderId: string, more: Partial<OrderChange>): RiskApproved<OrderChange> => approved({ clientOrderId, instrument: 'MES', reason: '', ...more });

async function connected(settings: Partial<ConnectionSettings> = {}): Promise<Rig & { readonly broker: IbkrBroker; readonly events: EventLog; price(last: number): void }> {
  const rig = await startRig({}, settings);
  const price = (last: number): void => void rig.simulator.run('setPrice', { symbol: 'MES', last });
  price(5000);
  const broker = new IbkrBroker(rig.connection, rig.settings, rig.context({ margin: true }));
  const events = new EventLog();
  await broker.connect(events.take);
  return { ...rig, broker, events, price };
}

function marginOf(broker: IbkrBroker, quantity: number): MarginRequirement | undefined {
  const margin = broker.margin(mes, quantity);
  return margin === 'none' ? undefined : margin;
}

const bracket = [
  { clientOrderId: 'a-1-s', role: 'stop', type: 'stop', stopPrice: toPrice(4990) },
  { clientOrderId: 'a-1-t', role: 'target', type: 'limit', limitPrice: toPrice(5020) },
] as const;

describe('orders', () => {
  it('tells acceptance, then the fill with price, cost and the name of the order', async () => {
    const { broker, events } = await connected();
    broker.submit(intent('a-1'));
    const { fill } = await events.find('fill', 'a-1');
    expect(events.all.map(({ kind }) => kind)).toEqual(['restriction', 'accepted', 'fill']); // the first says that there is none
    expect(fill).toMatchObject({ clientOrderId: 'a-1', instrument: 'MES', side: 'buy', quantity: 2, commissionCurrency: 'USD', time: Date.parse('2026-05-04T14:30:00Z') });
    expect(fill.price % 0.25).toBe(0);
    expect(fill.commission).toBeGreaterThan(0);
  });

  it('sends a repeated name once', async () => {
    const { broker, events } = await connected();
    broker.submit(intent('a-1'));
    broker.submit(intent('a-1'));
    await events.find('fill', 'a-1');
    const fills = await broker.executionsSince(toUtcMs(0));
    expect(fills.map(({ clientOrderId, quantity }) => [clientOrderId, quantity])).toEqual([['a-1', 2]]);
  });

  it('brings the exits of a bracket to life with its fill, and one takes the other out', async () => {
    const { broker, events, price } = await connected();
    broker.submit(intent('a-1', { bracket }));
    await events.find('activated', 'a-1-s');
    await events.find('activated', 'a-1-t');
    expect(events.all.findIndex(({ kind }) => kind === 'fill')).toBeLessThan(events.all.findIndex(({ kind }) => kind === 'activated'));
    price(5021);
    expect((await events.find('fill', 'a-1-t')).fill).toMatchObject({ side: 'sell', quantity: 2, price: 5021 }); // the market jumped over the limit
    await events.find('canceled', 'a-1-s');
    expect((await broker.snapshot()).positions).toEqual([]);
  });

  it('changes a working order and says so', async () => {
    const { broker, events } = await connected();
    broker.submit(intent('a-1', { type: 'limit', limitPrice: toPrice(4950) }));
    await events.find('accepted', 'a-1');
    broker.modify(change('a-1', { limitPrice: toPrice(4960), quantity: toQuantity(1) }));
    expect(await events.find('modified', 'a-1')).toMatchObject({ limitPrice: 4960, quantity: 1 });
    expect((await broker.snapshot()).orders).toMatchObject([{ clientOrderId: 'a-1', limitPrice: 4960, quantity: 1, status: 'working' }]);
  });

  it('cancels an order, and refuses to cancel one that has ended or is not known', async () => {
    const { broker, events } = await connected();
    broker.submit(intent('a-1', { type: 'limit', limitPrice: toPrice(4950) }));
    await events.find('accepted', 'a-1');
    broker.cancel('a-1');
    await events.find('canceled', 'a-1');
    broker.cancel('a-1');
    broker.cancel('nobody');
    expect(events.all.slice(-2)).toMatchObject([{ kind: 'cancel-rejected', clientOrderId: 'a-1', code: 'BRK_REJECTED' }, { kind: 'cancel-rejected', clientOrderId: 'nobody', code: 'BRK_UNKNOWN_ORDER' }]);
  });

  it('tells a refusal with its reason, for margin with a code of its own', async () => {
    const { broker, events } = await connected();
    broker.submit(intent('a-1', { type: 'limit', limitPrice: toPrice(4950.1) }));
    expect(await events.find('rejected', 'a-1')).toMatchObject({ code: 'BRK_REJECTED', reason: expect.stringContaining('(110)') });
    broker.submit(intent('a-2', { quantity: toQuantity(5000), bracket: bracket.map((leg) => ({ ...leg, clientOrderId: leg.clientOrderId.replace('a-1', 'a-2') })) }));
    expect(await events.find('rejected', 'a-2')).toMatchObject({ code: 'BRK_MARGIN' });
    await until(() => ['a-2-s', 'a-2-t'].every((id) => events.all.some((event) => 'clientOrderId' in event && event.clientOrderId === id && (event.kind === 'canceled' || event.kind === 'rejected'))), 'the end of its exits');
    expect((await broker.snapshot()).orders).toEqual([]);
  });

  it('rejects at once what it cannot send, and never sends it later', async () => {
    const { broker, events, simulator } = await connected();
    simulator.drop();
    await events.find('connection');
    broker.submit(intent('a-1', { bracket }));
    expect(events.all.slice(-3).map((event) => [event.kind, 'clientOrderId' in event && event.clientOrderId])).toEqual([['rejected', 'a-1'], ['rejected', 'a-1-s'], ['rejected', 'a-1-t']]);
    await broker.disconnect();
    await broker.connect(events.take);
    expect(await broker.executionsSince(toUtcMs(0))).toEqual([]);
    expect((await broker.snapshot()).orders).toEqual([]);
  });
});

it('leaves nothing behind where it is disconnected while it connects again: a process could not end', async () => {
  const rig = await startRig({}, {});
  const waiting = new Set<object>();
  const timer: Timer = {
    after: (ms, call) => {
      const one = {};
      waiting.add(one);
      const callOff = realTimer.after(ms, () => { waiting.delete(one); call(); });
      return () => { waiting.delete(one); callOff(); };
    },
  };
  const broker = new IbkrBroker(rig.connection, rig.settings, rig.context({ margin: false }, { timer }));
  await broker.connect(() => undefined);
  const resolve = rig.connection.resolve.bind(rig.connection);
  let isThrough = false;
  rig.connection.resolve = async (...args) => {
    await resolve(...args);
    await broker.disconnect();
    setImmediate(() => (isThrough = true));
  };
  rig.simulator.run('drop', {});
  await until(() => isThrough, 'the attempt to connect again');
  expect([waiting.size, rig.connection.gateway.isReady]).toEqual([0, false]);
});

describe('the state of the venue', () => {
  it('holds orders, positions and cash under the names of the account', async () => {
    const { broker, events } = await connected();
    broker.submit(intent('a-1', { bracket }));
    await events.find('activated', 'a-1-t');
    const { orders, positions, cash } = await broker.snapshot();
    expect(orders.map(({ clientOrderId, side, quantity, status, stopPrice, limitPrice }) => ({ clientOrderId, side, quantity, status, stopPrice, limitPrice }))).toEqual([
      { clientOrderId: 'a-1-s', side: 'sell', quantity: 2, status: 'working', stopPrice: 4990, limitPrice: undefined },
      { clientOrderId: 'a-1-t', side: 'sell', quantity: 2, status: 'working', stopPrice: undefined, limitPrice: 5020 },
    ]);
    expect(positions).toMatchObject([{ instrument: 'MES', quantity: 2 }]);
    expect(positions[0]?.averagePrice).toBeCloseTo(5000, 0);
    expect(cash.find(({ currency }) => currency === 'USD')?.amount).toBeGreaterThan(0);
  });

  it('tells exits that wait for their entry as held', async () => {
    const { broker, events } = await connected();
    broker.submit(intent('a-1', { type: 'limit', limitPrice: toPrice(4950), bracket: [{ ...bracket[0], stopPrice: toPrice(4940) }, bracket[1]] }));
    await events.find('accepted', 'a-1');
    expect((await broker.snapshot()).orders.map(({ clientOrderId, status }) => [clientOrderId, status])).toEqual([['a-1', 'working'], ['a-1-s', 'held'], ['a-1-t', 'held']]);
  });

  it('finds after a restart what happened meanwhile, and can go on with the orders', async () => {
    const first = await connected();
    first.broker.submit(intent('a-1', { bracket }));
    await first.events.find('activated', 'a-1-t');
    await first.broker.disconnect();
    const events = new EventLog();
    const again = new IbkrBroker(first.connection, first.settings, first.context({ margin: false }));
    await again.connect(events.take);
    expect((await again.executionsSince(toUtcMs(0))).map(({ clientOrderId, commission }) => [clientOrderId, commission > 0])).toEqual([['a-1', true]]);
    again.modify(change('a-1-s', { stopPrice: toPrice(4995) }));
    await events.find('modified', 'a-1-s');
    first.price(4994);
    expect((await events.find('fill', 'a-1-s')).fill.quantity).toBe(2);
    await events.find('canceled', 'a-1-t');
  });

  it('tells what happens while it still connects, and what it cost once', async () => {
    const first = await connected();
    first.broker.submit(intent('a-1', { type: 'limit', limitPrice: toPrice(4950), timeInForce: 'gtc' }));
    await first.events.find('accepted', 'a-1');
    await first.broker.disconnect();
    // the order fills when the margin is asked for, the last thing before it is connected
    let fill = (): void => first.price(4949);
    const timer: Timer = {
      after: (ms, call) => {
        if (ms === 10_000) fill();
        if (ms === 10_000) fill = () => undefined;
        return realTimer.after(ms, call);
      },
    };
    const events = new EventLog();
    const again = new IbkrBroker(first.connection, first.settings, first.context({ margin: true }, { timer }));
    await again.connect(events.take);
    const told = (await events.find('fill', 'a-1')).fill;
    const [read] = await again.executionsSince(toUtcMs(0));
    expect([told.executionId, told.commission]).toEqual([read?.executionId, read?.commission]);
    expect(events.all.filter(({ kind }) => kind === 'cash')).toEqual([]);
  });

  it('knows what a contract needs, in the currency that the account is kept in', async () => {
    const { broker } = await connected();
    const one = marginOf(broker, 1);
    expect(one).toMatchObject({ initial: 2400, currency: 'USD' });
    expect(marginOf(broker, 3)).toMatchObject({ initial: 7200, currency: 'USD' });
    const rig = await startRig({ trading: { baseCurrency: 'EUR', rates: { USD: 0.8 } } });
    const european = new IbkrBroker(rig.connection, rig.settings, rig.context({ margin: true }));
    await european.connect(() => undefined);
    expect(marginOf(european, 1)).toMatchObject({ initial: 1920, currency: 'EUR' });
  });

  it('does not know what a contract needs until the venue has answered, and asks until it has', async () => {
    const rig = await startRig();
    rig.simulator.run('fault', { kind: 'readOnly', on: true });
    const broker = new IbkrBroker(rig.connection, rig.settings, rig.context({ margin: true }, { timer: hastyTimer }));
    await broker.connect(() => undefined);
    expect(broker.margin(mes, 1)).toBeUndefined();
    expect(rig.log.filter((line) => line.includes('gave no margin'))).toEqual(['warn the venue gave no margin for MES: it is asked again in 60 seconds']);
    rig.simulator.run('fault', { kind: 'readOnly', on: false });
    await until(() => broker.margin(mes, 1), 'the margin');
    await broker.disconnect();
  });

  it('does not know it where it was told not to ask', async () => {
    const rig = await startRig();
    const broker = new IbkrBroker(rig.connection, rig.settings, rig.context({ margin: false }));
    await broker.connect(() => undefined);
    expect(broker.margin(mes, 1)).toBeUndefined();
  });
});
