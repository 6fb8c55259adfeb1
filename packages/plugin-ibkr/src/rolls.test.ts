import { accountSchema } from '@keelson/core/config';
import { calendarById, parseTimeframe, toPrice, toQuantity, toUtcMs, type Bar, type BrokerEvent, type Instrument, type OrderIntent, type RiskApproved, type SessionCalendar, type Timeframe } from '@keelson/core/domain';
import { MemoryJournal, composeLive } from '@keelson/core/engine';
import { DATA_FEED, NOTIFIER, STRATEGY, defineDataFeed, defineNotifier, definePlugin, defineStrategy } from '@keelson/core/plugin';
import type { LiveHandlers } from '@keelson/core/ports';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { HandTimer } from '../testing/hand-timer.js';
import { EventLog, listLogger, mes, startRig, until, type Rig } from '../testing/rig.js';
import { IbkrBroker } from './broker/ibkr-broker.js';
import { contractEnd } from './contracts/contract-end.js';
import { IbkrFeed, feedParams } from './feed/ibkr-feed.js';
import ibkr from './index.js';

const HOUR = 3_600_000;
const at = (text: string): { readonly clock: { readonly kind: 'stepped'; readonly start: string }; readonly pacing: { readonly enabled: false } } => ({ clock: { kind: 'stepped', start: text }, pacing: { enabled: false } });
const rolled = (roll: object): Instrument => ({ ...mes, symbols: { ibkr: { roll } } });

describe('the expiry by open interest', () => {
  it.each([
    ['2026-06-08T14:30:00Z', 'MESM6'],
    ['2026-06-11T14:30:00Z', 'MESU6'],
  ])('is at %s %s, in which most contracts are open', async (time, name) => {
    const instrument = rolled({ by: 'open-interest', days: 2 });
    const { connection } = await startRig(at(time), {}, [instrument]);
    await connection.gateway.connect();
    await connection.resolve([instrument]);
    expect(connection.contractOf('MES')?.contract.localSymbol).toBe(name);
  });

  it('is the one by days where the gateway tells none', async () => {
    const instrument = rolled({ by: 'open-interest', days: 2 });
    const { connection, log } = await startRig({ ...at('2026-06-11T14:30:00Z'), market: { permissions: [{ symbol: 'MES', data: 'none' }] } }, {}, [instrument]);
    await connection.gateway.connect();
    await connection.resolve([instrument]);
    expect(connection.contractOf('MES')?.contract.localSymbol).toBe('MESM6');
    expect(log.join('\n')).toContain('the gateway told no open interest of MESM6');
  });
});

describe('the end of a contract', () => {
  const endOf = async (instrument: Instrument, ...days: readonly string[]): Promise<readonly string[]> => {
    const { connection } = await startRig(at('2026-05-04T14:30:00Z'), {}, [instrument]);
    await connection.gateway.connect();
    await connection.resolve([instrument]);
    const resolved = connection.contractOf(instrument.id);
    return days.map((day) => (resolved === undefined ? '' : contractEnd(resolved, Date.parse(day)).level));
  };

  it('closes it for entries, and then has a position left', async () => {
    expect(await endOf(mes, '2026-06-09T23:59Z', '2026-06-10', '2026-06-15T23:59Z', '2026-06-16')).toEqual(['none', 'no-entries', 'no-entries', 'leave']);
  });

  it('comes with the notices of delivery where these come first', async () => {
    const gold: Instrument = { ...mes, id: 'GC', multiplier: 100, tickSize: 0.1, venue: 'COMEX', calendar: 'comex-metals' };
    expect(await endOf(gold, '2026-05-18T23:59Z', '2026-05-19', '2026-05-22T23:59Z', '2026-05-25')).toEqual(['none', 'no-entries', 'no-entries', 'leave']);
  });

  it('leaves a position alone where that is configured, and a fixed expiry open until its last days', async () => {
    expect(await endOf(rolled({ position: 'hold' }), '2026-06-10', '2026-06-18')).toEqual(['no-entries', 'no-entries']);
    expect(await endOf({ ...mes, symbols: { ibkr: { contractMonth: '202606', exchange: 'CME' } } }, '2026-06-15', '2026-06-16')).toEqual(['none', 'leave']);
  });
});

const approved = (clientOrderId: string, more: Partial<OrderIntent>): RiskApproved<OrderIntent> =>
  ({ clientOrderId, instrument: 'MES', role: 'entry', side: 'buy', quantity: toQuantity(2), type: 'market', timeInForce: 'gtc', reduceOnly: false, decidedAt: toUtcMs(0), decisionPrice: toPrice(6800), reason: '', ...more }) as RiskApproved<OrderIntent>;
const bracket = [
  { clientOrderId: 'a-MES-1-s', role: 'stop', type: 'stop', stopPrice: toPrice(6700) },
  { clientOrderId: 'a-MES-1-t', role: 'target', type: 'limit', limitPrice: toPrice(6900) },
] as const;

describe('a position over the roll', () => {
  const levels = (events: EventLog): readonly string[] => events.all.flatMap((event) => (event.kind === 'restriction' ? [event.level] : []));

  async function trading(): Promise<Rig & { readonly broker: IbkrBroker; readonly events: EventLog; readonly timer: HandTimer }> {
    const rig = await startRig(at('2026-06-09T14:30:00Z'));
    rig.simulator.run('setPrice', { symbol: 'MESM6', last: 6800 });
    rig.simulator.run('setPrice', { symbol: 'MESU6', last: 6850 });
    const timer = new HandTimer();
    const broker = new IbkrBroker(rig.connection, rig.settings, rig.context({ margin: false }, { timer }));
    const events = new EventLog();
    await broker.connect(events.take);
    return { ...rig, broker, events, timer };
  }

  it('is told to enter no more, then to be left, and once the account is flat the next expiry takes its place', async () => {
    const { broker, events, timer, simulator, connection, again } = await trading();
    expect(levels(events)).toEqual(['none']);
    broker.submit(approved('a-MES-1', { bracket }));
    await events.find('activated', 'a-MES-1-t');
    simulator.advance(24 * HOUR);
    timer.fire();
    simulator.advance(6 * 24 * HOUR);
    for (const [symbol, last] of [['MESM6', 6800], ['MESU6', 6850]]) simulator.run('setPrice', { symbol, last }); // a quote of this day
    timer.fire();
    expect(levels(events)).toEqual(['none', 'no-entries', 'leave']);
    expect(events.all.find((event) => event.kind === 'restriction' && event.level === 'no-entries')).toMatchObject({ instrument: 'MES', reason: 'MESM6 ends: its last trading day is 2026-06-18, and a position is left from 2026-06-16 on' });
    expect(connection.contractOf('MES')?.contract.localSymbol).toBe('MESM6');
    // what the account does with its next bar
    broker.submit(approved('a-MES-2', { role: 'exit', side: 'sell', reduceOnly: true }));
    await events.find('fill', 'a-MES-2');
    timer.fire(); // exits are still alive: not yet
    expect(connection.contractOf('MES')?.contract.localSymbol).toBe('MESM6');
    for (const id of ['a-MES-1-s', 'a-MES-1-t']) broker.cancel(id);
    await events.find('canceled', 'a-MES-1-s');
    await events.find('canceled', 'a-MES-1-t');
    timer.fire();
    await until(() => levels(events).length === 4, 'the next expiry');
    expect(levels(events).at(-1)).toBe('none');
    expect(connection.contractOf('MES')?.contract.localSymbol).toBe('MESU6');
    broker.submit(approved('a-MES-3', {}));
    expect((await events.find('fill', 'a-MES-3')).fill.price).toBeGreaterThan(6840);
    expect((await broker.snapshot()).positions).toMatchObject([{ instrument: 'MES', quantity: 2 }]);
    // what it did in the expiry before is still its own: it must not seem to be taken back
    const told = async (which: IbkrBroker): Promise<readonly (readonly string[])[]> => (await which.executionsSince(toUtcMs(0))).map(({ clientOrderId, instrument }) => [clientOrderId, instrument]);
    expect(await told(broker)).toEqual([['a-MES-2', 'MES'], ['a-MES-3', 'MES']]);
    await broker.disconnect();
    const rig = await again();
    const other = new IbkrBroker(rig.connection, rig.settings, rig.context({ margin: false }));
    await other.connect(() => undefined);
    expect(await told(other)).toEqual([['a-MES-2', 'MES'], ['a-MES-3', 'MES']]);
  });

  it('is known again after a restart, in the contract that it is in', async () => {
    const first = await trading();
    first.broker.submit(approved('a-MES-1', { bracket }));
    await first.events.find('activated', 'a-MES-1-t');
    await first.broker.disconnect();
    first.simulator.advance(7 * 24 * HOUR);
    const rig = await first.again();
    const events = new EventLog();
    await new IbkrBroker(rig.connection, rig.settings, rig.context({ margin: false })).connect(events.take);
    expect(rig.connection.contractOf('MES')?.contract.localSymbol).toBe('MESM6');
    expect(levels(events)).toEqual(['leave']);
  });

  it('has the feed go over to the next expiry as well, without a hole', async () => {
    const { connection, settings, simulator, events, timer, context } = await trading();
    for (const symbol of ['MESM6', 'MESU6']) simulator.run('releasePrice', { symbol });
    const calendar = calendarById(mes.calendar) as SessionCalendar;
    const feed = new IbkrFeed(connection, settings, context(feedParams.parse({ continuous: false })));
    await feed.connect();
    simulator.advance(24 * HOUR);
    const bars: Bar[] = [];
    const fail = (error: Error): void => { throw error; };
    feed.subscribe([{ instrument: mes, calendar, timeframe: parseTimeframe('1m') as Timeframe, from: toUtcMs(simulator.now() - 120_000) }], { onBar: (_id, bar) => void bars.push(bar), onTick: () => undefined, onQuote: () => undefined, onError: fail, onEnd: () => undefined, settle: () => undefined });
    await until(() => bars.length === 2, 'the bars of the present expiry');
    timer.fire();
    await until(() => levels(events).length === 3, 'the next expiry');
    simulator.advance(60_000);
    await until(() => bars.length === 3, 'the bar of the next expiry');
    expect(bars[2]?.time).toBe((bars[1]?.time ?? 0) + 60_000);
    expect((bars[2]?.close ?? 0) - (bars[1]?.close ?? 0)).toBeGreaterThan(30); // three months of interest
    expect(feed.warnings().join()).toContain('MES went over to MESU6');
  });
});

describe('an account over the roll', () => {
  it('leaves the old expiry in its last days, enters the next one, and nothing but its own orders does so', async () => {
    const rig = await startRig(at('2026-06-09T14:30:00Z'));
    const { simulator } = rig;
    const timer = new HandTimer();
    const clock = { now: () => toUtcMs(simulator.now()) };
    let handlers: LiveHandlers | undefined;
    const parts = definePlugin({
      name: 'by-hand', version: '1.0.0', api: '^1.0.0', provides: ['data-feed', 'strategy', 'notifier'],
      register: ({ add }) => {
        add(DATA_FEED, 'by-hand', defineDataFeed({ params: z.strictObject({}), create: () => ({ capabilities: { history: false, live: true, volume: true, depth: false }, connect: async () => undefined, disconnect: async () => undefined, async *history() {}, subscribe: (_requests, given) => { handlers = given; return () => undefined; }, provenance: () => [], warnings: () => [] }) }));
        add(STRATEGY, 'long', defineStrategy({ params: z.strictObject({}), create: () => ({ onBar: ({ signal }) => signal.long({ confidence: 0.9 }) }) }));
        add(NOTIFIER, 'kept', defineNotifier({ params: z.strictObject({}), create: () => ({ notify: async ({ severity, title }) => void told.push(`${severity} ${title}`) }) }));
      },
    });
    const told: string[] = [];
    const config = accountSchema.parse({
      account: 'a', mode: 'paper', initialCash: 100_000, instruments: [mes],
      data: { feed: 'by-hand', timeframe: '1m' }, broker: { use: 'ibkr' }, strategies: [{ use: 'long' }],
      exits: { stopPoints: 50 }, risk: { maxContracts: 1, allowOrders: true }, notifiers: [{ use: 'kept' }],
    });
    const journal = new MemoryJournal();
    const engine = composeLive({ config, plugins: [{ plugin: ibkr, config: { ...rig.settings }, source: 'ibkr' }, { plugin: parts, config: {}, source: 'by-hand' }], baseDir: '.', logger: listLogger(rig.log), journal, clock, timer });
    const stop = new AbortController();
    const running = engine.run({ signal: stop.signal });
    await until(() => handlers, 'the subscription');
    const [desk] = engine.account.desks;
    const price = (): void => { for (const [symbol, last] of [['MESM6', 6800], ['MESU6', 6850]]) simulator.run('setPrice', { symbol, last }); };
    const bar = (close: number): void => {
      simulator.advance(60_000);
      handlers?.onBar('MES', { time: toUtcMs(simulator.now() - 60_000), open: toPrice(close), high: toPrice(close), low: toPrice(close), close: toPrice(close), volume: 1 });
    };
    const holds = (lots: number): Promise<unknown> => until(() => desk?.position.lots === lots && engine.account.orders.live.flat().every(({ status }) => status === 'working'), `a position of ${lots}`);
    price();
    bar(6800);
    await holds(1);
    simulator.advance(7 * 24 * HOUR);
    price();
    timer.fire();
    bar(6800);
    await holds(0);
    await until(() => engine.account.orders.liveCount === 0, 'the end of its exits');
    bar(6800);
    timer.fire();
    await until(() => desk?.restriction === undefined, 'the next expiry');
    bar(6850);
    await holds(1);
    stop.abort();
    await running;
    const of = <T>(kind: string): T[] => [...journal.read()].filter((record) => record.kind === kind).map(({ data }) => data as T);
    const sent = of<OrderIntent>('intent');
    expect(sent.map(({ role, side, reason }) => [role, side, role === 'exit' ? reason : ''])).toEqual([['entry', 'buy', ''], ['exit', 'sell', 'MESM6 ends: its last trading day is 2026-06-18'], ['entry', 'buy', '']]);
    const fills = of<BrokerEvent>('broker-event').flatMap((event) => (event.kind === 'fill' ? [event.fill] : []));
    expect(fills.map(({ clientOrderId }) => clientOrderId)).toEqual(sent.map(({ clientOrderId }) => clientOrderId));
    expect(fills.map((fill) => Math.abs(fill.price - 6800) < 5)).toEqual([true, true, false]);
    expect(told).toContain('critical a: MES: to be left');
    expect(told.at(-1)).toBe('info a: MES: entries again');
  });
});
