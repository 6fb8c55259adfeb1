import { accountSchema } from '@keelson/core/config';
import { toPrice, toQuantity, toUtcMs, type Instrument, type OrderIntent, type RiskApproved } from '@keelson/core/domain';
import { checkAccount } from '@keelson/core/engine';
import { STRATEGY, definePlugin, defineStrategy } from '@keelson/core/plugin';
import type { Finding } from '@keelson/core/ports';
import type { ScenarioInput } from '@keelson/tws-simulator';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { EventLog, listLogger, mes, MONDAY, realTimer, startRig, type Rig } from '../testing/rig.js';
import { IbkrBroker } from './broker/ibkr-broker.js';
import { IbkrFeed, feedParams } from './feed/ibkr-feed.js';
import ibkr from './index.js';

const silent = definePlugin({
  name: 'silent', version: '1.0.0', api: '^1.0.0', provides: ['strategy'],
  register: ({ add }) => add(STRATEGY, 'silent', defineStrategy({ params: z.strictObject({}), create: () => ({ onBar: () => undefined }) })),
});

/** What the doctor says of an account at this gateway. `offMs`: how far this machine's clock is ahead. */
async function doctor(rig: Rig, { settings = {}, instrument = mes, offMs = 0 }: { readonly settings?: object; readonly instrument?: Instrument; readonly offMs?: number } = {}): Promise<readonly Finding[]> {
  const config = accountSchema.parse({
    account: 'a', mode: 'paper', initialCash: 100_000, instruments: [instrument],
    data: { feed: 'ibkr', timeframe: '1m', continuous: false }, broker: { use: 'ibkr', config: { margin: false } }, strategies: [{ use: 'silent' }], exits: { stopPoints: 10 }, risk: { maxContracts: 1 },
  });
  return checkAccount({
    config, baseDir: '.', logger: listLogger([]), clock: { now: () => toUtcMs(rig.simulator.now() + offMs) }, timer: realTimer, timeoutMs: 5_000, records: undefined,
    plugins: [{ plugin: ibkr, config: { ...rig.settings, clientId: 9, ...settings }, source: 'ibkr' }, { plugin: silent, config: {}, source: 'silent' }],
  });
}

const at = (start: string, more: ScenarioInput = {}): ScenarioInput => ({ clock: { kind: 'stepped', start }, pacing: { enabled: false }, ...more });
const of = (findings: readonly Finding[], check: string): Finding | undefined => findings.find((finding) => finding.check === check);
const worse = (findings: readonly Finding[]): readonly Finding[] => findings.filter(({ level }) => level !== 'ok');

describe('the doctor at Interactive Brokers', () => {
  it('finds all of a healthy account: gateway, account and its kind, contract, data, rights, clock, books', async () => {
    const findings = await doctor(await startRig(at(MONDAY)));
    expect(worse(findings)).toEqual([]);
    const found = Object.fromEntries(findings.map((finding) => [finding.check, finding.found]));
    expect(found).toMatchObject({
      account: 'DU1234567, a paper account',
      orders: 'the gateway takes them',
      'contract of MES': expect.stringMatching(/^MESM6 on CME, number \d+, trades until 20260618, entered until 2026-06-10, open now$/) as string,
      'hours of MES': 'those of calendar cme-equity-index',
      'market data of MES': 'they are live',
      clock: expect.stringContaining('differ by 0') as string,
      'books and venue': 'nothing that the next start cannot explain',
    });
    expect(found['gateway']).toMatch(/^127\.0\.0\.1:\d+ answers and is ready$/);
  });

  it('says what to do where nothing listens', async () => {
    const rig = await startRig(at(MONDAY));
    await rig.simulator.stop();
    const findings = await doctor(rig);
    expect(of(findings, 'gateway') ?? of(findings, "broker 'ibkr'")).toMatchObject({ level: 'fault', found: expect.stringMatching(/nothing listens at 127/) as string, hint: expect.stringContaining('start IB Gateway') as string });
  });

  it.each([
    ['an API that may only read', { trading: { readOnly: true } }, {}, 'orders', { level: 'fault', hint: expect.stringContaining('untick') as string }],
    ['market data that are not subscribed', { market: { permissions: [{ symbol: 'MES', data: 'none' }] } }, {}, 'market data of MES', { level: 'fault', hint: expect.stringContaining('subscribe') as string }],
    ['delayed market data', { market: { permissions: [{ symbol: 'MES', data: 'delayed' }] } }, { marketData: 'delayed' }, 'market data of MES', { level: 'warning', found: 'they are delayed' }],
  ] as const)('reports %s', async (_what, scenario, settings, check, expected) => {
    expect(of(await doctor(await startRig(at(MONDAY, scenario as ScenarioInput)), { settings }), check)).toMatchObject(expected);
  });

  it.each([
    [4_000, 'warning'],
    [180_000, 'fault'],
  ] as const)('reports a clock that is off by %d ms', async (offMs, level) => {
    const findings = (await doctor(await startRig(at(MONDAY)), { offMs })).filter(({ check }) => check === 'clock');
    expect(findings).toContainEqual(expect.objectContaining({ level, hint: expect.stringContaining('synchronise') as string }));
  });

  it('reports a calendar that is not the venue\'s, and so do the warnings of a run', async () => {
    const rig = await startRig(at(MONDAY, { market: { closedDays: ['2026-05-06'] } }));
    expect(of(await doctor(rig), 'hours of MES')).toMatchObject({ level: 'warning', found: 'the venue is closed from 2026-05-05 22:00 to 2026-05-06 21:00 UTC, and calendar cme-equity-index is open', hint: expect.stringContaining('calendar') as string });
    const feed = new IbkrFeed(rig.connection, rig.settings, rig.context(feedParams.parse({})));
    await feed.connect();
    expect(feed.warnings()).toEqual(['hours of MES: the venue is closed from 2026-05-05 22:00 to 2026-05-06 21:00 UTC, and calendar cme-equity-index is open']);
  });

  it('reports a contract that comes to its end', async () => {
    const fixed: Instrument = { ...mes, symbols: { ibkr: { contractMonth: '202606', exchange: 'CME' } } };
    expect(of(await doctor(await startRig(at('2026-06-17T14:30:00Z')), { instrument: fixed }), 'contract of MES')).toMatchObject({ level: 'warning', found: expect.stringContaining('a position is left: MESM6 ends: its last trading day is 2026-06-18') as string, hint: 'take the expiry out of symbols.ibkr, or name the next one' });
  });

  it('reports orders and positions that the journal does not know', async () => {
    const rig = await startRig(at(MONDAY));
    rig.simulator.run('setPrice', { symbol: 'MES', last: 5000 });
    const other = new IbkrBroker(rig.connection, rig.settings, rig.context({ margin: false }));
    const events = new EventLog();
    await other.connect(events.take);
    const order = (clientOrderId: string, more: Partial<OrderIntent>): RiskApproved<OrderIntent> => ({ clientOrderId, instrument: 'MES', role: 'entry', side: 'buy', quantity: toQuantity(1), type: 'market', timeInForce: 'gtc', reduceOnly: false, decidedAt: toUtcMs(0), decisionPrice: toPrice(5000), reason: '', ...more }) as RiskApproved<OrderIntent>;
    other.submit(order('foreign-1', {}));
    other.submit(order('foreign-2', { type: 'limit', limitPrice: toPrice(4950) }));
    await events.find('fill', 'foreign-1');
    await events.find('accepted', 'foreign-2');
    const faults = (await doctor(rig)).filter(({ level }) => level === 'fault');
    expect(faults.map(({ check, found }) => `${check}: ${found}`).join('\n')).toMatch(/books and venue: .*MES/);
    expect(faults.map(({ found }) => found).join('\n')).toContain('foreign-2');
  });
});
