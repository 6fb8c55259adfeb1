import { describe, expect, it } from 'vitest';
import { toMoney } from '../domain/units.js';
import { Kernel } from '../../testing/kernel.js';
import type { Notification } from '../ports/notifier.js';

describe('fills that the venue makes by itself', () => {
  it.each([
    { cause: 'liquidation', severity: 'critical', note: 'liquidation of X by the venue: equity fell below the maintenance margin' },
    { cause: 'expiry', severity: 'warning', note: 'expiry of X by the venue: the position was held to the end of the contract' },
  ] as const)('are noted and told: $cause', ({ cause, severity, note }) => {
    const told: Notification[] = [];
    const kernel = new Kernel({ config: { sizing: { use: 'fixed-quantity', quantity: 3 } }, notifier: { notify: async (notification) => void told.push(notification) } });
    kernel.enter('long', 100);
    expect(told).toEqual([]);
    kernel.fill('forced-1', 2, 90, { side: 'sell', cause });
    kernel.fill('forced-2', 1, 89, { side: 'sell', cause });
    expect(kernel.notes).toBe(`an entry on X had no stop: signal and exits: name none\n${note} (2 times)`);
    expect(told).toMatchObject([{ severity, title: `test: ${cause} of X by the venue`, text: expect.stringContaining('sell 2 at 90: ') as string }, { severity }]);
  });
});

describe('money that moves without a trade', () => {
  it('is booked once, however often the venue says so', () => {
    const kernel = new Kernel();
    const before = kernel.account.ledger.equity;
    const move = (id: string): void => kernel.say({ kind: 'cash', movement: { id, kind: 'funding', instrument: 'X', amount: toMoney(-7), currency: 'USD', time: kernel.account.now } });
    move('F1');
    move('F1');
    expect(kernel.account.ledger.equity).toBe(before - 7);
    move('F2');
    expect(kernel.account.ledger.equity).toBe(before - 14);
  });
});

describe('what a venue no longer lets be done in an instrument', () => {
  const say = (kernel: Kernel, level: 'none' | 'no-entries' | 'leave'): void => kernel.say({ kind: 'restriction', instrument: 'X', level, reason: 'the contract ends', time: kernel.account.now });

  it('takes working entries back and refuses new ones, until it is lifted', () => {
    const told: Notification[] = [];
    const kernel = new Kernel({ notifier: { notify: async (notification) => void told.push(notification) } });
    kernel.seat(({ signal }) => signal.long());
    const [entry] = kernel.step(100);
    kernel.accept(entry?.clientOrderId ?? '');
    say(kernel, 'no-entries');
    expect(kernel.step(100)).toEqual([]);
    expect(kernel.broker.canceled).toEqual([entry?.clientOrderId]);
    kernel.cancelled(entry?.clientOrderId ?? '');
    expect(kernel.step(100)).toEqual([]);
    expect(kernel.notes).toContain('the contract ends');
    say(kernel, 'none');
    expect(kernel.step(100)).toHaveLength(1);
    expect(told.map(({ severity, title }) => [severity, title])).toEqual([['warning', 'test: X: no more entries'], ['info', 'test: X: entries again']]);
  });

  it('leaves a position with its next bar, once, and keeps its exits before that', () => {
    const told: Notification[] = [];
    const kernel = new Kernel({ notifier: { notify: async (notification) => void told.push(notification) } });
    kernel.enter('long', 100);
    say(kernel, 'no-entries');
    expect(kernel.step(100)).toEqual([]);
    say(kernel, 'leave');
    say(kernel, 'leave');
    const [exit, ...others] = kernel.step(100);
    expect([exit, others]).toMatchObject([{ role: 'exit', side: 'sell', quantity: 1, type: 'market', reduceOnly: true, reason: 'the contract ends' }, []]);
    expect(kernel.step(100)).toEqual([]);
    kernel.accept(exit?.clientOrderId ?? '');
    kernel.fill(exit?.clientOrderId ?? '', 1, 100);
    kernel.seat(({ signal }) => signal.long());
    expect(kernel.step(100)).toEqual([]);
    expect(told.map(({ severity }) => severity)).toEqual(['critical', 'critical']);
  });
});
