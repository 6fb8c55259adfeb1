import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Fill } from '../domain/events.js';
import type { OrderIntent } from '../domain/order.js';
import { toMoney, toPrice, toQuantity, toUtcMs } from '../domain/units.js';
import { OrdersHash } from './orders-hash.js';

const intent: OrderIntent = {
  clientOrderId: 'a',
  instrument: 'X',
  role: 'entry',
  side: 'sell',
  quantity: toQuantity(3),
  type: 'limit',
  timeInForce: 'day',
  limitPrice: toPrice(100.25),
  reduceOnly: false,
  bracket: [{ clientOrderId: 'a-stop', role: 'stop', type: 'stop', stopPrice: toPrice(101) }],
  decidedAt: toUtcMs(1_700_000_000_000),
  decisionPrice: toPrice(100),
  reason: 'r',
};
const fill: Fill = { executionId: 'e', clientOrderId: 'a', instrument: 'X', side: 'sell', quantity: toQuantity(3), price: toPrice(100.5), commission: toMoney(0.62), commissionCurrency: 'USD', slippage: toMoney(0), liquidity: 'maker', time: toUtcMs(1_700_000_060_000) };

function doubles(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 8);
  values.forEach((value, i) => bytes.writeDoubleLE(value, i * 8));
  return bytes;
}

describe('OrdersHash', () => {
  it('hashes the documented records', () => {
    const hash = new OrdersHash();
    hash.order(intent, 2);
    hash.fill(fill, 2);
    const bytes = doubles(1, 2, 1, -1, 3, 100.25, 0, 1_700_000_000_000, 2, 0, 2, 0, 0, 0, 101, 0, 3, 2, 0, -1, 3, 100.5, 0.62, 1_700_000_060_000);
    expect(hash.digest()).toBe(`sha256:${createHash('sha256').update(bytes).digest('hex')}`);
  });

  it('can be asked in between without changing what follows', () => {
    const asked = new OrdersHash();
    const silent = new OrdersHash();
    for (let i = 0; i < 3000; i++) {
      asked.fill({ ...fill, time: toUtcMs(i) }, 0);
      silent.fill({ ...fill, time: toUtcMs(i) }, 0);
      if (i % 500 === 0) asked.digest();
    }
    expect(asked.digest()).toBe(silent.digest());
  });

  it.each<{ what: string; other: Partial<OrderIntent> }>([
    { what: 'side', other: { side: 'buy' } },
    { what: 'quantity', other: { quantity: toQuantity(4) } },
    { what: 'type', other: { type: 'market' } },
    { what: 'time in force', other: { timeInForce: 'gtc' } },
    { what: 'limit price', other: { limitPrice: toPrice(100.5) } },
    { what: 'time', other: { decidedAt: toUtcMs(1) } },
    { what: 'bracket', other: { bracket: [] } },
  ])('tells orders apart by $what', ({ other }) => {
    const one = new OrdersHash();
    one.order(intent, 0);
    const two = new OrdersHash();
    two.order({ ...intent, ...other }, 0);
    expect(two.digest()).not.toBe(one.digest());
  });

  it('tells the order of two records', () => {
    const one = new OrdersHash();
    one.fill(fill, 0);
    one.fill(fill, 1);
    const two = new OrdersHash();
    two.fill(fill, 1);
    two.fill(fill, 0);
    expect(one.digest()).not.toBe(two.digest());
  });
});
