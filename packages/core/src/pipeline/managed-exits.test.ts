import { describe, expect, it } from 'vitest';
import type { OrderIntent } from '../domain/order.js';
import { Kernel } from '../../testing/kernel.js';

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
