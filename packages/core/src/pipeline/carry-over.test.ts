import { describe, expect, it } from 'vitest';
import { Kernel, MINUTE } from '../../testing/kernel.js';
import type { Rolled } from '../domain/events.js';
import type { OrderIntent } from '../domain/order.js';
import { toPrice, toUtcMs } from '../domain/units.js';
import { carryOut } from '../engine/commands.js';
import type { Notification } from '../ports/notifier.js';
import { haltEntries } from './halt-entries.js';

const EXITS = { stopPoints: 10, rewardRisk: 2, maxHoldMinutes: 600, breakEvenAfterR: 1 };

/** An account with a position of two in the contract A, which has been told that it ends. */
class Rolling extends Kernel {
  readonly told: Notification[];
  readonly entry: OrderIntent;

  constructor(side: 'long' | 'short' = 'long', config: Record<string, unknown> = {}) {
    const told: Notification[] = [];
    super({ config: { exits: EXITS, sizing: { use: 'fixed-quantity', quantity: 2 }, risk: { maxContracts: 2 }, ...config }, journal: true, notifier: { notify: async (notification) => void told.push(notification) } });
    this.told = told;
    this.entry = this.enter(side, 100);
    this.say({ kind: 'restriction', instrument: 'X', level: 'leave', reason: 'A ends', carry: 'A', time: this.account.now });
  }

  /** Sends the exit, and takes what stays of the bracket as the venue does. @returns the exit */
  leave(close = 100): OrderIntent {
    const [exit] = this.step(close);
    this.accept(exit?.clientOrderId ?? '');
    this.fill(exit?.clientOrderId ?? '', 2, close);
    for (const { clientOrderId } of this.entry.bracket ?? []) this.cancelled(clientOrderId);
    return exit as OrderIntent;
  }

  roll(more: Partial<Rolled> = {}): readonly OrderIntent[] {
    const before = this.broker.submitted.length;
    this.say({ kind: 'restriction', instrument: 'X', level: 'none', reason: 'it is traded in B', rolled: { contract: 'B', price: toPrice(105), differences: { A: 5 }, ...more }, time: this.account.now });
    return this.broker.submitted.slice(before);
  }

  get ends(): readonly string[] {
    return this.told.filter(({ title }) => title === 'test: X: not carried over').map(({ text }) => text.slice(text.indexOf('anew: ') + 6));
  }
}

describe('a position over a roll', () => {
  it.each([
    ['long', 'buy', 95, 125],
    ['short', 'sell', 115, 85],
  ] as const)('goes on %s by its plan, moved by the difference', (side, order, stop, target) => {
    const kernel = new Rolling(side);
    const { plan } = kernel.desk;
    kernel.leave();
    const [entry, ...others] = kernel.roll();
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ role: 'entry', side: order, quantity: 2, type: 'market', decisionPrice: 105, reason: 'carried over from A into B', bracket: [{ role: 'stop', stopPrice: stop }, { role: 'target', limitPrice: target }] });
    kernel.account.now = toUtcMs(kernel.account.now + 5 * MINUTE);
    kernel.fill(entry?.clientOrderId ?? '', 2, 105.25);
    expect(kernel.desk.plan).toMatchObject({ stop, initialStop: stop, target, timeLimit: plan?.timeLimit, conviction: plan?.conviction, carried: { from: 'A', to: 'B', basis: 105, partialsTaken: 0 } });
    // it is worth what it cost, whatever contract the last bar was of
    expect(Math.abs(kernel.ledger.equity - 100_000)).toBeCloseTo(0.5, 9);
    expect(kernel.told.at(-1)?.title).toBe('test: X: entries again');
  });

  it('is marked in its own prices, also by a late bar of the contract before', () => {
    const kernel = new Rolling();
    kernel.leave();
    const [entry] = kernel.roll({ barsFrom: toUtcMs(kernel.account.now + MINUTE) });
    kernel.fill(entry?.clientOrderId ?? '', 2, 105);
    kernel.see(100);
    expect([kernel.desk.close, kernel.ledger.equity]).toEqual([105, 100_000]);
    kernel.see(106);
    expect([kernel.desk.close, kernel.ledger.equity]).toEqual([106, 100_002]);
  });

  it('moves the stop to where it began, once it has made R since then', () => {
    const kernel = new Rolling();
    kernel.leave(106);
    const [entry] = kernel.roll({ price: toPrice(111) });
    kernel.accept(entry?.clientOrderId ?? '');
    kernel.fill(entry?.clientOrderId ?? '', 2, 111);
    for (const { clientOrderId } of entry?.bracket ?? []) kernel.activate(clientOrderId, 2);
    kernel.step(114);
    expect(kernel.desk.plan?.stop).toBe(95);
    kernel.step(115);
    expect(kernel.desk.plan).toMatchObject({ stop: 105, change: 'break-even' });
  });

  it('counts what it lost before the roll towards the disaster stop', () => {
    const kernel = new Rolling('long', { exits: { stopPoints: 1000, disasterStop: { lossFraction: 0.0001 } } });
    kernel.leave(97);
    const [entry] = kernel.roll({ price: toPrice(102) });
    kernel.accept(entry?.clientOrderId ?? '');
    kernel.fill(entry?.clientOrderId ?? '', 2, 102);
    for (const { clientOrderId } of entry?.bracket ?? []) kernel.activate(clientOrderId, 2);
    expect(kernel.step(100.5)).toEqual([]); // 9 of the 10 that it may
    expect(kernel.step(100)).toMatchObject([{ role: 'exit', reason: 'disaster stop' }]);
  });

  it('is entered anew for what its exits took, not for what a stop did', () => {
    const kernel = new Rolling();
    const [exit] = kernel.step(100);
    kernel.accept(exit?.clientOrderId ?? '');
    const [stop, target] = kernel.entry.bracket ?? [];
    kernel.fill(stop?.clientOrderId ?? '', 1, 90);
    kernel.fill(exit?.clientOrderId ?? '', 1, 90);
    kernel.cancelled(exit?.clientOrderId ?? '');
    kernel.cancelled(stop?.clientOrderId ?? '');
    kernel.cancelled(target?.clientOrderId ?? '');
    expect(kernel.desk.position.lots).toBe(0);
    expect(kernel.roll()).toMatchObject([{ role: 'entry', quantity: 1 }]);
  });

  it('is entered once, however often the venue says what it has rolled to', () => {
    const kernel = new Rolling();
    kernel.leave();
    expect(kernel.roll()).toHaveLength(1);
    expect(kernel.roll()).toEqual([]);
    expect(kernel.step(105)).toEqual([]);
  });

  it('waits for orders of the contract before to end, and for a watchdog to be content', () => {
    const kernel = new Rolling();
    const [exit] = kernel.step(100);
    kernel.fill(exit?.clientOrderId ?? '', 2, 100);
    expect(kernel.roll()).toEqual([]);
    haltEntries(kernel.account, 'no bars', 'feed');
    for (const { clientOrderId } of kernel.entry.bracket ?? []) kernel.cancelled(clientOrderId);
    expect(kernel.step(105)).toEqual([]);
    expect(kernel.ends).toEqual([]);
    carryOut({ command: 'resume', by: 'feed', reason: 'they come' }, kernel.account);
    expect(kernel.step(105)).toMatchObject([{ role: 'entry', quantity: 2 }]);
  });

  it('is not entered anew against what the strategies say meanwhile', () => {
    const kernel = new Rolling();
    kernel.leave();
    kernel.seat(({ signal }) => signal.flat());
    kernel.step(100);
    expect(kernel.roll()).toEqual([]);
    expect(kernel.ends).toEqual(['the signal of the bar was flat']);
  });

  it.each([
    ['its stop was passed', { price: toPrice(95) }, 'its stop at 95 was passed meanwhile'],
    ['its target was reached', { price: toPrice(125) }, 'its target at 125 was reached meanwhile'],
    ['the difference is not known', { differences: {} }, 'the difference between A and B is not known'],
  ])('stays out where %s', (_name, rolled, why) => {
    const kernel = new Rolling();
    kernel.leave();
    expect(kernel.roll(rolled)).toEqual([]);
    expect(kernel.ends).toEqual([why]);
  });

  it('stays out where it took too long, where an execution was corrected, and where somebody halted the account', () => {
    const late = new Rolling();
    late.leave();
    late.account.now = toUtcMs(late.account.now + 31 * MINUTE);
    expect([late.roll(), late.ends]).toEqual([[], ['it took too long']]);

    const corrected = new Rolling();
    const exit = corrected.leave();
    const [fill] = corrected.account.orders.get(exit.clientOrderId)?.fills ?? [];
    corrected.say({ kind: 'fill-corrected', executionId: fill?.executionId ?? '', ...(fill === undefined ? {} : { replacement: { ...fill, executionId: 'again', price: toPrice(99) } }), time: corrected.account.now });
    expect([corrected.roll(), corrected.ends]).toEqual([[], ['the venue corrected an execution meanwhile']]);

    const halted = new Rolling();
    halted.leave();
    haltEntries(halted.account, 'enough for today');
    expect([halted.roll(), halted.ends]).toEqual([[], ['enough for today']]);
  });

  it('says so where the venue does not take the entry', () => {
    const kernel = new Rolling();
    kernel.leave();
    const [entry] = kernel.roll();
    kernel.say({ kind: 'rejected', clientOrderId: entry?.clientOrderId ?? '', code: 'BRK_REJECTED', reason: 'margin', time: kernel.account.now });
    expect(kernel.ends).toEqual(['the venue did not take the entry']);
    expect(kernel.step(105)).toEqual([]);
  });

  it('that is to be left for another reason goes on nowhere', () => {
    const kernel = new Rolling();
    carryOut({ command: 'kill', reason: 'test' }, kernel.account);
    const [, exit] = kernel.broker.submitted;
    kernel.fill(exit?.clientOrderId ?? '', 2, 100);
    for (const { clientOrderId } of kernel.entry.bracket ?? []) kernel.cancelled(clientOrderId);
    expect(kernel.roll()).toEqual([]);
    expect(kernel.desk.carried).toBeUndefined();
  });
});
