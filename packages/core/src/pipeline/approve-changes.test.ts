import { describe, expect, it } from 'vitest';
import { toPrice, toQuantity } from '../domain/units.js';
import { hold, intentOf, send, withRisk } from '../../testing/door.js';
import { type Kernel } from '../../testing/kernel.js';
import { approveChange } from './approve-orders.js';

describe('approveChange', () => {
  function working(stop: number, lots = 3): { readonly kernel: Kernel; readonly change: (fields: { quantity?: number; stopPrice?: number }) => boolean } {
    const kernel = withRisk({});
    hold(kernel, lots);
    send(kernel, intentOf(kernel, Math.abs(lots), { role: 'stop', type: 'stop', side: lots > 0 ? 'sell' : 'buy', reduceOnly: true, stopPrice: toPrice(stop) }));
    const order = kernel.account.orders.find(0, 'stop');
    if (order === undefined) throw new Error('no stop');
    return {
      kernel,
      change: ({ quantity, stopPrice }) =>
        approveChange(
          { clientOrderId: order.clientOrderId, instrument: 'X', reason: 'test', ...(quantity === undefined ? {} : { quantity: toQuantity(quantity) }), ...(stopPrice === undefined ? {} : { stopPrice: toPrice(stopPrice) }) },
          order,
          kernel.desk,
          kernel.account,
        ) !== undefined,
    };
  }

  it.each([
    { held: 3, stop: 90, to: 95, allowed: true },
    { held: 3, stop: 90, to: 85, allowed: false },
    { held: 3, stop: 90, to: 90, allowed: false },
    { held: 3, stop: 90, to: Number.NaN, allowed: false },
    { held: -3, stop: 110, to: 105, allowed: true },
    { held: -3, stop: 110, to: 115, allowed: false },
  ])('moves the stop of $held from $stop to $to: $allowed', ({ held, stop, to, allowed }) => {
    expect(working(stop, held).change({ stopPrice: to })).toBe(allowed);
  });

  it('lets no order grow, and no stop cover less than the position', () => {
    const { change } = working(90);
    expect([change({ quantity: 4 }), change({ quantity: 2 }), change({ quantity: Number.NaN }), change({ quantity: 3 })]).toEqual([false, false, false, true]);
  });

  it.each([
    { role: 'target', fields: { limitPrice: 124 }, allowed: true },
    { role: 'target', fields: { limitPrice: 126 }, allowed: false },
    { role: 'target', fields: { limitPrice: Number.NaN }, allowed: false },
    { role: 'entry', fields: { limitPrice: 91 }, allowed: true },
    { role: 'entry', fields: { limitPrice: 89 }, allowed: false },
    { role: 'entry', fields: { stopPrice: 109 }, allowed: true },
    { role: 'entry', fields: { stopPrice: 111 }, allowed: false },
    { role: 'entry', fields: { limitPrice: Number.POSITIVE_INFINITY }, allowed: false },
  ] as const)('holds a change of an order ($role) to $fields to the collar: $allowed', ({ role, fields, allowed }) => {
    const kernel = withRisk({ priceCollar: { entryFraction: 0.1, exitFraction: 0.25 } });
    if (role === 'target') hold(kernel, 3);
    const intent = role === 'target' ? intentOf(kernel, 3, { role, type: 'limit', side: 'sell', reduceOnly: true, limitPrice: toPrice(110) }) : intentOf(kernel, 1, { type: 'limit', limitPrice: toPrice(95) });
    send(kernel, intent);
    const order = kernel.account.orders.get(intent.clientOrderId);
    if (order === undefined) throw new Error('no order');
    const change = { clientOrderId: order.clientOrderId, instrument: 'X', reason: 'test', ...Object.fromEntries(Object.entries(fields).map(([name, price]) => [name, toPrice(price)])) };
    expect(approveChange(change, order, kernel.desk, kernel.account) !== undefined).toBe(allowed);
  });
});
