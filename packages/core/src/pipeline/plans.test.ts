import { describe, expect, it } from 'vitest';
import type { Plan } from '../domain/plan.js';
import { brief, enterWith, feature, obey, replan, trader } from '../../testing/plan-trader.js';

describe('trailing stops', () => {
  it('follow the close by a fraction of it', () => {
    const kernel = trader({ stopPoints: 10, trailing: { distanceFraction: 0.05 } });
    kernel.enter('long', 100);
    const stops = [100, 110, 105, 120].map((close) => {
      kernel.step(close);
      obey(kernel);
      return kernel.desk.plan?.stop;
    });
    expect(stops).toEqual([95, 104.5, 104.5, 114]);
  });

  it.each([
    { side: 'long', stop: 93, far: 88 },
    { side: 'short', stop: 107, far: 112 },
  ] as const)('hang where the chandelier hangs, and stay where it gives way ($side)', ({ side, stop, far }) => {
    let level: number | undefined;
    const kernel = trader({ stopPoints: 10, trailing: { chandelier: {} } });
    kernel.desk.chandelier = { long: feature(() => level), short: feature(() => level) };
    kernel.enter(side, 100);
    kernel.step(100);
    expect(kernel.desk.plan?.stop).toBe(side === 'long' ? 90 : 110);
    for (level of [stop, far]) {
      kernel.step(100);
      obey(kernel);
      expect(kernel.desk.plan?.stop).toBe(stop);
    }
  });
});

describe('partial targets', () => {
  it('are taken level by level, each once, of what is then held', () => {
    const kernel = trader({ stopPoints: 10, partialTargets: [{ atR: 1, fraction: 0.5 }, { atR: 2, fraction: 0.5 }] }, 8);
    kernel.enter('long', 100);
    const [first] = kernel.step(111);
    expect(first?.quantity).toBe(4);
    kernel.fill(first?.clientOrderId ?? '', 4, 111);
    expect(kernel.step(112)).toEqual([]);
    expect(brief(kernel.step(120))).toEqual(['exit sell 2']);
  });

  it('that a bar reaches together go out as one exit', () => {
    const kernel = trader({ stopPoints: 10, partialTargets: [{ atR: 1, fraction: 0.5 }, { atR: 2, fraction: 0.5 }] }, 8);
    kernel.enter('long', 100);
    expect(brief(kernel.step(125))).toEqual(['exit sell 6']);
  });
});

describe('a plan', () => {
  it('keeps the confidence and the invalidation of its signal, and leaves on a close beyond it', () => {
    const kernel = trader({ stopPoints: 20 });
    enterWith(kernel, 'long', { confidence: 0.8, invalidation: 93 });
    expect(kernel.desk.plan).toMatchObject({ version: 1, conviction: 0.8, invalidation: 93 });
    expect(kernel.step(93.25)).toEqual([]);
    expect(brief(kernel.step(93))).toEqual(['exit sell 4']);
    expect(kernel.desk.leaving).toBe('invalidated');
  });

  it('is not made for an invalidation on the wrong side', () => {
    const kernel = trader({ stopPoints: 20 });
    Object.assign(kernel, { wish: 'short', details: { invalidation: 99 } });
    expect(kernel.step(100)).toEqual([]);
    expect(kernel.notes).toContain('the invalidation of a short signal lay on the wrong side of the price');
  });

  it('writes every version into the journal, with the reason of the change', () => {
    const kernel = trader({ stopPoints: 10, breakEvenAfterR: 0.5, trailing: { afterR: 1, distanceFraction: 0.01 } }, 4, { journal: true });
    kernel.enter('long', 100);
    for (const close of [106, 120]) {
      kernel.step(close);
      obey(kernel);
    }
    replan(kernel, { invalidation: 110 });
    const versions = new Map(kernel.journal.records.flatMap(({ kind, data }) => (kind === 'plan' || kind === 'state' ? [(data as { readonly plan?: Plan }).plan] : [])).flatMap((plan) => (plan === undefined ? [] : [[plan.version, plan.change]])));
    expect([...versions]).toEqual([[1, undefined], [2, 'break-even'], [3, 'trailing stop'], [4, 'test']]);
  });

  it('takes its unfilled entry back once it expired, and what has filled stays', () => {
    const kernel = trader({ stopPoints: 10, entryExpiryMinutes: 3 });
    Object.assign(kernel, { wish: 'long', details: { entry: 99 } });
    const [entry] = kernel.step(100);
    kernel.wish = 'hold';
    kernel.fill(entry?.clientOrderId ?? '', 1, 99);
    kernel.activate(`${entry?.clientOrderId}-stop`, 1);
    for (let i = 0; i < 2; i++) kernel.step(100);
    expect(kernel.broker.canceled).toEqual([]);
    kernel.step(100);
    expect(kernel.broker.canceled).toEqual([entry?.clientOrderId]);
    expect(kernel.desk.position.lots).toBe(1);
  });

  it('takes its unfilled entry back once its conviction wore off, and a signal for its side renews it', () => {
    const kernel = trader({ stopPoints: 10, conviction: { min: 0.5, decayPerHour: 6 } }); // 0.1 a minute
    Object.assign(kernel, { wish: 'long', details: { entry: 99, confidence: 0.75 } });
    const [entry] = kernel.step(100);
    kernel.wish = 'hold';
    kernel.step(100);
    kernel.wish = 'long';
    kernel.step(100); // at 0.55: renewed
    kernel.wish = 'hold';
    for (let i = 0; i < 2; i++) kernel.step(100);
    expect(kernel.broker.canceled).toEqual([]);
    kernel.step(100);
    expect(kernel.broker.canceled).toEqual([entry?.clientOrderId]);
  });

  it.each([true, false])('leaves its position with its conviction only where the account says so (%s)', (closePositions) => {
    const kernel = trader({ conviction: { min: 0.5, decayPerHour: 60, closePositions } });
    enterWith(kernel, 'long', { confidence: 0.75 });
    expect(brief(kernel.step(100))).toEqual(closePositions ? ['exit sell 4'] : []);
  });
});

describe('scaling with volatility', () => {
  const scaled = (scaling: Record<string, unknown>): { kernel: ReturnType<typeof trader>; atr: { now: number }; id: string } => {
    const atr = { now: 2 };
    const kernel = trader({ stopPoints: 10, scaling }, 8);
    kernel.desk.exitAtr = feature(() => atr.now);
    const { clientOrderId } = kernel.enter('long', 100);
    return { kernel, atr, id: clientOrderId };
  };

  it('takes off as ATR rises beyond the tolerance, and waits for the next rise', () => {
    const { kernel, atr } = scaled({ tolerance: 0.25 });
    atr.now = 2.4;
    expect(kernel.step(100)).toEqual([]);
    atr.now = 3;
    const [off] = kernel.step(100);
    expect(off).toMatchObject({ role: 'exit', quantity: 2, reason: 'scaled out' });
    kernel.fill(off?.clientOrderId ?? '', 2, 100);
    expect(kernel.step(100)).toEqual([]);
    expect(kernel.desk.plan).toMatchObject({ scaledAtr: 3, change: 'volatility rose' });
  });

  it('adds as ATR falls only where asked, with the stop of the plan, and through the door', () => {
    const still = scaled({ tolerance: 0.25 });
    still.atr.now = 1;
    expect(still.kernel.step(100)).toEqual([]);
    const { kernel, atr, id } = scaled({ tolerance: 0.25, scaleIn: true });
    atr.now = 1;
    const [more] = kernel.step(100);
    expect(more).toMatchObject({ role: 'entry', side: 'buy', quantity: 8, bracket: [{ role: 'stop', stopPrice: 90 }] });
    kernel.fill(more?.clientOrderId ?? '', 8, 100);
    kernel.activate(`${more?.clientOrderId}-stop`, 8);
    expect(kernel.desk.plan?.id).toBe(id);
    expect(kernel.account.orders.stopLots(0, -1)).toBe(16);
  });

  it('adds nothing while entries are halted', () => {
    const { kernel, atr } = scaled({ tolerance: 0.25, scaleIn: true });
    kernel.account.latches.set({ by: 'command', reason: 'test', flatten: false });
    atr.now = 1;
    expect(kernel.step(100)).toEqual([]);
  });
});
