import { describe, expect, it } from 'vitest';
import type { OrderIntent } from '../domain/order.js';
import { toMoney, toPrice, toQuantity, toUtcMs } from '../domain/units.js';
import { instrumentOf, Kernel, MINUTE, type KernelOptions } from '../../testing/kernel.js';
import { carryOut } from '../engine/commands.js';
import type { Kernel as EngineKernel } from '../engine/kernel.js';
import { Recall } from '../engine/recall.js';
import type { Notification } from '../ports/notifier.js';
import type { Desk } from './desk.js';
import { keepFlat } from './flatten.js';
import { haltEntries } from './halt-entries.js';
import { noteState, recallState, type StateData } from './note-state.js';
import { watchLosses } from './watch-losses.js';

type Told = Kernel & { readonly told: Notification[] };

function withRisk(risk: Record<string, unknown>, options: KernelOptions = {}): Told {
  const told: Notification[] = [];
  const notifier = { notify: async (notification: Notification) => void told.push(notification) };
  const kernel = Object.assign(new Kernel({ ...options, notifier, config: { risk: { maxContracts: 10_000, ...risk }, sizing: { use: 'fixed-quantity', quantity: 10 } } }), { told });
  kernel.see(100);
  return kernel;
}

/** What a moment does: a bar, the breakers, and a strategy that always wants in. */
function moment(kernel: Kernel, close: number): readonly OrderIntent[] {
  const before = kernel.broker.submitted.length;
  kernel.see(close);
  watchLosses(kernel.account);
  keepFlat(kernel.account);
  return kernel.broker.submitted.slice(before);
}

/** A round trip of 10 at 100 and another price. */
function trip(kernel: Kernel, exit: number, commission = 0): void {
  kernel.fill('in', 10, 100);
  kernel.fill('out', 10, exit, { side: 'sell', commission: toMoney(commission) });
}

const reasons = (kernel: Kernel): readonly string[] => kernel.account.latches.list.map(({ reason }) => reason);
const brief = (intents: readonly OrderIntent[]): string[] => intents.map(({ role, side, quantity, reason }) => `${role} ${side} ${quantity}: ${reason}`);

describe('the daily loss limit', () => {
  it.each<[string, Record<string, unknown>]>([
    ['a fraction', { maxDailyLossFraction: 0.02 }],
    ['money', { maxDailyLoss: 2000 }],
    ['the nearer of both', { maxDailyLoss: 2000, maxDailyLossFraction: 0.5 }],
  ])('counts what is realised and open, as %s', (_what, risk) => {
    const kernel = withRisk(risk);
    trip(kernel, 0); // 1000 realised
    kernel.fill('more', 100, 100);
    moment(kernel, 90.25); // 975 open
    expect(reasons(kernel)).toEqual([]);
    moment(kernel, 90);
    expect(reasons(kernel)).toEqual([expect.stringMatching(/^maxDailyLoss(Fraction 0.02| 2000) was reached: no entries until the next session$/)]);
    expect(kernel.account.halted).toBeUndefined();
  });

  it('is no loss when money is taken out, and no gain when some is paid in', () => {
    const kernel = withRisk({ maxDailyLoss: 2000, maxDrawdownFraction: 0.1 });
    const move = (kind: 'deposit' | 'withdrawal', amount: number): void => kernel.say({ kind: 'cash', movement: { id: kind, kind, amount: toMoney(amount), currency: 'USD', time: kernel.account.now } });
    move('withdrawal', -50_000);
    moment(kernel, 100);
    expect(reasons(kernel)).toEqual([]);
    move('deposit', 20_000);
    kernel.fill('in', 200, 100);
    moment(kernel, 90);
    expect(reasons(kernel)).toHaveLength(1);
  });
});

describe('the pause after losses', () => {
  const risk = { lossStreak: { losses: 3, pauseMinutes: 30 } };

  it('begins with the last of so many losing round trips in a row, and ends by itself', () => {
    const kernel = withRisk(risk);
    for (const exit of [99, 98]) trip(kernel, exit);
    moment(kernel, 100);
    expect(reasons(kernel)).toEqual([]);
    trip(kernel, 99);
    moment(kernel, 100);
    expect(reasons(kernel)).toEqual(['lossStreak 3 was reached: no entries for 30 minutes']);
    for (let i = 0; i < 29; i++) moment(kernel, 100);
    expect(kernel.account.latches.standing(kernel.account.now)).toBeDefined();
    moment(kernel, 100);
    expect(reasons(kernel)).toEqual([]);
    trip(kernel, 99); // counting begins anew
    moment(kernel, 100);
    expect(reasons(kernel)).toEqual([]);
  });

  it('is broken by a win, counts what commission makes a loss, and takes no notice of nothing', () => {
    const kernel = withRisk(risk);
    for (const exit of [99, 99, 101, 99, 99, 100]) trip(kernel, exit);
    moment(kernel, 100);
    expect(reasons(kernel)).toEqual([]);
    trip(kernel, 100.25, 5); // 2.50 won, 5 paid
    moment(kernel, 100);
    expect(reasons(kernel)).toHaveLength(1);
  });

  it('counts a position that left in parts, or turned around, once', () => {
    const kernel = withRisk(risk);
    kernel.fill('in', 10, 100);
    for (let i = 0; i < 9; i++) kernel.fill('out', 1, 99, { side: 'sell' });
    kernel.fill('turn', 11, 99, { side: 'sell' });
    moment(kernel, 100);
    expect(kernel.account.streak.losses).toBe(1);
    expect(reasons(kernel)).toEqual([]);
  });

  it('grows when losses go on while it lasts', () => {
    const kernel = withRisk({ lossStreak: { losses: 1, pauseMinutes: 10 } });
    trip(kernel, 99);
    moment(kernel, 100);
    for (let i = 0; i < 5; i++) moment(kernel, 100);
    trip(kernel, 99);
    moment(kernel, 100);
    for (let i = 0; i < 9; i++) moment(kernel, 100);
    expect(kernel.account.latches.list).toHaveLength(1);
    moment(kernel, 100);
    expect(reasons(kernel)).toEqual([]);
  });
});

describe('a breaker that flattens', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['dailyLoss', { maxDailyLossFraction: 0.02 }, 'maxDailyLossFraction 0.02 was reached: no entries until the next session'],
    ['drawdown', { maxDrawdownFraction: 0.02 }, 'maxDrawdownFraction 0.02 was reached'],
  ])('leaves every position at once on %s, and once', (breaker, risk, reason) => {
    const kernel = withRisk({ ...risk, onBreach: { [breaker]: 'flatten' } });
    kernel.fill('in', 200, 100);
    expect(brief(moment(kernel, 90))).toEqual([`exit sell 200: ${reason}`]);
    expect(moment(kernel, 90)).toEqual([]);
  });

  it('leaves exits alone when it only halts', () => {
    const kernel = withRisk({ maxDailyLossFraction: 0.02 });
    kernel.fill('in', 200, 100);
    expect(moment(kernel, 90)).toEqual([]);
  });

  it('leaves the other positions after losses', () => {
    const kernel = withRisk({ lossStreak: { losses: 1, pauseMinutes: 10 }, onBreach: { lossStreak: 'flatten' } }, { instruments: [instrumentOf(), instrumentOf({ id: 'Y' })] });
    kernel.put(50, kernel.desks[1] as Desk);
    kernel.fill('y', 4, 50, { instrument: 'Y' });
    trip(kernel, 99);
    expect(brief(moment(kernel, 100))).toEqual(['exit sell 4: lossStreak 1 was reached: no entries for 10 minutes']);
  });

  it('leaves again what fills late', () => {
    const kernel = withRisk({});
    carryOut({ command: 'kill', reason: 'enough' }, kernel.account);
    expect(moment(kernel, 100)).toEqual([]);
    kernel.fill('late', 3, 100);
    expect(brief(moment(kernel, 100))).toEqual(['exit sell 3: killed: enough']);
  });
});

describe('resume', () => {
  it('ends halts and kills, and measures the drawdown from present equity', () => {
    const kernel = withRisk({ maxDrawdownFraction: 0.1 });
    kernel.fill('in', 1000, 100);
    moment(kernel, 90);
    haltEntries(kernel.account, 'by hand');
    carryOut({ command: 'kill', reason: 'enough' }, kernel.account);
    expect(kernel.account.latches.list.map(({ by }) => by)).toEqual(['drawdown', 'command', 'kill']);
    carryOut({ command: 'resume', reason: 'looked at it' }, kernel.account);
    moment(kernel, 90);
    expect(reasons(kernel)).toEqual([]);
    moment(kernel, 80.75); // 9 250 of 90 000 would be 0.1 of the peak before
    expect(kernel.account.halted).toBe('maxDrawdownFraction 0.1 was reached');
  });

  it('leaves what ends by itself, and says so', () => {
    const kernel = withRisk({ maxDailyLoss: 1000, lossStreak: { losses: 1, pauseMinutes: 5 } });
    trip(kernel, 0);
    moment(kernel, 100);
    haltEntries(kernel.account, 'by hand');
    carryOut({ command: 'resume', reason: 'on' }, kernel.account);
    expect(kernel.account.latches.list.map(({ by }) => by)).toEqual(['daily-loss', 'loss-streak']);
    expect(kernel.told.at(-1)).toMatchObject({ title: 'test resumed', text: expect.stringContaining('on; still no entries: maxDailyLoss 1000') as string });
    kernel.account.beginDay();
    expect(kernel.account.latches.list.map(({ by }) => by)).toEqual(['loss-streak']);
  });

  it('of a person leaves what a watchdog will lift: the venue does not come back by being told', () => {
    const kernel = withRisk({});
    const watchdog = (command: 'halt' | 'resume', by: string): void => void carryOut({ command, reason: 'the venue is not connected', by }, kernel.account);
    watchdog('halt', 'venue');
    watchdog('halt', 'connection');
    carryOut({ command: 'resume', reason: 'on' }, kernel.account);
    expect(reasons(kernel)).toEqual(['the venue is not connected']);
    expect(kernel.account.latches.list.map(({ by }) => by)).toEqual(['venue']);
    expect(kernel.told.at(-1)).toMatchObject({ title: 'test resumed', text: 'on; still no entries: the venue is not connected' });
    watchdog('resume', 'venue');
    expect(reasons(kernel)).toEqual([]);
  });

  it('of a watchdog ends what it halted itself, and no more', () => {
    const kernel = withRisk({});
    const say = (command: 'halt' | 'resume', by?: string): void => void carryOut({ command, reason: command, ...(by === undefined ? {} : { by }) }, kernel.account);
    say('halt', 'feed');
    carryOut({ command: 'kill', reason: 'enough' }, kernel.account);
    say('resume', 'feed');
    expect(reasons(kernel)).toEqual(['killed: enough']);
    const told = kernel.told.length;
    say('resume', 'feed');
    expect(kernel.told).toHaveLength(told);
    expect(reasons(kernel)).toEqual(['killed: enough']);
  });
});

describe('latches in the journal', () => {
  it('and the orders of the last minute are known after a restart, commands whose state was not written too', () => {
    const kernel = withRisk({ maxOrdersPerMinute: 1 });
    const { account } = kernel;
    const recall = new Recall({ account } as EngineKernel, { advance: () => undefined, recall: () => false });
    const intent: OrderIntent = { clientOrderId: 'test-X-7', instrument: 'X', role: 'entry', side: 'buy', quantity: toQuantity(1), type: 'market', timeInForce: 'gtc', reduceOnly: false, decidedAt: account.now, decisionPrice: toPrice(100), reason: 'then' };
    recall.take({ kind: 'intent', time: account.now, data: intent });
    recall.end();
    expect(account.rate?.isFull(toUtcMs(account.now + MINUTE - 1))).toBe(true);
    expect(account.rate?.isFull(toUtcMs(account.now + MINUTE))).toBe(false);
    recall.take({ kind: 'command', time: account.now, data: { command: 'kill', reason: 'enough' } });
    expect(account.halted).toBe('killed: enough');
  });

  it('and an entry that could not be written in time, and so never left, is no order after a restart', () => {
    const kernel = withRisk({ maxOrdersPerMinute: 1 });
    const { account } = kernel;
    const recall = new Recall({ account } as EngineKernel, { advance: () => undefined, recall: () => false });
    const intent: OrderIntent = { clientOrderId: 'test-X-7', instrument: 'X', role: 'entry', side: 'buy', quantity: toQuantity(1), type: 'market', timeInForce: 'gtc', reduceOnly: false, decidedAt: account.now, decisionPrice: toPrice(100), reason: 'then' };
    const time = account.now;
    recall.take({ kind: 'intent', time, data: intent });
    recall.take({ kind: 'command', time, data: { command: 'halt', by: 'journal', reason: 'the disk is full' } });
    recall.take({ kind: 'cancel', time, data: { clientOrderId: 'test-X-6' } });
    recall.take({ kind: 'refusal', time, data: { intent, reason: 'the disk is full' } });
    recall.end();
    expect(account.orders.get('test-X-7')).toBeUndefined();
    expect(account.rate?.isFull(time)).toBe(false);
    expect(account.day.entries).toBe(0);
    expect(account.names.next('X')).toBe('test-X-8'); // its number is used up
    expect(account.halted).toBe('the disk is full');
  });

  it('are written with every change, and taken out again', () => {
    const kernel = withRisk({ lossStreak: { losses: 2, pauseMinutes: 5 }, maxDrawdownFraction: 0.1 }, { journal: true });
    const written = (): StateData[] => kernel.journal.records.filter(({ kind, data }) => kind === 'state' && 'latches' in (data as object)).map(({ data }) => JSON.parse(JSON.stringify(data)) as StateData);
    trip(kernel, 99);
    noteState(kernel.account);
    expect(written()).toEqual([{ latches: [], losses: 1 }]);
    noteState(kernel.account);
    trip(kernel, 99);
    moment(kernel, 100);
    haltEntries(kernel.account, 'by hand');
    noteState(kernel.account);
    expect(written()).toHaveLength(2);

    const next = withRisk({ lossStreak: { losses: 2, pauseMinutes: 5 }, maxDrawdownFraction: 0.1 }, { journal: true });
    for (const data of written()) recallState(data, next.account);
    expect(next.account.latches.list).toEqual(kernel.account.latches.list);
    expect(next.account.latches.list.map(({ by, ends }) => [by, ends])).toEqual([['loss-streak', toUtcMs(kernel.account.now + 5 * MINUTE)], ['command', undefined]]);
    expect(next.account.streak.losses).toBe(0);
    noteState(next.account);
    expect(next.journal.records).toEqual([]);
  });
});
