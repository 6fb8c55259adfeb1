import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BrokerEvent, Fill } from '../domain/events.js';
import type { OrderIntent, OrderStatus } from '../domain/order.js';
import { toMoney, toPrice, toQuantity, toUtcMs } from '../domain/units.js';
import { Position } from '../portfolio/position.js';
import { instrumentOf } from '../../testing/kernel.js';
import { OrderBook } from './order-book.js';

const TIME = toUtcMs(1_000);

function intentOf(id: string, quantity: number, fields: Partial<OrderIntent> = {}): OrderIntent {
  return { clientOrderId: id, instrument: 'X', role: 'entry', side: 'buy', quantity: toQuantity(quantity), type: 'market', timeInForce: 'gtc', reduceOnly: false, decidedAt: TIME, decisionPrice: toPrice(100), reason: 'test', ...fields };
}

function bracketed(id: string, quantity: number): OrderIntent {
  return intentOf(id, quantity, {
    ocoGroup: id,
    bracket: [
      { clientOrderId: `${id}-stop`, role: 'stop', type: 'stop', stopPrice: toPrice(90) },
      { clientOrderId: `${id}-target`, role: 'target', type: 'limit', limitPrice: toPrice(120) },
    ],
  });
}

let executions = 0;
function fillOf(id: string, quantity: number, fields: Partial<Fill> = {}): BrokerEvent {
  return { kind: 'fill', fill: { executionId: `e${++executions}`, clientOrderId: id, instrument: 'X', side: 'buy', quantity: toQuantity(quantity), price: toPrice(100), commission: toMoney(0), commissionCurrency: 'USD', slippage: toMoney(0), liquidity: 'taker', time: TIME, ...fields } };
}

const accepted = (id: string): BrokerEvent => ({ kind: 'accepted', clientOrderId: id, venueOrderId: `v${id}`, time: TIME });
const canceled = (id: string): BrokerEvent => ({ kind: 'canceled', clientOrderId: id, reason: '', time: TIME });
const expired = (id: string): BrokerEvent => ({ kind: 'expired', clientOrderId: id, time: TIME });
const rejected = (id: string): BrokerEvent => ({ kind: 'rejected', clientOrderId: id, code: 'X', reason: '', time: TIME });
const unknown = (id: string): BrokerEvent => ({ kind: 'outcome-unknown', clientOrderId: id, reason: '', time: TIME });
const modified = (id: string, quantity: number): BrokerEvent => ({ kind: 'modified', clientOrderId: id, quantity: toQuantity(quantity), time: TIME });
const activated = (id: string, quantity: number): BrokerEvent => ({ kind: 'activated', clientOrderId: id, quantity: toQuantity(quantity), time: TIME });

function book(): OrderBook {
  return new OrderBook([new Position(instrumentOf())]);
}

describe('OrderBook', () => {
  it.each<{ title: string; events: readonly BrokerEvent[]; status: OrderStatus; filled: number; live: boolean }>([
    { title: 'waits until the venue answers', events: [], status: 'pending', filled: 0, live: true },
    { title: 'works once accepted', events: [accepted('A')], status: 'working', filled: 0, live: true },
    { title: 'fills in parts', events: [accepted('A'), fillOf('A', 2)], status: 'partially-filled', filled: 2, live: true },
    { title: 'fills', events: [accepted('A'), fillOf('A', 2), fillOf('A', 3)], status: 'filled', filled: 5, live: false },
    { title: 'takes a fill that comes before its acceptance', events: [fillOf('A', 5), accepted('A')], status: 'filled', filled: 5, live: false },
    { title: 'stays partially filled when its acceptance comes late', events: [fillOf('A', 2), accepted('A')], status: 'partially-filled', filled: 2, live: true },
    { title: 'ends by rejection', events: [rejected('A')], status: 'rejected', filled: 0, live: false },
    { title: 'ends by cancellation', events: [accepted('A'), canceled('A')], status: 'canceled', filled: 0, live: false },
    { title: 'ends by expiry', events: [accepted('A'), expired('A')], status: 'expired', filled: 0, live: false },
    { title: 'keeps what was filled when the rest is cancelled', events: [fillOf('A', 2), canceled('A')], status: 'canceled', filled: 2, live: false },
    { title: 'is not known while its outcome is not', events: [unknown('A')], status: 'unknown', filled: 0, live: true },
    { title: 'works again once the venue knows it', events: [unknown('A'), accepted('A')], status: 'working', filled: 0, live: true },
    { title: 'cannot become unknown once it has ended', events: [fillOf('A', 5), unknown('A')], status: 'filled', filled: 5, live: false },
    { title: 'counts a fill that comes after the cancellation', events: [canceled('A'), fillOf('A', 2)], status: 'canceled', filled: 2, live: false },
    { title: 'becomes filled by a whole fill after the cancellation', events: [canceled('A'), fillOf('A', 5)], status: 'filled', filled: 5, live: false },
    { title: 'stays filled whatever is said later', events: [fillOf('A', 5), canceled('A'), rejected('A'), expired('A')], status: 'filled', filled: 5, live: false },
    { title: 'shrinks by a modification and fills by what is left', events: [accepted('A'), modified('A', 3), fillOf('A', 3)], status: 'filled', filled: 3, live: false },
    { title: 'grows with a venue that fills more than was asked', events: [fillOf('A', 7)], status: 'filled', filled: 7, live: false },
  ])('$title', ({ events, status, filled, live }) => {
    const orders = book();
    const order = orders.add(intentOf('A', 5), 0);
    for (const event of events) orders.apply(event);
    expect({ status: order.status, filled: order.filledLots, live: orders.live[0]?.includes(order), count: orders.liveCount }).toEqual({ status, filled, live, count: live ? 1 : 0 });
  });

  it('holds bracket children without quantity until their entry fills, and lets them grow with it', () => {
    const orders = book();
    orders.add(bracketed('A', 5), 0);
    const stop = orders.get('A-stop');
    expect(stop).toMatchObject({ status: 'held', lots: 0, side: 'sell', parentId: 'A', ocoGroup: 'A', stopPrice: 90 });
    expect(orders.find(0, 'stop')).toBeUndefined();
    orders.apply(fillOf('A', 2));
    orders.apply(activated('A-stop', 2));
    expect(orders.find(0, 'stop')).toBe(stop);
    expect(stop).toMatchObject({ status: 'working', lots: 2 });
    orders.apply(fillOf('A', 3));
    orders.apply(activated('A-stop', 5));
    expect(stop).toMatchObject({ status: 'working', lots: 5 });
  });

  it.each([canceled, rejected, expired])('ends the held children of an entry that ended without a fill', (end) => {
    const orders = book();
    orders.add(bracketed('A', 5), 0);
    orders.apply(end('A'));
    expect(orders.liveCount).toBe(0);
    expect(orders.get('A-stop')?.status).toBe('canceled');
  });

  it('keeps the children of an entry that was cancelled after a part was filled', () => {
    const orders = book();
    orders.add(bracketed('A', 5), 0);
    orders.apply(fillOf('A', 2));
    orders.apply(canceled('A'));
    orders.apply(activated('A-stop', 2));
    expect(orders.find(0, 'stop')).toMatchObject({ lots: 2 });
  });

  it('brings the children back when an entry fills after it was given up', () => {
    const orders = book();
    orders.add(bracketed('A', 5), 0);
    orders.apply(canceled('A'));
    orders.apply(fillOf('A', 5));
    orders.apply(activated('A-stop', 5));
    orders.apply(activated('A-target', 5));
    expect(orders.find(0, 'stop')).toMatchObject({ status: 'working', lots: 5 });
    expect(orders.liveCount).toBe(2);
    orders.apply(fillOf('A-stop', 5));
    orders.apply(canceled('A-target'));
    expect(orders.liveCount).toBe(0);
  });

  it('fills an exit in parts whose activation nobody heard: it is as large as what its entry filled', () => {
    const orders = book();
    orders.add(bracketed('A', 5), 0);
    orders.apply(fillOf('A', 3));
    orders.apply(fillOf('A-target', 2));
    expect(orders.get('A-target')).toMatchObject({ status: 'partially-filled', lots: 3, filledLots: 2 });
    orders.apply(fillOf('A-target', 1));
    expect(orders.get('A-target')?.status).toBe('filled');
    expect(orders.liveCount).toBe(2); // the entry goes on, and its stop waits
  });

  it('takes up an exit again that is activated with more than it was believed to be', () => {
    const orders = book();
    orders.add(bracketed('A', 5), 0);
    orders.apply(fillOf('A', 2));
    orders.apply(fillOf('A-target', 2));
    expect(orders.get('A-target')?.status).toBe('filled');
    orders.apply(activated('A-target', 5)); // the entry filled three more, unheard
    expect(orders.find(0, 'target')).toMatchObject({ status: 'partially-filled', lots: 5, filledLots: 2 });
    orders.apply(fillOf('A-target', 3));
    expect(orders.find(0, 'target')).toBeUndefined();
  });

  it.each<{ title: string; told: readonly BrokerEvent[] }>([
    { title: 'an exit was activated for more', told: [activated('A-stop', 2)] },
    { title: 'its cancellation said so', told: [{ kind: 'canceled', clientOrderId: 'A', reason: '', filled: toQuantity(2), time: TIME }] },
    { title: 'its expiry said so', told: [{ kind: 'expired', clientOrderId: 'A', filled: toQuantity(2), time: TIME }] },
  ])('is owed the fills of an entry by the venue until they are heard: $title', ({ told }) => {
    const orders = book();
    orders.add(bracketed('A', 5), 0);
    expect(orders.owes(0)).toBe(false);
    for (const event of told) orders.apply(event);
    expect(orders.owes(0)).toBe(true);
    expect(orders.owes(1)).toBe(false);
    expect(orders.get('A-target')?.status).toBe('held'); // it has something to guard
    orders.apply(fillOf('A', 1));
    expect(orders.owes(0)).toBe(true);
    orders.apply(fillOf('A', 1));
    expect(orders.owes(0)).toBe(false);
  });

  it('does not bring back an exit that the venue itself ended, however late its activation is repeated', () => {
    const orders = book();
    orders.add(bracketed('A', 5), 0);
    orders.apply(fillOf('A', 5));
    orders.apply(activated('A-stop', 5));
    orders.apply(canceled('A-stop'));
    orders.apply(activated('A-stop', 5));
    expect(orders.stopLots(0, -1)).toBe(0);
    expect(orders.find(0, 'stop')).toBeUndefined();
  });

  it('counts the lots that stops will take off: held ones by what their entry filled', () => {
    const orders = book();
    orders.add(bracketed('A', 5), 0);
    expect(orders.stopLots(0, -1)).toBe(0);
    orders.apply(fillOf('A', 2));
    expect(orders.stopLots(0, -1)).toBe(2);
    orders.add(intentOf('B', 3, { side: 'sell', role: 'stop' }), 0);
    expect([orders.stopLots(0, -1), orders.stopLots(0, 1)]).toEqual([5, 0]);
  });

  it('ends an order that a modification left nothing of', () => {
    const orders = book();
    orders.add(intentOf('A', 5), 0);
    orders.apply(fillOf('A', 3));
    orders.apply(modified('A', 3));
    expect(orders.get('A')?.status).toBe('filled');
    expect(orders.liveCount).toBe(0);
  });

  it('counts what entries may still add by direction, and what exits will still take', () => {
    const orders = book();
    orders.add(intentOf('A', 5), 0);
    orders.add(intentOf('B', 3, { side: 'sell' }), 0);
    orders.add(intentOf('C', 2, { side: 'sell', role: 'exit', reduceOnly: true }), 0);
    orders.add(intentOf('D', 9, { side: 'sell', role: 'stop', reduceOnly: true }), 0);
    orders.apply(fillOf('A', 1));
    expect([orders.pendingEntryLots(0, 1), orders.pendingEntryLots(0, -1), orders.pendingExitLots(0)]).toEqual([4, 3, 2]);
  });

  it('finds the newest working order of a role', () => {
    const orders = book();
    orders.add(intentOf('old', 1, { role: 'stop' }), 0);
    orders.add(intentOf('new', 1, { role: 'stop' }), 0);
    expect(orders.find(0, 'stop')?.clientOrderId).toBe('new');
    orders.apply(canceled('new'));
    expect(orders.find(0, 'stop')?.clientOrderId).toBe('old');
  });

  it('knows an execution that it has seen, also one of an order that is not its own', () => {
    const orders = book();
    orders.add(intentOf('A', 5), 0);
    for (const event of [fillOf('A', 2), fillOf('liquidation-1', 1)]) {
      if (event.kind !== 'fill') throw new Error('not a fill');
      expect(orders.knows(event.fill)).toBe(false);
      orders.apply(event);
      expect(orders.knows(event.fill)).toBe(true);
      expect(orders.removeFill(event.fill.executionId)).toBe(event.fill);
      expect(orders.knows(event.fill)).toBe(true); // what was taken back is not booked again
      expect(orders.removeFill(event.fill.executionId)).toBeUndefined();
    }
    expect(orders.get('A')?.filledLots).toBe(0);
  });

  it('forgets old orders but never one that is live', () => {
    const orders = book();
    orders.add(bracketed('A', 1), 0);
    orders.apply(canceled('A'));
    orders.apply(fillOf('A', 1));
    orders.apply(activated('A-stop', 1));
    for (let i = 0; i < 5000; i++) {
      orders.add(intentOf(`n${i}`, 1), 0);
      orders.apply(canceled(`n${i}`));
    }
    expect(orders.get('n0')).toBeUndefined();
    expect(orders.get('n4999')).toBeDefined();
    expect(orders.get('A-stop')).toBe(orders.find(0, 'stop'));
  });

  it('knows an execution long after its order was forgotten, and one whose correction came before it', () => {
    const orders = book();
    orders.add(intentOf('A', 1), 0);
    const first = fillOf('A', 1);
    orders.apply(first);
    for (let i = 0; i < 3000; i++) {
      orders.add(intentOf(`n${i}`, 1), 0);
      orders.apply(canceled(`n${i}`));
    }
    expect(orders.get('A')).toBeUndefined();
    if (first.kind !== 'fill') throw new Error('not a fill');
    expect(orders.knows(first.fill)).toBe(true);
    orders.removeFill('to come');
    expect(orders.knows({ ...first.fill, executionId: 'to come' })).toBe(true);
  });

  it('keeps its list of live orders equal to the orders that have not ended, whatever is said in whatever order', () => {
    const ids = ['A', 'A-stop', 'A-target', 'B', 'nobody'];
    const say = fc.oneof(
      fc.constantFrom(...ids).map(accepted),
      fc.constantFrom(...ids).map(canceled),
      fc.constantFrom(...ids).map(rejected),
      fc.constantFrom(...ids).map(expired),
      fc.constantFrom(...ids).map(unknown),
      fc.tuple(fc.constantFrom(...ids), fc.integer({ min: 1, max: 5 })).map(([id, quantity]) => fillOf(id, quantity)),
      fc.tuple(fc.constantFrom('A-stop', 'A-target'), fc.integer({ min: 1, max: 5 })).map(([id, quantity]) => activated(id, quantity)),
    );
    fc.assert(
      fc.property(fc.array(say, { maxLength: 40 }), (events) => {
        const orders = book();
        orders.add(bracketed('A', 5), 0);
        orders.add(intentOf('B', 2), 0);
        for (const event of events) orders.apply(event);
        const open = ids.flatMap((id) => orders.get(id) ?? []).filter((order) => ['pending', 'held', 'working', 'partially-filled', 'unknown'].includes(order.status));
        expect(new Set(orders.live[0])).toEqual(new Set(open));
        expect(orders.liveCount).toBe(open.length);
        expect(orders.live[0]?.length).toBe(open.length);
      }),
    );
  });
});
