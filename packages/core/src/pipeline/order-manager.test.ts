import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTerminal } from '../domain/order.js';
import type { Fill } from '../domain/events.js';
import { toQuantity } from '../domain/units.js';
import { carryOut } from '../engine/commands.js';
import type { ManagedOrder } from '../execution/managed-order.js';
import { Kernel } from '../../testing/kernel.js';

/** What the venue may do next, with a number that chooses among what it could do it to. */
const act = fc.tuple(fc.constantFrom('bar', 'long', 'short', 'flat', 'accept', 'fill', 'fill', 'fill', 'fill', 'cancel', 'reject', 'unknown', 'repeat', 'refuse-cancel', 'refuse-change', 'obey'), fc.nat(1000));

/** A venue without links, which knows an order only by what it is sent, and never fills beyond an order. */
function run(native: boolean, acts: ReadonlyArray<readonly [string, number]>): void {
  const kernel = new Kernel({ config: { exits: { stopPoints: 10, rewardRisk: 2, breakEvenAfterR: 0.5 }, sizing: { use: 'fixed-quantity', quantity: 4 }, risk: { maxContracts: 9 } } });
  kernel.broker.capabilities = { ...kernel.broker.capabilities, nativeBrackets: native, oco: false };
  let wish: string = 'hold';
  kernel.seat(({ signal }) => (wish === 'hold' ? undefined : signal[wish as 'long'](wish === 'flat' ? {} : { entry: wish === 'long' ? kernel.desk.close - 1 : kernel.desk.close + 1 })));
  const { orders } = kernel.account;
  const said: Fill[] = [];
  let close = 100;
  kernel.see(close);
  for (const [what, number] of acts) {
    const live = [...(orders.live[0] as readonly ManagedOrder[])];
    const pick = (wanted: (order: ManagedOrder) => boolean): ManagedOrder | undefined => {
      const some = live.filter(wanted);
      return some[number % Math.max(1, some.length)];
    };
    const time = kernel.account.now;
    wish = ['long', 'short', 'flat'].includes(what) ? what : 'hold';
    if (wish !== 'hold' || what === 'bar') {
      close += (number % 7) - 3;
      kernel.step(close);
    } else if (what === 'fill') {
      // a stop or an exit of a venue's own links fills no more than is open
      const order = pick(({ status, role, sign, remainingLots }) => status !== 'held' && remainingLots > 0 && (role === 'entry' || sign * kernel.desk.position.lots < 0));
      if (order !== undefined) {
        const most = order.role === 'entry' ? order.remainingLots : Math.min(order.remainingLots, Math.abs(kernel.desk.position.lots));
        const lots = 1 + (number % most);
        said.push(kernel.fill(order.clientOrderId, lots, close));
        if (order.role === 'entry') for (const child of live.filter(({ parentId, status }) => parentId === order.clientOrderId && !isTerminal(status))) kernel.activate(child.clientOrderId, order.filledLots);
      }
    } else if (what === 'repeat') {
      const fill = said[number % Math.max(1, said.length)];
      if (fill !== undefined) kernel.say({ kind: 'fill', fill });
    } else if (what === 'obey') {
      for (const change of kernel.broker.changes.splice(0)) {
        const order = orders.get(change.clientOrderId);
        if (order === undefined || isTerminal(order.status)) continue;
        kernel.say({ kind: 'modified', clientOrderId: change.clientOrderId, quantity: toQuantity(Math.max(order.filledLots, change.quantity ?? order.lots)), ...(change.stopPrice === undefined ? {} : { stopPrice: change.stopPrice }), time });
      }
      for (const clientOrderId of kernel.broker.canceled.splice(0)) if (!isTerminal(orders.get(clientOrderId)?.status ?? 'filled')) kernel.cancelled(clientOrderId);
    } else {
      const order = pick(({ status }) => status !== 'held');
      if (order === undefined) continue;
      const { clientOrderId } = order;
      if (what === 'accept') kernel.accept(clientOrderId);
      else if (what === 'cancel') kernel.cancelled(clientOrderId);
      else if (what === 'reject' && order.filledLots === 0) kernel.say({ kind: 'rejected', clientOrderId, code: 'X', reason: '', time });
      else if (what === 'unknown') kernel.say({ kind: 'outcome-unknown', clientOrderId, reason: '', time });
      else if (what === 'refuse-cancel' && order.cancelRequested) kernel.say({ kind: 'cancel-rejected', clientOrderId, code: 'X', reason: '', time });
      else if (what === 'refuse-change') kernel.say({ kind: 'modify-rejected', clientOrderId, code: 'X', reason: '', time });
    }
    check(kernel, said);
  }
}

/** What is left of an order once the venue has obeyed. */
function asked(kernel: Kernel, { clientOrderId, lots, filledLots }: ManagedOrder): number {
  const change = kernel.broker.changes.findLast((each) => each.clientOrderId === clientOrderId && each.quantity !== undefined);
  return Math.max(0, Math.min(lots, change?.quantity ?? lots) - filledLots);
}

function check(kernel: Kernel, said: readonly Fill[]): void {
  const { orders } = kernel.account;
  const { lots } = kernel.desk.position;
  const live = orders.live[0] as readonly ManagedOrder[];
  // fills are the truth
  expect(lots).toBe(said.reduce((sum, { side, quantity }) => sum + (side === 'buy' ? quantity : -quantity), 0));
  // the lists are consistent
  expect(orders.liveCount).toBe(live.length);
  for (const order of live) {
    expect(isTerminal(order.status)).toBe(false);
    expect(orders.get(order.clientOrderId)).toBe(order);
    expect(order.remainingLots).toBeGreaterThanOrEqual(0);
  }
  // no exit beyond the position
  const exits = live.filter(({ role, sign }) => role === 'exit' && sign * lots < 0).reduce((sum, order) => sum + asked(kernel, order), 0);
  const taken = live.filter(({ role, cancelRequested }) => role === 'exit' && cancelRequested).reduce((sum, order) => sum + asked(kernel, order), 0);
  if (lots !== 0) expect(exits - taken).toBeLessThanOrEqual(Math.abs(lots));
  // what is open is guarded, or on its way out, or waits for the next bar after too many refusals
  const guarded = orders.stopLots(0, -Math.sign(lots));
  const protectedLots = guarded + exits;
  if (lots !== 0 && kernel.desk.plan?.stop !== undefined && kernel.desk.refusals < 3) expect(protectedLots).toBeGreaterThanOrEqual(Math.abs(lots));
}

describe('the order manager', () => {
  it.each([true, false])('keeps position, orders and protection together, whatever the venue says in whatever order (native brackets %s)', (native) => {
    fc.assert(fc.property(fc.array(act, { maxLength: 60 }), (acts) => run(native, acts)), { numRuns: 400 });
  });

  it('brings the plan back with a position that a correction opens again, and guards it at once', () => {
    const kernel = new Kernel({ config: { exits: { stopPoints: 10 }, sizing: { use: 'fixed-quantity', quantity: 4 }, risk: { maxContracts: 9 } } });
    const { clientOrderId } = kernel.enter('long', 100);
    const stopped = kernel.fill(`${clientOrderId}-stop`, 4, 90);
    expect(kernel.desk.plan).toBeUndefined();
    kernel.see(95);
    kernel.broker.submitted.length = 0;
    kernel.say({ kind: 'fill-corrected', executionId: stopped.executionId, time: kernel.account.now });
    expect(kernel.desk.plan?.id).toBe(clientOrderId);
    expect(kernel.broker.submitted).toMatchObject([{ role: 'stop', quantity: 4, stopPrice: 90 }]);
    kernel.say({ kind: 'fill', fill: stopped }); // repeated after its correction
    expect(kernel.desk.position.lots).toBe(4);
  });

  it('sends no entry while the outcome of an order of its instrument is not known', () => {
    const kernel = new Kernel({ config: { risk: { maxContracts: 9 } } });
    kernel.seat(({ signal }) => signal.long({ entry: 90 }));
    const [entry] = kernel.step(100);
    kernel.say({ kind: 'outcome-unknown', clientOrderId: entry?.clientOrderId ?? '', reason: '', time: kernel.account.now });
    kernel.desk.seats.splice(0);
    kernel.seat(({ signal }) => signal.short());
    expect(kernel.step(100)).toEqual([]);
    expect(kernel.notes).toContain('is not known');
  });

  it('enters no more, and takes no exit back, while the venue owes a fill that it told of; books and venue compared, it does again', () => {
    const kernel = new Kernel({ config: { exits: { stopPoints: 10, rewardRisk: 2 }, sizing: { use: 'fixed-quantity', quantity: 3 }, risk: { maxContracts: 4 } } });
    kernel.seat(({ signal }) => signal.short());
    const [entry] = kernel.step(100);
    const id = entry?.clientOrderId as string;
    kernel.accept(id);
    for (const leg of entry?.bracket ?? []) kernel.activate(leg.clientOrderId, 2); // of the fill itself nobody hears
    kernel.cancelled(id);
    expect(kernel.desk.position.lots).toBe(0);
    expect(kernel.step(100)).toEqual([]);
    expect(kernel.notes).toContain('the venue told of fills that were not heard');
    expect(kernel.broker.canceled).toEqual([]);
    expect(kernel.account.orders.live.flat().map(({ role }) => role)).toEqual(['stop', 'target']);

    carryOut({ command: 'protect', reason: 'books and venue were compared', compared: true }, kernel.account);
    expect(kernel.broker.canceled).toEqual([`${id}-target`, `${id}-stop`]);
    for (const each of kernel.broker.canceled.splice(0)) kernel.cancelled(each);
    expect(kernel.step(100)).toMatchObject([{ role: 'entry', side: 'sell', quantity: 3 }]);
  });
});
