import { describe, expect, it } from 'vitest';
import type { Fill } from '../domain/events.js';
import { toMoney, toPrice, toQuantity, toUtcMs } from '../domain/units.js';
import type { BrokerSnapshot, OpenOrder } from '../ports/broker-snapshot.js';
import { Kernel as Bench, type KernelOptions } from '../../testing/kernel.js';
import { allocateBars } from '../series/bar-columns.js';
import { watchExecutions } from './compare-profit.js';
import { Kernel } from './kernel.js';
import { reconcileAccount, type ReconcileReport } from './reconcile-account.js';

const EXITS = { stopPoints: 10, rewardRisk: 2 };

class Comparison extends Bench {
  readonly kernel: Kernel;

  constructor(config: Record<string, unknown> = {}, options: KernelOptions = {}) {
    super({ ...options, config: { exits: EXITS, risk: { maxContracts: 100 }, ...config }, journal: true });
    this.kernel = new Kernel({ account: this.account, offPath: { idle: true, deliver() {}, ask() {} }, clockCell: undefined, initialCash: 100_000, hasDetail: false });
  }

  /** From when on the venue tells of everything; undefined for one that does not say. */
  tellsFrom: number | undefined = 0;

  /** @param held signed quantity at the venue */
  compare(held: number, orders: readonly OpenOrder[], executions: readonly Fill[] = [], last = true, now = this.account.now): ReconcileReport | undefined {
    const asked = new Set(this.account.orders.live.flat().map(({ clientOrderId }) => clientOrderId));
    const snapshot: BrokerSnapshot = { time: now, ...(this.tellsFrom === undefined ? {} : { executionsFrom: toUtcMs(this.tellsFrom) }), orders, positions: held === 0 ? [] : [{ instrument: 'X', quantity: held, averagePrice: toPrice(100) }], cash: [] };
    return reconcileAccount(this.kernel, { executions, snapshot, since: toUtcMs(0), asked }, now, last);
  }

  /** Live orders as the venue would list them. */
  get standing(): OpenOrder[] {
    return this.account.orders.live.flat().map(({ clientOrderId, side, lots, filledLots, limitPrice, stopPrice }) => openOrder(clientOrderId, { side, quantity: toQuantity(lots), filled: toQuantity(filledLots), ...(limitPrice === undefined ? {} : { limitPrice: toPrice(limitPrice) }), ...(stopPrice === undefined ? {} : { stopPrice: toPrice(stopPrice) }) }));
  }

  get halted(): string | undefined {
    return this.account.halted;
  }
}

function openOrder(clientOrderId: string, fields: Partial<OpenOrder> = {}): OpenOrder {
  return { clientOrderId, instrument: 'X', side: 'sell', quantity: toQuantity(1), filled: toQuantity(0), status: 'working', ...fields };
}

function fillOf(executionId: string, clientOrderId: string, fields: Partial<Fill> = {}): Fill {
  return { executionId, clientOrderId, instrument: 'X', side: 'buy', quantity: toQuantity(1), price: toPrice(100), commission: toMoney(1), commissionCurrency: 'USD', slippage: toMoney(0), liquidity: 'taker', time: toUtcMs(1), ...fields };
}

describe('comparing books and venue', () => {
  it('changes nothing where both say the same', () => {
    const books = new Comparison();
    const entry = books.enter('long', 100);
    for (const leg of entry.bracket ?? []) books.activate(leg.clientOrderId, 1);
    const known = books.account.orders.live.flat().map(({ fills }) => fills).flat();
    expect(books.compare(1, books.standing, known)).toMatchObject({ booked: [], takenBack: [], settled: [], adopted: [], foreign: [], unexplained: [] });
    expect(books.halted).toBeUndefined();
    expect(books.desk.position.lots).toBe(1);
  });

  it('halts entries where realised profit differs from what the executions alone come to', () => {
    const books = new Comparison();
    watchExecutions(books.account);
    const entry = books.enter('long', 100);
    for (const leg of entry.bracket ?? []) books.activate(leg.clientOrderId, 1);
    const known = books.account.orders.live.flat().flatMap(({ fills }) => fills);
    const agreed = books.compare(1, books.standing, known);
    expect(agreed?.unexplained).toEqual([]);
    expect(agreed?.executedPnl).toBe(agreed?.realizedPnl);
    books.account.ledger.realized.add(12.5);
    expect(books.compare(1, books.standing, known)?.unexplained).toEqual([expect.stringMatching(/^money is 12\.5 realised, .* in the books and 0 realised, .* from the executions$/)]);
    expect(books.halted).toMatch(/books and venue differ: money is 12\.5 realised/);
  });

  it('charges what an execution cost where the venue told of that to nobody, once, and gives it back with a fill that is taken back', () => {
    const books = new Comparison();
    watchExecutions(books.account);
    const entry = books.enter('long', 100);
    for (const leg of entry.bracket ?? []) books.activate(leg.clientOrderId, 1);
    const [booked] = books.account.orders.fillsSince(0) as [Fill];
    const told = { ...booked, commission: toMoney(booked.commission + 1.5) };
    const paid = (): number => books.account.ledger.commissions.value - books.account.ledger.transfers.value;
    const before = paid();
    expect(books.compare(1, books.standing, [told])).toMatchObject({ charged: [booked.executionId], unexplained: [] });
    expect(paid() - before).toBeCloseTo(1.5, 9);
    expect(books.compare(1, books.standing, [told])).toMatchObject({ charged: [], unexplained: [] });
    expect(books.compare(1, books.standing, [{ ...booked, commission: toMoney(0) }])).toMatchObject({ charged: [], unexplained: [] });
    books.kernel.event({ kind: 'fill-corrected', executionId: booked.executionId, replacement: { ...told, executionId: 'corrected' }, time: books.account.now }, books.account.now);
    expect(paid() - before).toBeCloseTo(1.5, 9);
    expect(books.compare(1, books.standing, [{ ...told, executionId: 'corrected' }])).toMatchObject({ charged: [], unexplained: [] });
  });

  it('books a fill that was missed once, and gives the position its stop in the same breath', () => {
    const books = new Comparison();
    books.seat(({ signal }) => signal.long({}));
    const [entry] = books.step(100);
    const id = entry?.clientOrderId as string;
    books.cancelled(id); // it fills before the cancel arrives, and nobody hears of it
    books.broker.submitted.length = 0;
    const missed = fillOf('E1', id);
    expect(books.compare(1, [], [missed])).toMatchObject({ booked: ['E1'], unexplained: [] });
    expect(books.desk.position.lots).toBe(1);
    expect(books.broker.submitted.map(({ role, stopPrice }) => [role, stopPrice])).toContainEqual(['stop', 90]);
    expect(books.compare(1, books.standing, [missed])).toMatchObject({ booked: [], unexplained: [] });
    expect(books.desk.position.lots).toBe(1);
  });

  it.each([undefined, 'from this morning'] as const)('takes nothing for taken back that the venue may have forgotten: it tells of the present day only (%s)', (from) => {
    const books = new Comparison({ risk: { maxContracts: 100, maxDailyLoss: 500 } });
    books.enter('long', 100);
    const lots = books.desk.position.lots;
    const later = toUtcMs(books.account.now + 86_400_000);
    books.tellsFrom = from === undefined ? undefined : later - 3_600_000;
    // its stop filled in the evening: neither that nor the entry is told of any more
    expect(books.compare(0, [], [], true, later)).toMatchObject({ takenBack: [], unexplained: [expect.stringContaining('is 0 at the venue and')] });
    expect(books.halted).toMatch(/books and venue differ/);
    expect(books.desk.position.lots).toBe(lots);
  });

  it('sends no exit for a position that the venue does not hold: it would open one', () => {
    const books = new Comparison({ sizing: { use: 'fixed-quantity', quantity: 3 } });
    books.enter('long', 100);
    books.broker.submitted.length = 0;
    books.tellsFrom = undefined;
    const [known] = books.account.orders.fillsSince(toUtcMs(0)) as [Fill];
    expect(books.compare(0, [], [known])?.unexplained).toHaveLength(1);
    expect(books.broker.submitted).toEqual([]); // no stop is put up
    expect(books.step(80)).toEqual([]); // and nothing leaves, though the stop was passed
    expect(books.notes).toContain('the venue holds 0 X and the books have 3: an exit for more would open a position');
    // of a part of it, the part
    expect(books.compare(1, [], [known])?.unexplained).toHaveLength(1);
    expect(books.broker.submitted).toMatchObject([{ role: 'exit', side: 'sell', quantity: 1 }]);
    // and once they agree, all of it
    books.broker.submitted.length = 0;
    books.cancelled(books.account.orders.live.flat()[0]?.clientOrderId as string);
    expect(books.compare(3, [], [known])?.unexplained).toEqual([]);
    expect(books.broker.submitted.at(-1)).toMatchObject({ role: 'exit', quantity: 3 });
  });

  it('sends no entry while books and venue differ, though someone resumed the account', () => {
    const books = new Comparison();
    expect(books.compare(3, [])?.unexplained).toHaveLength(1);
    books.kernel.command({ command: 'resume', by: 'reconciliation', reason: 'it was looked into' }, books.account.now);
    expect(books.halted).toBeUndefined();
    books.seat(({ signal }) => signal.long({}));
    expect(books.step(100)).toEqual([]);
    expect(books.notes).toContain('the venue holds 3 X and the books have 0: no entry leaves before a comparison finds them equal');
    expect(books.compare(0, [])?.unexplained).toEqual([]);
    expect(books.step(100)).toMatchObject([{ role: 'entry', side: 'buy' }]);
  });

  it('lets the exits stand of what the venue alone holds, cut to that, until both agree', () => {
    const books = new Comparison({ sizing: { use: 'fixed-quantity', quantity: 3 } });
    books.seat(({ signal }) => signal.long({}));
    const [entry] = books.step(100);
    const [stop, target] = (entry?.bracket ?? []).map(({ clientOrderId }) => clientOrderId) as [string, string];
    books.broker.canceled.length = 0;
    // the entry filled unheard, and the venue has forgotten its fill; what was sent with it stands
    const standing = [openOrder(stop, { quantity: toQuantity(3), stopPrice: toPrice(90) }), openOrder(target, { quantity: toQuantity(3), limitPrice: toPrice(120) })];
    expect(books.compare(3, standing)?.unexplained).toEqual(['the position in X is 3 at the venue and 0 in the books']);
    books.step(101);
    expect(books.broker.canceled).toEqual([]);
    // someone sells one of the three by hand
    expect(books.compare(2, standing)?.unexplained).toHaveLength(1);
    expect(books.broker.canceled).toEqual([]);
    expect(books.broker.changes).toMatchObject([{ clientOrderId: stop, quantity: 2 }, { clientOrderId: target, quantity: 2 }]);
    // and then the rest: what stands would open a position
    expect(books.compare(0, standing)?.unexplained).toEqual([]);
    expect(books.broker.canceled).toEqual(expect.arrayContaining([stop, target]));
  });

  it.each([
    ['on the day that it happened, though its first bar comes later', 86_400_000 + 36_000_000, 36_000_000 - 300_000, true],
    ['on the day before, which is over', 86_400_000 + 36_000_000, -300_000, false],
  ])('holds a loss that was missed against the limit %s', (_what, downtime, filledAt, stays) => {
    const books = new Comparison({ risk: { maxContracts: 100, maxDailyLoss: 500 }, sizing: { use: 'fixed-quantity', quantity: 100 } });
    const entry = books.enter('long', 100);
    const midnight = Math.ceil(books.account.now / 86_400_000) * 86_400_000;
    const now = toUtcMs(midnight + downtime - 86_400_000);
    const stop = fillOf('S', `${entry.clientOrderId}-stop`, { side: 'sell', quantity: toQuantity(100), price: toPrice(90), time: toUtcMs(midnight + filledAt) });
    books.compare(0, [], [...books.account.orders.fillsSince(toUtcMs(0)), stop], true, now);
    expect(books.account.latches.has('daily-loss')).toBe(true);
    // the bars of the time without a trader are looked at
    const { bars } = books.desk;
    const bar = allocateBars(1);
    bar.time[0] = now - 60_000;
    for (const column of [bar.open, bar.high, bar.low, bar.close]) column[0] = 92;
    bars.push(bar, 0);
    bars.closeTime[bars.index] = now;
    books.kernel.warm(now, [{ instrument: 0, detail: false, ring: bars }], 1);
    expect(books.account.latches.has('daily-loss')).toBe(stays);
  });

  it('takes for taken back what the venue no longer tells of, only where that explains its position', () => {
    const books = new Comparison();
    books.enter('long', 100);
    expect(books.compare(0, [])).toMatchObject({ takenBack: [expect.any(String) as string], unexplained: [] });
    expect(books.desk.position.lots).toBe(0);

    const forgetful = new Comparison();
    const entry = forgetful.enter('long', 100);
    for (const leg of entry.bracket ?? []) forgetful.activate(leg.clientOrderId, 1);
    expect(forgetful.compare(1, forgetful.standing)).toMatchObject({ takenBack: [], unexplained: [] });
    expect(forgetful.desk.position.lots).toBe(1);
  });

  it('puts a correction that nobody heard of in the place of the fill, and sends nothing for the sum of both', () => {
    const books = new Comparison();
    const entry = books.enter('long', 100);
    for (const leg of entry.bracket ?? []) books.activate(leg.clientOrderId, 1);
    const [first] = books.account.orders.fillsSince(0) as [Fill];
    books.broker.submitted.length = books.broker.canceled.length = 0;
    const corrected = { ...first, executionId: 'corrected', price: toPrice(99) };
    expect(books.compare(1, books.standing, [corrected])).toMatchObject({ booked: ['corrected'], takenBack: [first.executionId], unexplained: [] });
    expect([books.broker.submitted, books.broker.canceled, books.desk.position.lots]).toEqual([[], [], 1]);
    expect(books.account.orders.fillsSince(0)).toEqual([corrected]);
    expect(books.compare(1, books.standing, [corrected])).toMatchObject({ booked: [], takenBack: [], unexplained: [] });
  });

  it('reads the venue once more before a difference halts entries', () => {
    const books = new Comparison();
    books.step(100);
    expect(books.compare(3, [], [], false)).toBeUndefined();
    expect(books.halted).toBeUndefined();
    expect(books.compare(3, [], [], true)?.unexplained).toEqual(['the position in X is 3 at the venue and 0 in the books']);
    expect(books.halted).toContain('the position in X is 3 at the venue and 0 in the books');
  });

  it('books and reports executions of another source', () => {
    const books = new Comparison();
    books.step(100);
    expect(books.compare(1, [], [fillOf('E9', 'by-hand')])).toMatchObject({ booked: ['E9'], foreign: ['E9'], unexplained: [] });
    expect(books.desk.position.lots).toBe(1);
  });

  it('asks again for a cancel that never arrived, once the venue shows that the order stands', () => {
    const books = new Comparison();
    let wish: 'long' | 'flat' = 'long';
    books.seat(({ signal }) => signal[wish]({ entry: 95, stop: 85 }));
    const [entry] = books.step(100);
    const id = entry?.clientOrderId as string;
    books.accept(id);
    wish = 'flat';
    books.step(100);
    expect(books.broker.canceled).toEqual([id]);
    books.step(100);
    expect(books.broker.canceled).toEqual([id]); // not before the venue was read
    expect(books.compare(0, books.standing.filter(({ clientOrderId }) => clientOrderId === id))).toMatchObject({ settled: expect.arrayContaining([id]) as string[] });
    books.step(100);
    expect(books.broker.canceled).toEqual([id, id]);
  });
});

describe('an order at the venue that does not live in the books', () => {
  it('is taken over where it guards a position, and its number is used up', () => {
    const books = new Comparison();
    books.enter('long', 100);
    const [instrument] = books.account.ledger.positions;
    expect(instrument?.lots).toBe(1);
    const name = `${books.account.name}-X-77`;
    const report = books.compare(1, [...books.standing, openOrder(name, { stopPrice: toPrice(92) })], [], true);
    expect(report?.adopted).toEqual([name]);
    expect(books.account.orders.get(name)).toMatchObject({ role: 'stop', lots: 1, stopPrice: 92 });
    expect(books.account.names.next('X')).toBe(`${books.account.name}-X-78`);
  });

  it('is taken back where it would enter', () => {
    const books = new Comparison();
    books.step(100);
    const name = `${books.account.name}-X-5`;
    expect(books.compare(0, [openOrder(name, { side: 'buy', limitPrice: toPrice(95) })])?.adopted).toEqual([name]);
    expect(books.broker.canceled).toEqual([name]);
  });

  it.each([
    ['that was taken for dead with its entry', (books: Comparison, id: string) => books.cancelled(id)],
    ['that had been refused', (books: Comparison, id: string) => {
      books.cancelled(id);
      books.say({ kind: 'rejected', clientOrderId: `${id}-target`, code: 'X', reason: 'test', time: books.account.now });
    }],
  ])('lives again, and goes with the position that it guarded: an exit %s', (_what, end) => {
    const books = new Comparison();
    books.seat(({ signal }) => signal.long({}));
    const [entry] = books.step(100);
    const id = entry?.clientOrderId as string;
    end(books, id);
    const target = openOrder(`${id}-target`, { limitPrice: toPrice(120) });
    expect(books.compare(0, [target])).toMatchObject({ adopted: [`${id}-target`], unexplained: [] });
    expect(books.broker.canceled).toContain(`${id}-target`);
    expect(books.account.orders.live.flat().map(({ clientOrderId }) => clientOrderId)).toEqual([`${id}-target`]);
  });

  it('lives again, though it has filled by its books, where the venue has the same fills and more to fill', () => {
    const books = new Comparison({ sizing: { use: 'fixed-quantity', quantity: 3 } });
    books.seat(({ signal }) => signal.long({}));
    const [entry] = books.step(100);
    const id = entry?.clientOrderId as string;
    books.fill(id, 2, 100);
    const part = books.fill(`${id}-target`, 2, 120, { side: 'sell' });
    expect(books.account.orders.get(`${id}-target`)?.status).toBe('filled');
    const missed = fillOf('E9', id); // the third of the entry: its target is larger than was known
    const known = books.account.orders.fillsSince(toUtcMs(0));
    const standing = [openOrder(`${id}-stop`, { stopPrice: toPrice(90) }), openOrder(`${id}-target`, { quantity: toQuantity(3), filled: part.quantity, limitPrice: toPrice(120) })];
    expect(books.compare(1, standing, [...known, missed])).toMatchObject({ booked: ['E9'], adopted: [`${id}-target`], unexplained: [] });
    expect(books.halted).toBeUndefined();
    expect(books.account.orders.get(`${id}-target`)).toMatchObject({ status: 'partially-filled', lots: 3, filledLots: 2 });
  });

  it('of a name that is not the account\'s, or that has filled in the books, halts entries', () => {
    const books = new Comparison();
    const entry = books.enter('long', 100);
    for (const leg of entry.bracket ?? []) books.activate(leg.clientOrderId, 1);
    const report = books.compare(1, [...books.standing, openOrder('by-hand'), openOrder(entry.clientOrderId, { side: 'buy' })]);
    expect(report?.adopted).toEqual([]);
    expect(report?.unexplained).toEqual(["order by-hand (sell 1 X) at the venue is not the account's", `order ${entry.clientOrderId} stands at the venue and has filled in the books`].sort((a) => (a.includes('by-hand') ? -1 : 1)));
    expect(books.halted).toContain('by-hand');
    expect(books.broker.canceled).toEqual([]);
  });
});

describe('names of orders', () => {
  it('are the account\'s with its name, the instrument and a number: another account may begin with the same letters', () => {
    const { account } = new Comparison();
    const { name } = account;
    expect([`${name}-X-1`, `${name}-X-12-stop`, `${name}-X-12-target`].map((id) => account.names.own(id, 'X'))).toEqual([true, true, true]);
    expect([`${name}-paper-X-1`, `${name}-Y-1`, `${name}-X-1-other`, `${name}-X-`, 'by-hand'].map((id) => account.names.own(id, 'X'))).toEqual([false, false, false, false, false]);
  });
});

describe('a position without a plan', () => {
  it('gets the exits of the account, its stop from the last close', () => {
    const books = new Comparison({ exits: { stopPoints: 10, maxHoldMinutes: 30, disasterStop: { lossFraction: 0.05 } } });
    books.step(104);
    books.compare(2, [], [fillOf('E9', 'by-hand', { quantity: toQuantity(2), time: books.account.now })]);
    expect(books.desk.plan).toMatchObject({ side: 'long', quantity: 2, entry: 100, stop: 94, initialStop: 94, target: undefined, timeLimit: books.account.now + 30 * 60_000, disasterLossFraction: 0.05, reason: 'found without a plan' });
    expect(books.broker.submitted.map(({ role, side, quantity, stopPrice }) => [role, side, quantity, stopPrice])).toEqual([['stop', 'sell', 2, 94]]);
    expect(books.notes).toContain('was found without a plan and got the exits of the account');
  });

  it('keeps the stop that guards it already, and gets no second one', () => {
    const books = new Comparison();
    books.step(104);
    const name = `${books.account.name}-X-3`;
    books.compare(1, [openOrder(name, { stopPrice: toPrice(97) })], [fillOf('E9', 'by-hand')]);
    expect(books.desk.plan).toMatchObject({ stop: 97, initialStop: 97 });
    expect(books.broker.submitted).toEqual([]);
  });
});
