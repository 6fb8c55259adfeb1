import { describe, expect, it } from 'vitest';
import type { OrderIntent } from '../domain/order.js';
import { Kernel } from '../../testing/kernel.js';
import { carryOut } from '../engine/commands.js';
import { replan } from './replan.js';

/** A kernel on a venue that links no orders. */
function plain(exits: Record<string, unknown>): Kernel {
  const kernel = new Kernel({ config: { exits, sizing: { use: 'fixed-quantity', quantity: 4 }, risk: { maxContracts: 100 } } });
  kernel.broker.capabilities = { ...kernel.broker.capabilities, nativeBrackets: false, oco: false };
  return kernel;
}

const brief = (intents: readonly OrderIntent[]): string[] => intents.map(({ role, side, quantity, stopPrice }) => `${role} ${side} ${quantity}${stopPrice === undefined ? '' : ` at ${stopPrice}`}`);

function begin(kernel: Kernel): string {
  const wish = { entered: false };
  kernel.seat(({ signal }) => (wish.entered ? undefined : signal.long({ entry: 99 })));
  const [entry] = kernel.step(100);
  wish.entered = true;
  expect(entry?.bracket).toBeUndefined();
  expect(entry?.ocoGroup).toBeUndefined();
  kernel.broker.submitted.length = 0;
  return entry?.clientOrderId ?? '';
}

describe('exits on a venue without native brackets', () => {
  it('has a stop at the venue for every lot as soon as its fill is heard', () => {
    const kernel = plain({ stopPoints: 10, rewardRisk: 2 });
    const id = begin(kernel);
    kernel.fill(id, 1, 99);
    kernel.fill(id, 3, 99);
    expect(brief(kernel.broker.submitted)).toEqual(['stop sell 1 at 89', 'stop sell 3 at 89']);
    expect(kernel.account.orders.stopLots(0, -1)).toBe(4);
  });

  it('sends the target when the market touches it, once, and takes the stops back as it fills', () => {
    const kernel = plain({ stopPoints: 10, rewardRisk: 2 });
    const id = begin(kernel);
    kernel.fill(id, 4, 99);
    const [stop] = kernel.broker.submitted;
    kernel.accept(stop?.clientOrderId ?? '');
    expect(kernel.step(118.75)).toEqual([]);
    const [exit, ...none] = kernel.step(119);
    expect(none).toEqual([]);
    expect(exit).toMatchObject({ role: 'exit', quantity: 4, reason: 'target' });
    expect(kernel.step(100)).toEqual([]);
    kernel.fill(exit?.clientOrderId ?? '', 3, 119);
    expect(kernel.broker.changes.at(-1)).toMatchObject({ clientOrderId: stop?.clientOrderId, quantity: 1 });
    kernel.fill(exit?.clientOrderId ?? '', 1, 119);
    expect(kernel.broker.canceled).toEqual([stop?.clientOrderId]);
  });

  it('takes back an exit on its way when the stop fills first: never more than the position', () => {
    const kernel = plain({ stopPoints: 10, rewardRisk: 2 });
    const id = begin(kernel);
    kernel.fill(id, 4, 99);
    const [stop] = kernel.broker.submitted;
    kernel.accept(stop?.clientOrderId ?? '');
    const [exit] = kernel.step(119);
    kernel.accept(exit?.clientOrderId ?? '');
    kernel.fill(stop?.clientOrderId ?? '', 4, 89);
    expect(kernel.broker.canceled).toEqual([exit?.clientOrderId]);
  });

  it('leaves at once what its exits have turned around', () => {
    const kernel = plain({ stopPoints: 10, rewardRisk: 2 });
    const id = begin(kernel);
    kernel.fill(id, 4, 99);
    const [stop] = kernel.broker.submitted;
    const [exit] = kernel.step(119);
    kernel.fill(exit?.clientOrderId ?? '', 4, 119);
    kernel.broker.submitted.length = 0;
    kernel.fill(stop?.clientOrderId ?? '', 4, 89); // the cancel came too late
    expect(brief(kernel.broker.submitted)).toEqual(['exit buy 4']);
  });

  it('follows the market with all its stops', () => {
    const kernel = plain({ stopPoints: 10, breakEvenAfterR: 0.5 });
    const id = begin(kernel);
    kernel.fill(id, 1, 99);
    kernel.fill(id, 3, 99);
    kernel.step(106);
    expect(kernel.broker.changes.map(({ stopPrice }) => stopPrice)).toEqual([99, 99]);
  });
});

describe('exits on a venue that changes no orders', () => {
  const fixed = (exits: Record<string, unknown>, linked = false): Kernel => {
    const kernel = plain(exits);
    kernel.broker.capabilities = { ...kernel.broker.capabilities, modify: false, nativeBrackets: linked, oco: linked };
    return kernel;
  };

  it('takes a stop that has to move back, and puts it up anew in the same breath', () => {
    const kernel = fixed({ stopPoints: 10, breakEvenAfterR: 0.5 });
    const id = begin(kernel);
    kernel.fill(id, 4, 99);
    const [stop] = kernel.broker.submitted;
    kernel.accept(stop?.clientOrderId ?? '');
    const renewed = kernel.step(106);
    expect(kernel.broker.changes).toEqual([]);
    expect(kernel.broker.canceled).toEqual([stop?.clientOrderId]);
    expect(brief(renewed)).toEqual(['stop sell 4 at 99']);
    kernel.cancelled(stop?.clientOrderId ?? '');
    kernel.accept(renewed[0]?.clientOrderId ?? '');
    expect(kernel.step(107)).toEqual([]);
    expect(kernel.broker.canceled).toHaveLength(1);
    expect(kernel.account.orders.stopLots(0, -1)).toBe(4);
  });

  it('keeps the old stop where its cancel comes too late, and no more than the position is sold', () => {
    const kernel = fixed({ stopPoints: 10, breakEvenAfterR: 0.5 });
    const id = begin(kernel);
    kernel.fill(id, 4, 99);
    const old = kernel.broker.submitted[0]?.clientOrderId ?? '';
    kernel.accept(old);
    const renewed = kernel.step(106)[0]?.clientOrderId ?? '';
    kernel.accept(renewed);
    kernel.fill(old, 4, 89);
    expect(kernel.desk.position.lots).toBe(0);
    expect(kernel.broker.canceled).toEqual([old, renewed]);
  });

  it('cuts its stops to what is left of the position', () => {
    const kernel = fixed({ stopPoints: 10, rewardRisk: 2 });
    const id = begin(kernel);
    kernel.fill(id, 4, 99);
    const old = kernel.broker.submitted[0]?.clientOrderId ?? '';
    kernel.accept(old);
    const [exit] = kernel.step(119);
    kernel.broker.submitted.length = 0;
    kernel.fill(exit?.clientOrderId ?? '', 3, 119);
    expect(kernel.broker.canceled).toEqual([old]);
    expect(brief(kernel.broker.submitted)).toEqual(['stop sell 1 at 89']);
  });

  it.each([{ dryRun: true }, { mayTrade: false }])('touches nothing that stands at the venue where nothing may leave (%s)', (mute) => {
    for (const modify of [true, false]) {
      const kernel = fixed({ stopPoints: 10, breakEvenAfterR: 0.5 }, true);
      kernel.broker.capabilities = { ...kernel.broker.capabilities, modify };
      kernel.enter('long', 100);
      Object.assign(kernel.account.settings, mute);
      expect(kernel.step(106)).toEqual([]);
      expect(kernel.broker.changes).toEqual([]);
      expect(kernel.broker.canceled).toEqual([]);
      expect(kernel.desk.plan?.stop).toBe(90); // the plan says what stands
      expect(kernel.account.orders.stopLots(0, -1)).toBe(4);
      carryOut({ command: 'kill', reason: 'test' }, kernel.account);
      expect(kernel.broker.canceled).toEqual([]);
      expect(kernel.notes).toMatch(/order .*(was not sent|refused): (dryRun is on|allowOrders is false)/);
    }
  });

  it('watches a target that was moved by itself', () => {
    const kernel = fixed({ stopPoints: 10, rewardRisk: 2 }, true);
    const entry = kernel.enter('long', 100);
    expect(replan(kernel.desk, kernel.account, { target: 110 }, 'nearer')).toBeUndefined();
    expect(kernel.broker.canceled).toEqual([`${entry.clientOrderId}-target`]);
    kernel.cancelled(`${entry.clientOrderId}-target`);
    expect(kernel.step(109)).toEqual([]);
    expect(kernel.step(110)).toMatchObject([{ role: 'exit', reason: 'target' }]);
  });
});
