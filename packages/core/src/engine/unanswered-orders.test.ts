import { expect, it } from 'vitest';
import { Kernel } from '../../testing/kernel.js';
import { UnansweredOrders } from './unanswered-orders.js';

it('counts orders that wait for an answer, and those whose fills were told of and not heard', () => {
  const kernel = new Kernel({ config: { exits: { stopPoints: 10 }, sizing: { use: 'fixed-quantity', quantity: 2 } } });
  const unanswered = new UnansweredOrders(kernel.account.orders);
  const overdue = (now: number): string[] => {
    unanswered.look(now);
    return unanswered.takeOverdue(now, 1_000).map(({ clientOrderId }) => clientOrderId);
  };
  kernel.seat(({ signal }) => signal.long({ entry: 99 }));
  const id = kernel.step(100)[0]?.clientOrderId ?? '';
  expect(overdue(0)).toEqual([]);
  expect(overdue(999)).toEqual([]);
  expect(overdue(1_000)).toEqual([id]);
  kernel.accept(id);
  expect(overdue(5_000)).toEqual([]);
  expect(unanswered.some).toBe(false);
  kernel.activate(`${id}-stop`, 2); // what it guards nobody has heard of
  expect(overdue(6_000)).toEqual([]);
  expect(unanswered.some).toBe(true);
  expect(overdue(7_000)).toEqual([id]);
  kernel.fill(id, 2, 99);
  expect(overdue(9_000)).toEqual([]);
  expect(unanswered.some).toBe(false);
});
