import type { BrokerEvent, Instrument, Plan } from '@keelson/core/domain';
import { MemoryJournal, type Command } from '@keelson/core/engine';
import type { JournalRecord } from '@keelson/core/ports';
import type { Contract } from '@stoqey/ib';
import { describe, expect, it } from 'vitest';
import { startRig, until, type Rig } from '../testing/rig.js';
import { carried, eventsOf, intentsOf, lastOf, startAccount, venueOf, type RollingAccount } from '../testing/rolling-account.js';
import { IbkrBroker } from './broker/ibkr-broker.js';
import { queryOf } from './contracts/contract-spec.js';
import { contractDetails } from './contracts/resolve-contract.js';
import { diagnoseContract } from './diagnose.js';

const ENDS = 'MESM6 ends: its last trading day is 2026-06-18, and a position is carried over into MESU6';
/** Minutes before the day from which MESM6 is entered no more. */
const EVE = { clock: { kind: 'stepped', start: '2026-06-09T23:50:00Z' }, pacing: { enabled: false } } as const;

const rigOf = (): Promise<Rig> => startRig(EVE, {}, [carried]);
const rolledOf = (event: BrokerEvent): boolean => event.kind === 'restriction' && event.rolled !== undefined;

const deskOf = ({ engine }: RollingAccount) => engine.account.desks[0] as NonNullable<(typeof engine.account.desks)[number]>;
const settles = (account: RollingAccount, lots: number, contract?: string): Promise<unknown> =>
  until(() => deskOf(account).position.lots === lots && (contract === undefined || deskOf(account).plan?.carried?.to === contract) && account.engine.account.orders.live.flat().every(({ status }) => status === 'working') && (lots === 0 || account.engine.account.orders.liveCount === 2), `a position of ${lots}`);

/** Long in MESM6 a few minutes before its end, with stop and target. */
async function entered(rig: Rig, journal: MemoryJournal, more: Parameters<typeof startAccount>[2] = {}): Promise<RollingAccount> {
  const account = await startAccount(rig, journal, more);
  account.bar('MESM6');
  await settles(account, 1);
  return account;
}

/** The day of the roll begins, and the venue adapter has seen it. */
async function rollDay(rig: Rig, account: RollingAccount): Promise<void> {
  rig.simulator.advance(10 * 60_000);
  account.timer.fire();
  await until(() => deskOf(account).restriction?.carry === 'MESM6', 'the end of the contract');
}

describe('a position that is carried over', () => {
  it('is left, and entered anew in the next contract by the same plan, moved by the difference', async () => {
    const rig = await rigOf();
    const journal = new MemoryJournal();
    const account = await entered(rig, journal);
    const before = deskOf(account).plan as Plan;
    const bought = deskOf(account).position.averagePrice as number;
    await rollDay(rig, account);
    account.bar('MESM6');
    await settles(account, 1, 'MESU6');
    const plan = deskOf(account).plan as Plan;
    const { rolled } = eventsOf(journal).filter(rolledOf).at(-1) as Extract<BrokerEvent, { kind: 'restriction' }>;
    const difference = rolled?.differences.MESM6 as number;
    expect(Math.abs(difference - (lastOf(rig, 'MESU6') - lastOf(rig, 'MESM6')))).toBeLessThan(2);
    expect(difference).toBeGreaterThan(30); // three months of interest
    for (const key of ['stop', 'initialStop', 'target'] as const) expect(plan[key]).toBe((before[key] as number) + difference);
    expect(plan).toMatchObject({ reason: 'carried over from MESM6 into MESU6', carried: { from: 'MESM6', to: 'MESU6', basis: bought + difference }, conviction: before.conviction });
    expect(await venueOf(rig)).toMatchObject({ positions: [['MESU6', 1]], orders: [['MESU6', 'SELL STP 1', plan.stop], ['MESU6', 'SELL LMT 1', plan.target]] });
    // equity did not jump by the difference
    expect(Math.abs(account.engine.account.ledger.equity - 100_000)).toBeLessThan(60);
    await account.stop();
    expect(intentsOf(journal).map(({ role, side, reason }) => [role, side, reason])).toEqual([
      ['entry', 'buy', before.reason],
      ['exit', 'sell', ENDS],
      ['entry', 'buy', 'carried over from MESM6 into MESU6'],
    ]);
    expect(account.told.join('\n')).toContain('critical a: MES: to be carried over');
    expect((await account.replay()).difference).toBeUndefined();
  });

  it('goes on over bars of its own feed, without a jump in equity', async () => {
    const rig = await rigOf();
    const journal = new MemoryJournal();
    const account = await startAccount(rig, journal, { ownFeed: true });
    const minutes = async (most: number, what: () => boolean): Promise<void> => {
      for (let i = 0; i < most && !what(); i++) {
        const { count } = deskOf(account).bars;
        rig.simulator.advance(60_000);
        await until(() => deskOf(account).bars.count > count, 'the next bar');
      }
      await until(what, 'what is waited for');
    };
    await until(() => rig.log.some((line) => line.includes('books and venue were compared')), 'the comparison');
    await minutes(3, () => deskOf(account).position.lots === 1);
    await settles(account, 1);
    await minutes(12, () => rig.simulator.now() > Date.parse('2026-06-10'));
    account.timer.fire();
    await until(() => deskOf(account).restriction?.carry === 'MESM6', 'the end of the contract');
    await minutes(2, () => deskOf(account).carried !== undefined);
    await settles(account, 1, 'MESU6');
    const { rolled } = eventsOf(journal).filter(rolledOf).at(-1) as Extract<BrokerEvent, { kind: 'restriction' }>;
    expect(rolled?.barsFrom).toBeDefined();
    const { bars } = deskOf(account);
    const last = bars.close[bars.index] as number;
    expect(Math.abs(account.engine.account.ledger.equity - 100_000)).toBeLessThan(60);
    await minutes(1, () => bars.close[bars.index] !== last);
    expect((bars.close[bars.index] as number) - last).toBeGreaterThan(30);
    expect(Math.abs(account.engine.account.ledger.equity - 100_000)).toBeLessThan(60);
    expect(deskOf(account).position.lots).toBe(1);
    await account.stop();
    expect((await account.replay()).difference).toBeUndefined();
  });

  it('costs in the books what it cost at the venue, to the cent, in trades that name both contracts', async () => {
    const rig = await rigOf();
    const journal = new MemoryJournal();
    const cashBefore = (await venueOf(rig)).cash;
    const account = await entered(rig, journal);
    await rollDay(rig, account);
    account.bar('MESM6');
    await settles(account, 1, 'MESU6');
    account.engine.command({ command: 'kill', reason: 'enough' });
    await settles(account, 0);
    const fills = eventsOf(journal).flatMap((event) => (event.kind === 'fill' ? [event.fill] : []));
    expect(fills.length).toBe(4);
    const cents = fills.reduce((sum, { side, price, quantity, commission }) => sum + Math.round(100 * ((side === 'sell' ? 1 : -1) * price * quantity * 5 - commission)), 0);
    expect(Math.round(100 * (account.engine.account.ledger.equity - 100_000))).toBe(cents);
    expect(Math.round(100 * ((await venueOf(rig)).cash - cashBefore))).toBe(cents);
    const { trades } = await account.stop();
    expect([...trades].map(({ entryReason, exitReason }) => [entryReason, exitReason])).toEqual([['long', ENDS], ['carried over from MESM6 into MESU6', 'killed: enough']]);
    expect(Math.round(100 * [...trades].reduce((sum, { pnl, commission }) => sum + pnl - commission, 0))).toBe(cents);
  });

  it('stays within the cap at every instant', async () => {
    const rig = await rigOf();
    const journal = new MemoryJournal();
    const account = await entered(rig, journal, { risk: { maxContracts: 1 } });
    await rollDay(rig, account);
    account.bar('MESM6');
    await settles(account, 1, 'MESU6');
    let held = 0;
    for (const event of eventsOf(journal)) if (event.kind === 'fill') expect(Math.abs((held += event.fill.side === 'buy' ? 1 : -1))).toBeLessThanOrEqual(1);
    await account.stop();
  });

  it('is not entered anew where a stop took it', async () => {
    const rig = await rigOf();
    const journal = new MemoryJournal();
    const account = await entered(rig, journal, { once: true });
    await rollDay(rig, account);
    rig.simulator.run('setPrice', { symbol: 'MESM6', last: (deskOf(account).plan?.stop as number) - 1 });
    await until(() => deskOf(account).position.lots === 0, 'the fill of the stop');
    await until(() => deskOf(account).restriction === undefined, 'the next contract');
    account.bar('MESU6');
    await account.stop();
    expect(intentsOf(journal).map(({ role }) => role)).toEqual(['entry']);
    expect(await venueOf(rig)).toMatchObject({ positions: [], orders: [] });
  });

  it('measures break-even and R from where it began', async () => {
    const rig = await rigOf();
    const journal = new MemoryJournal();
    const account = await entered(rig, journal, { exits: { stopPoints: 20, rewardRisk: 5, breakEvenAfterR: 1 } });
    const { stop: stopBefore } = deskOf(account).plan as Plan;
    const bought = deskOf(account).position.averagePrice as number;
    await rollDay(rig, account);
    // 15 of the 20 points are made before the roll
    rig.simulator.run('setPrice', { symbol: 'MESM6', last: bought + 15 });
    account.bar('MESM6');
    await settles(account, 1, 'MESU6');
    const { carried: over, stop } = deskOf(account).plan as Plan;
    expect(stop).toBe((over?.basis as number) - bought + (stopBefore as number));
    rig.simulator.run('setPrice', { symbol: 'MESU6', last: (over?.basis as number) + 21 });
    account.bar('MESU6');
    await until(() => deskOf(account).plan?.change === 'break-even', 'the stop at the entry');
    expect(deskOf(account).plan?.stop).toBe(over?.basis);
    await account.stop();
  });
});

describe('an instrument whose positions are carried over', () => {
  const doctor = async (start: string): Promise<unknown> => {
    const rig = await startRig({ ...EVE, clock: { kind: 'stepped', start } }, {}, [carried]);
    await rig.connection.gateway.connect();
    await rig.connection.resolve([carried], start < '2026-06-10' ? [] : [{ secType: 'FUT', symbol: 'MES', conId: (await heldId(rig)) }] as Contract[]);
    return diagnoseContract(rig.connection, carried, rig.simulator.now());
  };
  const heldId = async ({ connection }: Rig): Promise<number> => (await contractDetails(connection.gateway, { secType: 'FUT', symbol: 'MES', exchange: 'CME', localSymbol: 'MESM6' } as Contract))[0]?.contract.conId ?? 0;

  it('is told of by the doctor, and ahead by the warnings', async () => {
    expect(await doctor('2026-06-08T14:30:00Z')).toMatchObject({ level: 'ok', found: expect.stringContaining('entered until 2026-06-10') as string });
    expect(await doctor('2026-06-11T14:30:00Z')).toMatchObject({ level: 'warning', found: expect.stringContaining('it is entered no more: MESM6 ends: its last trading day is 2026-06-18, and a position is carried over, or without a next one left from 2026-06-16 on') as string });
    const rig = await rigOf();
    const broker = new IbkrBroker(rig.connection, rig.settings, rig.context({ margin: false }));
    await broker.connect(() => undefined);
    expect(broker.warnings()).toEqual(['MESM6 is entered no more from 2026-06-10 on, and a position is carried over then']);
    await broker.disconnect();
  });

  it('must be free to change its expiry, and is not carried over by a spread', async () => {
    const other = (more: object): Instrument => ({ ...carried, symbols: { ibkr: { ...(carried.symbols.ibkr as object), ...more } } });
    const fixed = other({ contractMonth: '202606' });
    const { connection } = await startRig(EVE, {}, [fixed]);
    await connection.gateway.connect();
    await expect(connection.resolve([fixed])).rejects.toThrow('roll.position is reopen, and the expiry is fixed: there is no next one to enter');
    expect(() => queryOf(other({ roll: { position: 'spread' } }))).toThrow('instruments[MES].symbols.ibkr.roll.position: Invalid option: expected one of "flatten"|"hold"|"reopen"');
  });
});

describe('a roll that is interrupted', () => {
  const isFill = (role: string) => ({ kind, data }: JournalRecord): boolean => kind === 'broker-event' && (data as BrokerEvent).kind === 'fill' && ((data as { readonly fill: { readonly side: string } }).fill.side === 'sell') === (role === 'exit');
  const isRolled = ({ kind, data }: JournalRecord): boolean => kind === 'broker-event' && rolledOf(data as BrokerEvent);
  const isPlan = ({ kind, data }: JournalRecord): boolean => kind === 'plan' && (data as { readonly plan: Plan }).plan.carried !== undefined;
  const isIntent = ({ kind, data }: JournalRecord): boolean => kind === 'intent' && (data as { readonly reason: string }).reason.startsWith('carried over');

  it.each([
    ['before it heard of its exit', isFill('exit'), false],
    ['after its exit', isFill('exit'), true],
    ['before it heard of the next contract', isRolled, false],
    ['behind the plan of its entry', isPlan, true],
    ['before its entry', isIntent, false],
  ] as const)('by the death of the process %s is finished by the next one, and nothing is doubled', async (_name, at, written) => {
    const rig = await rigOf();
    const journal = new MemoryJournal();
    const first = await entered(rig, journal, { once: true, death: { at, written } });
    const before = deskOf(first).plan as Plan;
    await rollDay(rig, first);
    first.bar('MESM6');
    await first.ended;
    const second = await startAccount(rig, journal, { once: true });
    await settles(second, 1, 'MESU6');
    expect(second.told.filter((line) => line.includes('not carried over'))).toEqual([]);
    const plan = deskOf(second).plan as Plan;
    expect((plan.stop as number) - (before.stop as number)).toBeGreaterThan(30);
    expect(await venueOf(rig)).toMatchObject({ positions: [['MESU6', 1]], orders: [['MESU6', 'SELL STP 1', plan.stop], ['MESU6', 'SELL LMT 1', plan.target]] });
    const fills = eventsOf(journal).flatMap((event) => (event.kind === 'fill' ? [event.fill] : []));
    expect(fills.map(({ side }) => side)).toEqual(['buy', 'sell', 'buy']);
    await second.stop();
    expect((await second.replay()).difference).toBeUndefined();
  });

  it('by the death of the process with its entry on the way is finished, or left flat with a word about it, and never doubled', async () => {
    const rig = await rigOf();
    const journal = new MemoryJournal();
    const first = await entered(rig, journal, { once: true, death: { at: isIntent, written: true } });
    await rollDay(rig, first);
    first.bar('MESM6');
    await first.ended;
    const second = await startAccount(rig, journal, { once: true });
    // whether the order had left the socket nobody knows: the venue says
    await until(() => second.told.some((line) => line.includes('not carried over')) || (deskOf(second).position.lots === 1 && second.engine.account.orders.liveCount === 2), 'the end of the roll');
    const { lots } = deskOf(second).position;
    expect(second.told.some((line) => line.includes('not carried over'))).toBe(lots === 0);
    const { positions, orders } = await venueOf(rig);
    expect([positions, orders.length]).toEqual(lots === 0 ? [[], 0] : [[['MESU6', 1]], 2]);
    await second.stop();
    expect((await second.replay()).difference).toBeUndefined();
  });

  it('for longer than half an hour leaves the account flat, and says so', async () => {
    const rig = await rigOf();
    const journal = new MemoryJournal();
    const first = await entered(rig, journal, { once: true, death: { at: isFill('exit'), written: true } });
    await rollDay(rig, first);
    first.bar('MESM6');
    await first.ended;
    rig.simulator.advance(31 * 60_000);
    const second = await startAccount(rig, journal, { once: true });
    await until(() => second.told.some((line) => line.includes('not carried over')), 'a word about it');
    expect(second.told.join('\n')).toContain('critical a: MES: not carried over: the position was left and is not entered anew: it took too long');
    expect(await venueOf(rig)).toMatchObject({ positions: [], orders: [] });
    await second.stop();
  });

  it('by a lost connection goes on once books and venue were compared', async () => {
    const rig = await rigOf();
    const journal = new MemoryJournal();
    const account = await entered(rig, journal, { once: true });
    await rollDay(rig, account);
    account.bar('MESM6');
    await until(() => deskOf(account).carried?.lots === 1, 'the exit');
    rig.simulator.drop();
    rig.simulator.advance(2_000); // an equal question would have to wait for its turn
    await settles(account, 1, 'MESU6');
    const commands = [...journal.read()].flatMap(({ kind, data }) => (kind === 'command' ? [(data as Command).command] : []));
    expect(commands).toContain('halt'); // nothing was entered while nobody knew
    expect(await venueOf(rig)).toMatchObject({ positions: [['MESU6', 1]] });
    await account.stop();
    expect((await account.replay()).difference).toBeUndefined();
  });

  it.each([
    ['the venue', {}, 'the venue did not take the entry'],
    ['a limit of the account', { maxTradesPerDay: 1 }, 'maxTradesPerDay 1 was reached'],
  ])('by %s, which refuses the entry, leaves the account flat, and says so', async (who, risk, why) => {
    const rig = await rigOf();
    const journal = new MemoryJournal();
    const account = await entered(rig, journal, { once: true, risk });
    await rollDay(rig, account);
    account.bar('MESM6');
    await until(() => deskOf(account).carried?.lots === 1, 'the exit');
    if (who === 'the venue') rig.simulator.run('fault', { kind: 'readOnly', on: true });
    await until(() => account.told.some((line) => line.includes('not carried over')), 'a word about it');
    expect(account.told.join('\n')).toContain(`not carried over: the position was left and is not entered anew: ${why}`);
    account.bar('MESU6');
    expect(await venueOf(rig)).toMatchObject({ positions: [], orders: [] });
    await account.stop();
    expect((await account.replay()).difference).toBeUndefined();
  });
});
