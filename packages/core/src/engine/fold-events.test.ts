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
    expect(kernel.notes).toBe(`${note} (2 times)`);
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
