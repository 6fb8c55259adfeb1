import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderIntent } from '../domain/order.js';
import { toPrice, toQuantity } from '../domain/units.js';
import { instrumentOf, Kernel } from '../../testing/kernel.js';
import { approveOrder } from './approve-orders.js';
import type { Desk } from './desk.js';
import { routeOrders } from './route-orders.js';

const PRICE = 100;
let ids = 0;

function intentOf(kernel: Kernel, desk: Desk, fields: Partial<OrderIntent>): OrderIntent {
  return { clientOrderId: `p${++ids}`, instrument: desk.instrument.id, role: 'entry', side: 'buy', quantity: toQuantity(1), type: 'market', timeInForce: 'gtc', reduceOnly: false, decidedAt: kernel.account.now, decisionPrice: toPrice(PRICE), reason: 'test', ...fields };
}

function kernelOf(risk: Record<string, unknown>, initialCash = 100_000): Kernel {
  const kernel = new Kernel({ instruments: ['X', 'Y', 'Z'].map((id) => instrumentOf({ id })), initialCash, config: { risk } });
  for (const desk of kernel.desks) kernel.put(PRICE, desk);
  kernel.broker.marginPerUnit = 1000;
  return kernel;
}

const side = fc.constantFrom('buy' as const, 'sell' as const);
const desk = fc.integer({ min: 0, max: 2 });

describe('the ceilings', () => {
  it('hold at every instant, whatever is asked for, filled and taken back in whatever order', () => {
    const step = fc.record({ desk, side, action: fc.constantFrom('enter', 'enter', 'exit', 'fill', 'fill', 'cancel'), quantity: fc.integer({ min: 1, max: 12 }), pick: fc.nat() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 15 }), fc.integer({ min: 100, max: 900 }), fc.integer({ min: 100, max: 1500 }), (steps, maxContracts, maxTotalContracts, maxNotional, maxExposure) => {
        const kernel = kernelOf({ maxContracts, maxTotalContracts, maxNotional, maxExposure });
        for (const { desk: index, side: way, action, quantity, pick } of steps) {
          const at = kernel.desks[index] as Desk;
          const { lots } = at.position;
          const live = kernel.account.orders.live[index] as (typeof kernel.account.orders.live)[number];
          const order = live[pick % Math.max(1, live.length)];
          if (action === 'enter') {
            at.intents.push(intentOf(kernel, at, { side: way, quantity: toQuantity(quantity) }));
            routeOrders(at, kernel.account);
          } else if (action === 'exit') {
            at.intents.push(intentOf(kernel, at, { role: 'exit', reduceOnly: true, side: lots > 0 ? 'sell' : 'buy', quantity: toQuantity(quantity) }));
            routeOrders(at, kernel.account);
          } else if (order !== undefined && action === 'cancel') kernel.cancelled(order.clientOrderId);
          else if (order !== undefined) {
            // a venue fills a reducing order for the position at most
            const most = order.role === 'entry' ? order.remainingLots : Math.min(order.remainingLots, Math.max(0, -lots * order.sign));
            if (most > 0) kernel.fill(order.clientOrderId, Math.min(quantity, most), PRICE);
          }
          const held = kernel.desks.map(({ position }) => Math.abs(position.lots));
          const all = held.reduce((sum, each) => sum + each, 0);
          expect(Math.max(...held)).toBeLessThanOrEqual(maxContracts);
          expect(Math.max(...held) * PRICE).toBeLessThanOrEqual(maxNotional);
          expect(all).toBeLessThanOrEqual(maxTotalContracts);
          expect(all * PRICE).toBeLessThanOrEqual(maxExposure);
        }
      }),
      { numRuns: 300 },
    );
  });

  const limits = {
    maxContracts: fc.integer({ min: 1, max: 30 }),
    maxOrderQuantity: fc.integer({ min: 1, max: 30 }),
    maxTotalContracts: fc.integer({ min: 1, max: 60 }),
    maxNotional: fc.integer({ min: 100, max: 3000 }),
    maxExposure: fc.integer({ min: 100, max: 6000 }),
    maxExposureFraction: fc.double({ min: 0.01, max: 0.2, noNaN: true }),
    maxOpenOrders: fc.integer({ min: 1, max: 12 }),
    maxTradesPerDay: fc.integer({ min: 1, max: 5 }),
    maxOrdersPerMinute: fc.integer({ min: 1, max: 5 }),
  };
  type Name = keyof typeof limits;
  const state = fc.array(fc.record({ desk, side, kind: fc.constantFrom('held', 'working'), quantity: fc.integer({ min: 1, max: 10 }) }), { maxLength: 6 });

  it('never let more through when one of them is tightened, and never refuse what only reduces', () => {
    fc.assert(
      fc.property(
        fc.record(limits, { requiredKeys: ['maxContracts'] }),
        fc.dictionary(fc.constantFrom('maxOrderQuantity', 'maxContracts', 'maxTotalContracts', 'maxNotional', 'maxExposure', 'maxExposureFraction', 'marginBuffer'), fc.constantFrom('reduce', 'reject')),
        fc.constantFrom(...(Object.keys(limits) as Name[])),
        fc.double({ min: 0.2, max: 1, noNaN: true }),
        state,
        fc.record({ desk, side, quantity: fc.integer({ min: 1, max: 40 }) }),
        (loose, whenExceeded, name, factor, given, asked) => {
          const was = loose[name] ?? 40;
          const tight = { ...loose, [name]: name === 'maxExposureFraction' ? was * factor : Math.max(1, Math.floor(was * factor)) };
          const [before, after] = [loose, tight].map((risk) => {
            const kernel = kernelOf({ ...risk, whenExceeded });
            const { account } = kernel;
            for (const { desk: index, side: way, kind, quantity } of given) {
              const at = kernel.desks[index] as Desk;
              const order = intentOf(kernel, at, { side: way, quantity: toQuantity(quantity) });
              account.orders.add(order, index);
              account.day.entries++;
              account.rate?.note(account.now);
              if (kind === 'held') kernel.fill(order.clientOrderId, quantity, PRICE);
            }
            for (const at of kernel.desks) {
              const { lots } = at.position;
              if (lots === 0) continue;
              const exit = approveOrder(intentOf(kernel, at, { role: 'exit', reduceOnly: true, side: lots > 0 ? 'sell' : 'buy', quantity: toQuantity(Math.abs(lots)) }), at, account);
              expect(exit).toMatchObject({ approved: { quantity: Math.abs(lots) } });
            }
            const at = kernel.desks[asked.desk] as Desk;
            const approval = approveOrder(intentOf(kernel, at, { side: asked.side, quantity: toQuantity(asked.quantity) }), at, account);
            return 'refused' in approval ? 0 : approval.approved.quantity;
          }) as [number, number];
          expect(after).toBeLessThanOrEqual(before);
        },
      ),
      { numRuns: 500 },
    );
  });
});
