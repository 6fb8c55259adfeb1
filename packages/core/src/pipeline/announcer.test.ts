import { describe, expect, it } from 'vitest';
import { Kernel } from '../../testing/kernel.js';
import type { Notification } from '../ports/notifier.js';
import { watchLosses } from './watch-losses.js';

const halting = { risk: { maxDrawdownFraction: 0.1 } };

describe('Announcer', () => {
  it('tells of a halt once, without waiting for the notifier', () => {
    const told: Notification[] = [];
    const kernel = new Kernel({ config: halting, notifier: { notify: (notification) => (told.push(notification), new Promise(() => undefined)) } });
    kernel.account.peakCell[0] = 200_000;
    watchLosses(kernel.account);
    watchLosses(kernel.account);
    expect(told).toMatchObject([{ severity: 'critical', title: 'test halted', text: 'maxDrawdownFraction 0.1 was reached: no more entries, exits stay' }]);
  });

  it.each([
    ['throws', () => { throw new Error('no line'); }],
    ['rejects', () => Promise.reject(new Error('no line'))],
  ])('goes on when a notifier %s, and says so in the log', async (_how, notify) => {
    const kernel = new Kernel({ config: halting, notifier: { notify } });
    kernel.account.peakCell[0] = 200_000;
    watchLosses(kernel.account);
    await Promise.resolve();
    await Promise.resolve();
    expect(kernel.account.halted).toBe('maxDrawdownFraction 0.1 was reached');
    expect(JSON.stringify(kernel.log)).toContain("notifier 'test' failed: no line");
  });
});
