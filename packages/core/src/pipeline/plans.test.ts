import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderIntent } from '../domain/order.js';
import type { Plan } from '../domain/plan.js';
import { toPrice, toQuantity } from '../domain/units.js';
import { carryOut } from '../engine/commands.js';
import { Kernel, MINUTE, type KernelOptions } from '../../testing/kernel.js';
import { guardDisturbed } from './guard-position.js';
import type { ReplanWish } from './replan.js';

type Wish = 'long' | 'short' | 'flat' | 'hold';

function trader(exits: Record<string, unknown>, quantity = 4, options: KernelOptions = {}): Kernel & { wish: Wish; details: Record<string, number> } {
  const kernel = Object.assign(new Kernel({ ...options, config: { exits, sizing: { use: 'fixed-quantity', quantity }, risk: { maxContracts: 100 }, ...options.config } }), { wish: 'hold' as Wish, details: {} as Record<string, number> });
  kernel.seat(({ signal }) => (kernel.wish === 'hold' ? undefined : signal[kernel.wish](kernel.details)));
  return kernel;
}

const brief = (intents: readonly OrderIntent[]): string[] => intents.map((intent) => `${intent.role} ${intent.side} ${intent.quantity}`);
const feature = (read: () => number | undefined): never => ({ get value() { return read(); } }) as never;

/** Takes every change as a willing venue does. */
function obey(kernel: Kernel): void {
  for (const change of kernel.broker.changes.splice(0)) {
    const order = kernel.account.orders.get(change.clientOrderId);
    kernel.say({
      kind: 'modified',
      clientOrderId: change.clientOrderId,
      quantity: change.quantity ?? toQuantity(order?.lots ?? 0),
      ...(change.stopPrice === undefined ? {} : { stopPrice: change.stopPrice }),
      ...(change.limitPrice === undefined ? {} : { limitPrice: change.limitPrice }),
      time: kernel.account.now,
    });
  }
}

function enterWith(kernel: ReturnType<typeof trader>, side: 'long' | 'short', details: Record<string, number>): string {
  Object.assign(kernel, { wish: side, details });
  const [entry] = kernel.step(100);
  if (entry === undefined) throw new Error(kernel.notes);
  kernel.wish = 'hold';
  kernel.fill(entry.clientOrderId, entry.quantity, 100);
  for (const leg of entry.bracket ?? []) kernel.activate(leg.clientOrderId, entry.quantity);
  return entry.clientOrderId;
}

function replan(kernel: Kernel, wish: ReplanWish & { readonly instrument?: string }): string {
  carryOut({ command: 'replan', instrument: 'X', reason: 'test', ...wish }, kernel.account);
  guardDisturbed(kernel.account);
  return kernel.notes;
}

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
