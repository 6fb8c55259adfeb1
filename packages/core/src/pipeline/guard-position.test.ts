import { describe, expect, it } from 'vitest';
import type { OrderIntent } from '../domain/order.js';
import { toQuantity } from '../domain/units.js';
import { Kernel } from '../../testing/kernel.js';

type Wish = 'long' | 'flat' | 'hold';

function trader(exits: Record<string, unknown>, quantity = 4): Kernel & { wish: Wish; details: Record<string, number> } {
  const kernel = Object.assign(new Kernel({ config: { exits, sizing: { use: 'fixed-quantity', quantity }, risk: { maxContracts: 100 } } }), { wish: 'hold' as Wish, details: {} });
  kernel.seat(({ signal }) => (kernel.wish === 'hold' ? undefined : signal[kernel.wish](kernel.details)));
  return kernel;
}

const brief = (intents: readonly OrderIntent[]): string[] => intents.map((intent) => `${intent.role} ${intent.side} ${intent.quantity}`);
/** What the pipeline sends while `act` runs. */
function sent(kernel: Kernel, act: () => void): readonly OrderIntent[] {
  const before = kernel.broker.submitted.length;
  act();
  return kernel.broker.submitted.slice(before);
}
const reject = (kernel: Kernel, clientOrderId: string): void => kernel.say({ kind: 'rejected', clientOrderId, code: 'X', reason: 'test', time: kernel.account.now });

describe('an exit that is on its way', () => {
  it.each([
    { what: 'a time limit', exits: { maxHoldMinutes: 2 } },
    { what: 'a disaster stop', exits: { disasterStop: { lossFraction: 0.00001 } } },
  ])('does not hold up $what: the rest goes out in a group of its own, never more than the position', ({ exits }) => {
    const kernel = trader({ stopPoints: 20, partialTarget: { atR: 0.5, fraction: 0.5 }, ...exits });
    const entry = kernel.enter('long', 100);
    const [partial] = kernel.step(110);
    expect(partial).toMatchObject({ role: 'exit', quantity: 2, ocoGroup: entry.clientOrderId });
    const [rest, ...none] = kernel.step(99);
    expect(none).toEqual([]);
    expect(rest).toMatchObject({ role: 'exit', quantity: 2 });
    expect(rest?.ocoGroup).toBeUndefined();
    expect(kernel.step(99)).toEqual([]);
  });

  it('does not keep the stop from following the market', () => {
    const kernel = trader({ stopPoints: 20, partialTarget: { atR: 0.25, fraction: 0.5 }, breakEvenAfterR: 0.5 });
    kernel.enter('long', 100);
    expect(brief(kernel.step(106))).toEqual(['exit sell 2']);
    kernel.step(111);
    expect(kernel.desk.plan?.stop).toBe(100);
  });

  it('has the stops cut at once by what the venue does not take off them itself', () => {
    const kernel = trader({ stopPoints: 20, partialTarget: { atR: 0.5, fraction: 0.5 }, maxHoldMinutes: 2 });
    const entry = kernel.enter('long', 100);
    kernel.step(110);
    const [rest] = kernel.step(100);
    kernel.fill(rest?.clientOrderId ?? '', 1, 100);
    expect(kernel.broker.changes.at(-1)).toMatchObject({ clientOrderId: `${entry.clientOrderId}-stop`, quantity: 3 });
  });
});

describe('guardPosition', () => {
  it('renews a stop when the venue says that it is gone, not a bar later', () => {
    const kernel = trader({ stopPoints: 10 });
    const { clientOrderId } = kernel.enter('long', 100);
    expect(brief(sent(kernel, () => kernel.cancelled(`${clientOrderId}-stop`)))).toEqual(['stop sell 4']);
    expect(kernel.step(100)).toEqual([]);
  });

  it('takes back an entry whose exits were refused, and guards what it had filled', () => {
    const kernel = trader({ stopPoints: 10 });
    Object.assign(kernel, { wish: 'long', details: { entry: 99 } });
    const [entry] = kernel.step(100);
    const id = entry?.clientOrderId ?? '';
    kernel.fill(id, 1, 99);
    expect(brief(sent(kernel, () => reject(kernel, `${id}-stop`)))).toEqual(['stop sell 1']);
    expect(kernel.broker.canceled).toEqual([id]);
  });

  it('takes back an entry that has not filled at all when one of its exits is refused', () => {
    const kernel = trader({ stopPoints: 10, rewardRisk: 2 });
    Object.assign(kernel, { wish: 'long', details: { entry: 99 } });
    const [entry] = kernel.step(100);
    reject(kernel, `${entry?.clientOrderId}-target`);
    expect(kernel.broker.canceled).toEqual([entry?.clientOrderId]);
  });

  it('leaves a position whose stops the venue keeps refusing, and does not fight on forever', () => {
    const kernel = trader({ stopPoints: 10 });
    const { clientOrderId } = kernel.enter('long', 100);
    kernel.broker.onSubmit = ({ clientOrderId: id }) => reject(kernel, id);
    const intents = sent(kernel, () => reject(kernel, `${clientOrderId}-stop`));
    expect(brief(intents.filter(({ role }) => role === 'stop')).length).toBe(2);
    expect(intents.some(({ role, quantity }) => role === 'exit' && quantity === 4)).toBe(true);
    expect(intents.length).toBeLessThan(10);
    kernel.broker.onSubmit = () => undefined;
    expect(brief(kernel.step(100))).toEqual(['exit sell 4']);
  });

  it('leaves where the market has passed the stop: the venue would not take it', () => {
    const kernel = trader({ stopPoints: 10 });
    const { clientOrderId } = kernel.enter('long', 100);
    kernel.see(85);
    expect(brief(sent(kernel, () => kernel.cancelled(`${clientOrderId}-stop`)))).toEqual(['exit sell 4']);
  });

  it('moves all stops of a position along, the first and the renewed one', () => {
    const kernel = trader({ stopPoints: 10, breakEvenAfterR: 0.5 });
    const { clientOrderId } = kernel.enter('long', 100);
    kernel.say({ kind: 'modified', clientOrderId: `${clientOrderId}-stop`, quantity: toQuantity(1), time: kernel.account.now });
    const [renewed] = kernel.step(100);
    expect(renewed).toMatchObject({ role: 'stop', quantity: 3 });
    kernel.accept(renewed?.clientOrderId ?? '');
    kernel.step(106);
    expect(new Map(kernel.broker.changes.map(({ clientOrderId: id, stopPrice }) => [id, stopPrice]))).toEqual(new Map([[renewed?.clientOrderId, 100], [`${clientOrderId}-stop`, 100]]));
  });

  it('takes back a renewed stop as soon as the position is gone', () => {
    const kernel = trader({ stopPoints: 10 });
    const { clientOrderId } = kernel.enter('long', 100);
    const [renewed] = sent(kernel, () => kernel.cancelled(`${clientOrderId}-stop`));
    kernel.accept(renewed?.clientOrderId ?? '');
    kernel.fill('given', 4, 100, { side: 'sell' });
    expect(kernel.broker.canceled).toEqual([renewed?.clientOrderId]);
  });

  it('cuts stops that together cover more than the position', () => {
    const kernel = trader({ stopPoints: 10 });
    const { clientOrderId } = kernel.enter('long', 100);
    kernel.fill('given', 1, 100, { side: 'sell' });
    expect(kernel.broker.changes).toMatchObject([{ clientOrderId: `${clientOrderId}-stop`, quantity: 3 }]);
  });
});
