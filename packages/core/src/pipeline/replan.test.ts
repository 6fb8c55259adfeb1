import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toPrice, toQuantity } from '../domain/units.js';
import { MINUTE } from '../../testing/kernel.js';
import { brief, enterWith, obey, replan, trader } from '../../testing/plan-trader.js';

describe('replan', () => {
  const open = (exits: Record<string, unknown> = {}): ReturnType<typeof trader> => {
    const kernel = trader({ stopPoints: 10, rewardRisk: 2, maxHoldMinutes: 60, ...exits });
    enterWith(kernel, 'long', { invalidation: 91 });
    return kernel;
  };

  it('tightens stop, time limit and invalidation, and moves the target', () => {
    const kernel = open();
    const timeLimit = kernel.account.now + MINUTE;
    expect(replan(kernel, { stop: 94.9, target: 130, timeLimit, invalidation: 96 })).toBe('');
    expect(kernel.desk.plan).toMatchObject({ version: 2, stop: 95, initialStop: 90, target: 130, timeLimit, invalidation: 96, change: 'test' });
    expect(kernel.broker.changes).toMatchObject([{ stopPrice: 95 }, { limitPrice: 130 }]);
    expect(brief(kernel.step(100))).toEqual(['exit sell 4']);
  });

  it.each([
    { wish: { stop: 89 }, why: 'stop was 89, expected at least 90: protection is only tightened' },
    { wish: { stop: 101 }, why: 'stop was 101, expected it on the losing side of the price 100' },
    { wish: { stop: Number.NaN }, why: 'stop was NaN, expected a number' },
    { wish: { target: 99 }, why: 'target was 99, expected it on the winning side of the price 100' },
    { wish: { timeLimit: 9e15 }, why: 'protection is only tightened' },
    { wish: { invalidation: 80 }, why: 'invalidation was 80, expected at least 91' },
    { wish: { stop: 95, target: 1 }, why: 'target was 1' },
    { wish: { stop: 95, instrument: 'Y' }, why: 'Y is not an instrument of the account' },
  ])('refuses the whole of $wish', ({ wish, why }) => {
    const kernel = open();
    const before = kernel.desk.plan;
    expect(replan(kernel, wish)).toContain(why);
    expect(kernel.desk.plan).toBe(before);
    expect(kernel.broker.changes).toEqual([]);
  });

  it.each(['a late word on an earlier stop', 'a stop that stands behind the hard stop'])('is not loosened by an answer of the venue: %s', (what) => {
    const kernel = trader({ stopPoints: 10, rewardRisk: 2 });
    enterWith(kernel, 'long', {});
    const old = `${kernel.desk.plan?.id}-stop`;
    if (what === 'a late word on an earlier stop') {
      kernel.fill(old, 4, 90);
      kernel.cancelled(old.replace('stop', 'target'));
      kernel.wish = 'long';
      const [entry] = kernel.step(97);
      kernel.wish = 'hold';
      const id = entry?.clientOrderId ?? '';
      kernel.fill(id, 4, 97);
      for (const leg of ['stop', 'target']) kernel.activate(`${id}-${leg}`, 4);
      replan(kernel, { stop: 95 });
    } else {
      const stop = kernel.account.orders.get(old);
      if (stop !== undefined) stop.stopPrice = 85;
    }
    const { plan } = kernel.desk;
    kernel.say({ kind: 'modify-rejected', clientOrderId: old, code: 'X', reason: '', time: kernel.account.now });
    expect(kernel.desk.plan).toBe(plan);
  });

  it('refuses to move a stop that the venue has yet to activate: the plan claims no stop that stands elsewhere', () => {
    const kernel = trader({ stopPoints: 10, rewardRisk: 2 });
    kernel.wish = 'long';
    const [entry] = kernel.step(100);
    kernel.wish = 'hold';
    const id = entry?.clientOrderId ?? '';
    kernel.fill(id, 4, 100);
    expect(replan(kernel, { stop: 95 })).toContain('the stop at the venue cannot be moved there now');
    expect(kernel.desk.plan?.stop).toBe(90);
    kernel.activate(`${id}-stop`, 4);
    replan(kernel, { stop: 95 });
    expect(kernel.desk.plan?.stop).toBe(95);
    expect(kernel.broker.changes).toMatchObject([{ clientOrderId: `${id}-stop`, stopPrice: 95 }]);
  });

  it('holds a new target to the price collar, and leaves the old one where it is', () => {
    const kernel = trader({ stopPoints: 10, rewardRisk: 2 }, 4, { config: { risk: { maxContracts: 100, priceCollar: { exitFraction: 0.25 } } } });
    enterWith(kernel, 'long', {});
    const before = kernel.desk.plan;
    expect(replan(kernel, { target: 126, stop: 95 })).toContain('priceCollar.exitFraction 0.25: the target price is farther from the last close');
    expect(kernel.desk.plan).toBe(before);
    expect(kernel.broker.changes).toEqual([]);
    expect(replan(kernel, { target: 125, stop: 95 })).not.toContain('125');
    expect(kernel.broker.changes).toMatchObject([{ stopPrice: 95 }, { limitPrice: 125 }]);
  });

  it('lets a stop come nearer that the market has left behind the collar', () => {
    const kernel = trader({ stopPoints: 10 }, 4, { config: { risk: { maxContracts: 100, priceCollar: { exitFraction: 0.25 } } } });
    enterWith(kernel, 'long', {});
    kernel.step(200);
    kernel.broker.changes.length = 0;
    expect(replan(kernel, { stop: 100 })).toBe('');
    expect(kernel.broker.changes).toMatchObject([{ stopPrice: 100 }]);
  });

  it('gives a position without a stop its first one, at once', () => {
    const kernel = trader({ maxHoldMinutes: 60 });
    enterWith(kernel, 'long', {});
    kernel.broker.submitted.length = 0;
    replan(kernel, { stop: 95 });
    expect(kernel.broker.submitted).toMatchObject([{ role: 'stop', quantity: 4, stopPrice: 95 }]);
    expect(kernel.desk.plan).toMatchObject({ stop: 95, initialStop: 95 });
  });

  it("is open to plugins by the hook 'plan', by the same rules", () => {
    const kernel = open();
    let stop = 96;
    kernel.hooks.forPlugin('p').transform('plan', (plan) => ({ ...plan, stop: toPrice(stop), quantity: toQuantity(99), initialStop: toPrice(1) }));
    kernel.step(100);
    expect(kernel.desk.plan).toMatchObject({ stop: 96, quantity: 4, initialStop: 90 });
    stop = 92;
    kernel.step(100);
    expect(kernel.desk.plan?.stop).toBe(96);
    expect(kernel.notes).toContain("a 'plan' hook was refused: stop was 92, expected at least 96");
  });

  it('never brings a stop farther from the market, whatever is asked for, whatever the market does', () => {
    const price = fc.integer({ min: 60, max: 160 });
    const wish = fc.record({ stop: fc.option(price, { nil: undefined }), target: fc.option(price, { nil: undefined }), invalidation: fc.option(price, { nil: undefined }) });
    const act = fc.oneof(fc.record({ close: price }), fc.record({ wish }), fc.constant({ refuse: true as const }));
    fc.assert(
      fc.property(fc.constantFrom('long' as const, 'short' as const), fc.array(act, { maxLength: 25 }), (side, acts) => {
        const kernel = trader({ stopPoints: 50, breakEvenAfterR: 0.3, trailing: { distanceFraction: 0.1 } });
        const { clientOrderId } = kernel.enter(side, 100);
        const sign = side === 'long' ? 1 : -1;
        const atVenue = (): number => kernel.account.orders.get(`${clientOrderId}-stop`)?.stopPrice ?? Number.NaN;
        const hard = kernel.desk.plan?.initialStop as number;
        let last = atVenue();
        for (const each of acts) {
          if ('close' in each) kernel.step(each.close);
          else if ('wish' in each) replan(kernel, Object.fromEntries(Object.entries(each.wish).filter(([, value]) => value !== undefined)));
          else for (const { clientOrderId: id } of kernel.broker.changes.splice(0)) kernel.say({ kind: 'modify-rejected', clientOrderId: id, code: 'X', reason: '', time: kernel.account.now });
          obey(kernel);
          const { plan } = kernel.desk;
          if (plan === undefined || kernel.desk.leaving !== undefined) return;
          expect(plan.initialStop).toBe(hard);
          expect((plan.stop as number) * sign).toBeGreaterThanOrEqual(hard * sign);
          expect(atVenue() * sign).toBeGreaterThanOrEqual(last * sign);
          last = atVenue();
        }
      }),
    );
  });
});
