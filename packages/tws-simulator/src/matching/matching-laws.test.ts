import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DeskHarness } from '../../testing/desk-harness.js';

const CASH = 1_000_000;
const side = fc.constantFrom('BUY', 'SELL');
const level = fc.integer({ min: 19_900, max: 20_100 }).map((ticks) => ticks / 4);
const quantity = fc.integer({ min: 1, max: 5 });
const spec = fc.oneof(
  fc.record({ orderType: fc.constant('MKT'), action: side, totalQuantity: quantity }),
  fc.record({ orderType: fc.constant('LMT'), action: side, totalQuantity: quantity, lmtPrice: level, tif: fc.constantFrom('DAY', 'IOC', 'FOK') }),
  fc.record({ orderType: fc.constantFrom('STP', 'MIT'), action: side, totalQuantity: quantity, auxPrice: level }),
  fc.record({ orderType: fc.constant('STP LMT'), action: side, totalQuantity: quantity, auxPrice: level, lmtPrice: level }),
  fc.record({ orderType: fc.constant('TRAIL'), action: side, totalQuantity: quantity, auxPrice: fc.constantFrom(1, 2.5, 10) }),
);
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('quote' as const), price: level, size: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('order' as const), spec }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('bracket' as const), action: side, quantity, price: level, distance: fc.integer({ min: 1, max: 40 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('oca' as const), type: fc.constantFrom(1, 2, 3), quantity, low: level, high: level }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), id: fc.integer({ min: 1, max: 60 }) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function run(steps: readonly Step[], check: (venue: DeskHarness, groups: ReadonlyMap<string, number>, brackets: readonly number[]) => void): void {
  const venue = new DeskHarness({ cash: CASH });
  venue.price(5000);
  const groups = new Map<string, number>();
  const brackets: number[] = [];
  let id = 0;
  for (const event of steps) {
    switch (event.kind) {
      case 'quote': venue.price(event.price, { size: event.size }); break;
      case 'order': venue.place(++id, event.spec); break;
      case 'cancel': venue.desk.cancel(1, event.id); break;
      case 'bracket': {
        const exit = event.action === 'BUY' ? 'SELL' : 'BUY';
        const sign = event.action === 'BUY' ? 1 : -1;
        const parentId = ++id;
        brackets.push(parentId);
        venue.place(parentId, { action: event.action, totalQuantity: event.quantity, orderType: 'LMT', lmtPrice: event.price, transmit: 0 });
        venue.place(++id, { action: exit, totalQuantity: event.quantity, orderType: 'LMT', lmtPrice: event.price + sign * event.distance, parentId, transmit: 0 });
        venue.place(++id, { action: exit, totalQuantity: event.quantity, orderType: 'STP', auxPrice: event.price - sign * event.distance, parentId });
        break;
      }
      case 'oca': {
        const ocaGroup = `g${id}`;
        const fields = { totalQuantity: event.quantity, orderType: 'LMT', ocaGroup, ocaType: event.type };
        const first = venue.place(++id, { ...fields, lmtPrice: event.low });
        // The promise holds for orders that stood together.
        if (first?.filled === 0) groups.set(ocaGroup, event.quantity);
        venue.place(++id, { ...fields, lmtPrice: event.high });
        break;
      }
    }
    check(venue, groups, brackets);
  }
}

const RUNS = { numRuns: 150 };

describe('matching, whatever comes', () => {
  it('never fills more of an order than its quantity, nor a limit at a worse price', () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      run(steps, (venue) => {
        for (const fill of venue.executions) {
          const { terms } = venue.order(fill.orderId);
          expect(fill.cumulativeQuantity).toBeLessThanOrEqual(terms.quantity);
          if (terms.limitPrice !== undefined) expect(fill.side === 'BOT' ? fill.price <= terms.limitPrice : fill.price >= terms.limitPrice).toBe(true);
        }
      });
    }), RUNS);
  });

  it('lets an OCA group of equal orders fill no more than one of them together', () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      run(steps, (venue, groups) => {
        const filled = new Map<string, number>();
        for (const fill of venue.executions) {
          const group = venue.order(fill.orderId).terms.ocaGroup;
          if (group !== '') filled.set(group, (filled.get(group) ?? 0) + fill.quantity);
        }
        for (const [group, quantity] of filled) expect(quantity).toBeLessThanOrEqual(groups.get(group) ?? Infinity);
      });
    }), RUNS);
  });

  it('lets the exits of a bracket close what its entry filled and no more, and covers it while they live', () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      run(steps.filter((event) => event.kind !== 'cancel'), (venue, _groups, brackets) => {
        for (const id of brackets) {
          const parent = venue.desk.store.find(1, id);
          const [target, stop] = [venue.desk.store.find(1, id + 1), venue.desk.store.find(1, id + 2)];
          if (parent === undefined || target === undefined || stop === undefined) continue;
          expect(target.filled + stop.filled).toBeLessThanOrEqual(parent.filled);
          const open = parent.filled - target.filled - stop.filled;
          if (open > 0) expect(Math.max(stop.quantity - stop.filled, 0)).toBeGreaterThanOrEqual(open);
        }
      });
    }), RUNS);
  });

  it('keeps equity equal to cash at the start plus all profit, and the position equal to the fills', () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      run(steps, (venue) => {
        const position = venue.account.position(1);
        const held = venue.executions.reduce((sum, fill) => sum + (fill.side === 'BOT' ? fill.quantity : -fill.quantity), 0);
        expect(position.quantity).toBe(held);
        const { equity, unrealized } = venue.account.values();
        expect(Math.abs(equity - (CASH + position.realized + unrealized))).toBeLessThan(1e-6);
        const last = venue.account.markOf(position);
        const byHand = venue.executions.reduce((sum, fill) => sum + (fill.side === 'BOT' ? 1 : -1) * fill.quantity * (last - fill.price) * 5 - fill.commission, CASH);
        expect(Math.abs(equity - byHand)).toBeLessThan(1e-6);
        const reported = venue.executions.reduce((sum, fill) => sum + (fill.realized ?? 0), 0);
        expect(Math.abs(reported - position.realized)).toBeLessThan(1e-6);
      });
    }), RUNS);
  });
});
