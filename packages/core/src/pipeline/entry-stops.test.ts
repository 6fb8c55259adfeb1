import { describe, expect, it } from 'vitest';
import type { OrderIntent } from '../domain/order.js';
import { brief, enterWith, trader } from '../../testing/plan-trader.js';
import { guardDisturbed } from './guard-position.js';

describe('the disaster stop of an entry that has no other stop', () => {
  const exits = { disasterStop: { lossFraction: 0.02 } }; // 2 000 of 100 000: 500 points for 4
  const stopOf = (entry: OrderIntent | undefined): number | undefined => entry?.bracket?.find(({ role }) => role === 'stop')?.stopPrice;

  it('rests at the venue where the quantity that is sent loses that share of equity, on the tick toward the entry', () => {
    for (const [side, level] of [['long', 333.5], ['short', 1666.5]] as const) {
      const kernel = trader(exits, 3); // 666.67 points
      Object.assign(kernel, { wish: side });
      const [entry] = kernel.step(1000);
      expect(stopOf(entry)).toBe(level);
      expect(kernel.desk.pendingPlan).toMatchObject({ stop: level, initialStop: undefined });
    }
  });

  it('lies where what the door left of the entry loses it', () => {
    const kernel = trader(exits, 10, { config: { exits, sizing: { use: 'fixed-quantity', quantity: 10 }, risk: { maxContracts: 4 } } });
    Object.assign(kernel, { wish: 'long' });
    const [entry] = kernel.step(1000);
    expect([entry?.quantity, stopOf(entry)]).toEqual([4, 500]);
    kernel.wish = 'hold';
    kernel.fill(entry?.clientOrderId ?? '', 4, 1000);
    expect(kernel.desk.plan).toMatchObject({ quantity: 4, stop: 500 });
  });

  it('is put up with the fill where the venue has no brackets', () => {
    const kernel = trader(exits);
    kernel.broker.capabilities = { ...kernel.broker.capabilities, nativeBrackets: false };
    Object.assign(kernel, { wish: 'long' });
    const [entry] = kernel.step(1000);
    expect(entry?.bracket).toBeUndefined();
    kernel.wish = 'hold';
    kernel.fill(entry?.clientOrderId ?? '', 4, 1000);
    guardDisturbed(kernel.account);
    expect(kernel.broker.submitted.at(-1)).toMatchObject({ role: 'stop', type: 'stop', side: 'sell', quantity: 4, stopPrice: 500 });
  });

  it('gives way to a stop of the signal or of the other exits', () => {
    const signalled = trader(exits);
    Object.assign(signalled, { wish: 'long', details: { stop: 900 } });
    expect(stopOf(signalled.step(1000)[0])).toBe(900);
    const measured = trader({ ...exits, stopPoints: 10 });
    Object.assign(measured, { wish: 'long' });
    expect(stopOf(measured.step(1000)[0])).toBe(990);
  });

  it('rests nowhere where a price of 0 would lose less', () => {
    const kernel = trader(exits);
    Object.assign(kernel, { wish: 'long' });
    const [entry] = kernel.step(100);
    expect(entry?.bracket).toBeUndefined();
    expect(kernel.desk.pendingPlan).toMatchObject({ stop: undefined, disasterLossFraction: 0.02 });
  });

  it('is no unit of risk: what is measured in R stays off', () => {
    const kernel = trader({ ...exits, breakEvenAfterR: 0.1, rewardRisk: 2 });
    enterWith(kernel, 'long', {});
    expect(kernel.notes).toContain('breakEvenAfterR needs a stop');
    kernel.step(400);
    expect(kernel.broker.changes).toEqual([]);
  });
});

describe('an entry without a stop', () => {
  it('is sent, and the result says so', () => {
    const kernel = trader({});
    Object.assign(kernel, { wish: 'long' });
    expect(brief(kernel.step(100))).toEqual(['entry buy 4']);
    expect(kernel.notes).toContain('an entry on X had no stop: signal and exits: name none');
    const guarded = trader({ stopPoints: 10 });
    Object.assign(guarded, { wish: 'long' });
    guarded.step(100);
    expect(guarded.notes).toBe('');
    const meant = trader({ withoutStop: 'allow' });
    Object.assign(meant, { wish: 'long' });
    expect(brief(meant.step(100))).toEqual(['entry buy 4']);
    expect(meant.notes).toBe('');
  });

  it('is held at the door where the account refuses it, with or without brackets, and one whose signal names a stop is not', () => {
    for (const nativeBrackets of [true, false]) {
      for (const [details, sent] of [[{}, []], [{ target: 120 }, []], [{ stop: 90 }, ['entry buy 4']]] as const) {
        const kernel = trader({ withoutStop: 'refuse' }, 4, { journal: true });
        kernel.broker.capabilities = { ...kernel.broker.capabilities, nativeBrackets };
        Object.assign(kernel, { wish: 'long', details });
        expect(brief(kernel.step(100))).toEqual(sent);
        const refusals = kernel.journal.records.filter(({ kind }) => kind === 'refusal').map(({ data }) => (data as { reason: string }).reason);
        expect(refusals).toEqual(sent.length > 0 ? [] : ['withoutStop refuse: neither the signal nor exits: gives a stop']);
      }
    }
  });

  it('leaves what closes a position alone', () => {
    const kernel = trader({ withoutStop: 'refuse' });
    kernel.fill('given', 4, 100, { side: 'buy' });
    Object.assign(kernel, { wish: 'flat' });
    expect(brief(kernel.step(101))).toEqual(['exit sell 4']);
  });
});
