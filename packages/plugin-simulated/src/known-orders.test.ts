import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KnownOrders } from './known-orders.js';
import { OcoGroup } from './oco-group.js';
import type { SimOrder } from './sim-order.js';

const ENDS = ['filled', 'canceled', 'expired', 'rejected'] as const;

function orderOf(id: string): SimOrder {
  return { id, group: undefined } as SimOrder;
}

describe('KnownOrders', () => {
  it('knows every order that lives and how the newest 1024 of the others ended, whatever their ids and the order of their ends', () => {
    // ids that are alike at their end meet in the table
    const idOf = fc.constantFrom((n: number) => `acc-X-${n}`, (n: number) => `${n % 7}-${Math.floor(n / 7)}-and-the-same-sixteen-characters`, (n: number) => `acc-${n}-stop`);
    fc.assert(
      fc.property(idOf, fc.array(fc.nat(9), { minLength: 10, maxLength: 40 }), fc.integer({ min: 900, max: 2500 }), (name, lives, count) => {
        const known = new KnownOrders();
        const live: SimOrder[] = [];
        const ended: Array<readonly [string, (typeof ENDS)[number]]> = [];
        for (let n = 0; n < count; n++) {
          const order = orderOf(name(n));
          known.add(order);
          live.push(order);
          if (live.length <= (lives[n % lives.length] as number)) continue;
          const [gone] = live.splice(n % live.length, 1) as [SimOrder];
          const how = ENDS[n % 4] as (typeof ENDS)[number];
          known.end(gone, how);
          ended.push([gone.id, how]);
        }
        expect(known.alive()).toEqual(live);
        for (const order of live) expect(known.find(order.id)).toBe(order);
        const forgotten = Math.max(0, ended.length - 1024);
        ended.forEach(([id, how], i) => expect(known.find(id)).toBe(i < forgotten ? undefined : how));
        expect(known.find(name(count))).toBeUndefined();
      }),
      { numRuns: 10 },
    );
  });

  it('remembers the end of an order that never lived', () => {
    const known = new KnownOrders();
    known.end(orderOf('a'), 'rejected');
    expect([known.find('a'), known.alive()]).toEqual(['rejected', []]);
  });

  it('knows a group while one of its orders lives', () => {
    const known = new KnownOrders();
    const group = new OcoGroup('g');
    const orders = [orderOf('a'), orderOf('b')];
    for (const order of orders) {
      group.join(order);
      known.add(order);
    }
    known.end(orders[1] as SimOrder, 'filled');
    expect([known.groupOf('g'), known.groupOf('h')]).toEqual([group, undefined]);
    known.end(orders[0] as SimOrder, 'canceled');
    expect(known.groupOf('g')).toBeUndefined();
  });
});
