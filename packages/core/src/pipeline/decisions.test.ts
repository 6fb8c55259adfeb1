import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { setImmediate } from 'node:timers/promises';
import type { SignalDetails } from '../domain/signal.js';
import { toFraction, toUtcMs } from '../domain/units.js';
import { isKeelsonError } from '../errors.js';
import type { Advice } from '../ports/advisor.js';
import type { Memory } from '../ports/memory.js';
import type { Regime } from '../ports/regime.js';
import type { OverlayVerdict } from '../ports/risk-overlay.js';
import { Kernel, instrumentOf, type KernelOptions } from '../../testing/kernel.js';
import { applyAdvice } from './apply-advice.js';
import { classifyRegime } from './classify-regime.js';
import { collectSignals } from './collect-signals.js';
import { gateConfidence } from './gate-confidence.js';

type Say = readonly ['long' | 'short' | 'flat' | 'hold', number?, number?];

/** A kernel whose strategies say what is given: action, confidence, weight. */
function voting(says: readonly Say[], options: KernelOptions = {}): Kernel {
  const kernel = new Kernel(options);
  says.forEach(([action, confidence = 1, weight = 1], i) => kernel.seat(({ signal }) => (action === 'hold' ? undefined : signal[action]({ confidence, reason: `s${i}` })), weight));
  kernel.see(100);
  return kernel;
}

const saying = (details?: SignalDetails, options: KernelOptions = {}): Kernel => {
  const kernel = new Kernel(options);
  kernel.seat(({ signal }) => signal.long(details));
  return kernel;
};

describe('collectSignals', () => {
  it.each<{ title: string; says: Say[]; action: string; confidence?: number; reason?: string }>([
    { title: 'holds without strategies', says: [], action: 'hold' },
    { title: 'holds when nobody says anything', says: [['hold'], ['hold']], action: 'hold' },
    { title: 'takes a single vote as it is', says: [['hold'], ['short', 0.3]], action: 'short', confidence: 0.3, reason: 's1' },
    { title: 'weighs agreeing votes', says: [['long', 0.5, 1], ['long', 1, 3]], action: 'long', confidence: 3.5 / 4, reason: 's1' },
    { title: 'lets the heavier side win, at its share of all weight', says: [['long', 0.9, 1], ['short', 0.8, 2]], action: 'short', confidence: 1.6 / 3 },
    { title: 'holds when long and short tie', says: [['long', 0.7], ['short', 0.7]], action: 'hold' },
    { title: 'decides a tie with flat for flat', says: [['long', 0.7], ['flat', 0.7]], action: 'flat' },
    { title: 'holds when nobody has any confidence', says: [['long', 0], ['short', 0]], action: 'hold' },
    { title: 'leaves holds out of the weight', says: [['long', 0.6], ['long', 0.6], ['hold', 1, 50]], action: 'long', confidence: 0.6 },
  ])('$title', ({ says, action, confidence, reason }) => {
    const kernel = voting(says);
    collectSignals(kernel.desk, kernel.account);
    expect(kernel.desk.action).toBe(action);
    if (confidence !== undefined) expect(kernel.desk.confidence).toBeCloseTo(confidence, 12);
    if (reason !== undefined) expect(kernel.desk.reason).toBe(reason);
  });

  it('takes the last word of a strategy on a bar, and forgets it by the next', () => {
    const kernel = new Kernel();
    let bar = 0;
    kernel.seat(({ signal }) => {
      if (bar++ > 0) return;
      signal.long();
      signal.short();
    });
    kernel.see(100);
    collectSignals(kernel.desk, kernel.account);
    expect(kernel.desk.action).toBe('short');
    kernel.see(100);
    collectSignals(kernel.desk, kernel.account);
    expect(kernel.desk.action).toBe('hold');
  });

  it.each<{ what: string; details: SignalDetails }>([
    { what: 'a confidence above 1', details: { confidence: 1.01 } },
    { what: 'a confidence that is not a number', details: { confidence: Number.NaN } },
    { what: 'a confidence in quotes', details: { confidence: '0.5' as never } },
    { what: 'a confidence that is a truth value', details: { confidence: true as never } },
    { what: 'a stop that is not a number', details: { stop: Number.NaN } },
    { what: 'an infinite target', details: { target: Infinity } },
    { what: 'an entry that is not a number', details: { entry: Number.NaN } },
  ])('refuses $what, and names strategy, instrument and bar', ({ details }) => {
    const kernel = saying(details);
    kernel.see(100);
    const fault = caught(() => collectSignals(kernel.desk, kernel.account));
    expect(fault).toMatch(/^STR_SIGNAL: strategy 'strategy-1' .*on X at the bar of 20\d\d-/);
  });

  it('names a strategy that throws', () => {
    const kernel = new Kernel();
    kernel.seat(() => {
      throw new Error('oops');
    });
    kernel.see(100);
    expect(caught(() => collectSignals(kernel.desk, kernel.account))).toMatch(/^STR_THREW: strategy 'strategy-1' .*on X at the bar of .* threw: oops/);
  });

  it('refuses a promise, also one that rejects', async () => {
    const kernel = new Kernel();
    kernel.seat(async () => {
      throw new Error('later');
    });
    kernel.see(100);
    expect(caught(() => collectSignals(kernel.desk, kernel.account))).toContain('STR_ASYNC');
    await setImmediate();
  });

  it("lets a 'signal' hook change confidence and reason, and nothing else", () => {
    const kernel = voting([['long', 0.9]]);
    kernel.hooks.forPlugin('p').transform('signal', (signal) => ({ ...signal, action: 'short', confidence: toFraction(0.7), reason: 'hooked' }));
    collectSignals(kernel.desk, kernel.account);
    expect(kernel.desk).toMatchObject({ action: 'long', confidence: 0.7, reason: 'hooked' });
    expect(kernel.notes).toContain('tried to change long to short');
  });

  it("keeps the confidence where a 'signal' hook gives one that is not a number", () => {
    const kernel = voting([['long', 0.4]]);
    kernel.hooks.forPlugin('p').transform('signal', (signal) => ({ ...signal, confidence: toFraction(Number.NaN) }));
    collectSignals(kernel.desk, kernel.account);
    expect(kernel.desk.confidence).toBe(0.4);
  });
});

describe('classifyRegime', () => {
  const calm: Regime = { tradable: true, reason: '', labels: { volatility: 'low' } };
  const shut: Regime = { tradable: false, reason: 'shut', labels: { session: 'closed' } };

  it('needs every classifier to call the market tradable, and puts their labels together', () => {
    const kernel = new Kernel();
    kernel.desk.regimes.push({ classify: () => calm }, { classify: () => shut });
    classifyRegime(kernel.desk, kernel.account);
    expect(kernel.desk.regime).toEqual({ tradable: false, reason: 'shut', labels: { volatility: 'low', session: 'closed' } });
  });

  it.each([
    { what: 'throws', classify: () => { throw new Error('oops'); } },
    { what: 'says nothing', classify: () => undefined },
    { what: 'says something else', classify: () => ({}) },
  ])('stops entries and keeps exits where a classifier $what', ({ classify }) => {
    const kernel = saying();
    kernel.desk.regimes.push({ classify: classify as () => Regime });
    expect(kernel.step(100)).toEqual([]);
    expect(kernel.notes).toContain('no entry on X: a regime classifier');
  });
});

describe('gateConfidence', () => {
  it.each([
    { action: 'long', confidence: 0.5, result: 'long' },
    { action: 'long', confidence: 0.4999, result: 'hold' },
    { action: 'short', confidence: Number.NaN, result: 'hold' },
    { action: 'flat', confidence: 0, result: 'flat' },
  ] as const)('makes $action at $confidence a $result', ({ action, confidence, result }) => {
    const kernel = new Kernel();
    Object.assign(kernel.desk, { action, confidence });
    gateConfidence(kernel.desk, kernel.account);
    expect(kernel.desk.action).toBe(result);
  });

  it.each([
    { held: 2, action: 'short', result: 'flat' },
    { held: -2, action: 'long', result: 'flat' },
    { held: 0, action: 'long', result: 'hold' },
    { held: 2, action: 'long', result: 'hold' },
  ] as const)('in a market that is not tradable makes a $action with $held held a $result', ({ held, action, result }) => {
    const kernel = new Kernel();
    kernel.see(100);
    if (held !== 0) kernel.fill('given', Math.abs(held), 100, { side: held > 0 ? 'buy' : 'sell' });
    Object.assign(kernel.desk, { action, confidence: 1, regime: { tradable: false, reason: 'shut', labels: {} } });
    gateConfidence(kernel.desk, kernel.account);
    expect(kernel.desk.action).toBe(result);
  });
});

describe('applyAdvice', () => {
  const advised = (advice: Partial<Advice>, action: 'long' | 'short' | 'flat' = 'long', confidence = 0.5): number => {
    const kernel = new Kernel();
    Object.assign(kernel.desk, { action, confidence });
    kernel.desk.advice.push({ bias: 'bullish', confidence: toFraction(1), rationale: '', expiresAt: toUtcMs(kernel.account.now + 1), ...advice });
    applyAdvice(kernel.desk, kernel.account);
    expect(kernel.desk.action).toBe(action);
    return kernel.desk.confidence;
  };

  it.each<{ title: string; advice: Partial<Advice>; action?: 'long' | 'short' | 'flat'; from?: number; to: number }>([
    { title: 'adds 0.15 × confidence when it agrees', advice: { confidence: toFraction(0.4) }, to: 0.56 },
    { title: 'adds at most 0.10', advice: {}, to: 0.6 },
    { title: 'takes 0.20 × confidence when it disagrees', advice: { bias: 'bearish', confidence: toFraction(0.4) }, to: 0.42 },
    { title: 'takes at most 0.15', advice: { bias: 'bearish' }, to: 0.35 },
    { title: 'agrees with a short when it is bearish', advice: { bias: 'bearish' }, action: 'short', to: 0.6 },
    { title: 'says nothing when neutral', advice: { bias: 'neutral' }, to: 0.5 },
    { title: 'says nothing about leaving', advice: { bias: 'bearish' }, action: 'flat', to: 0.5 },
    { title: 'is not above 1', advice: {}, from: 0.97, to: 1 },
    { title: 'is not below 0', advice: { bias: 'bearish' }, from: 0.1, to: 0 },
    { title: 'has ended at its expiry', advice: { expiresAt: toUtcMs(1_700_000_000_000) }, to: 0.5 },
    { title: 'is absent with an expiry that is not a time', advice: { expiresAt: toUtcMs(Number.NaN) }, to: 0.5 },
    { title: 'is absent with a bias of another word', advice: { bias: 'very bullish' as never }, action: 'short', to: 0.5 },
    { title: 'is absent with a confidence that is not a number', advice: { confidence: toFraction(Number.NaN) }, to: 0.5 },
    { title: 'counts a confidence beyond 1 as 1', advice: { confidence: toFraction(50) }, to: 0.6 },
  ])('$title', ({ advice, action, from, to }) => {
    expect(advised(advice, action, from)).toBeCloseTo(to, 12);
  });
});

describe('adjustByMemory', () => {
  const remembering = (sample: number, winRate: number): Kernel => {
    const memory: Memory = { recall: () => ({ sample, winRate: toFraction(winRate) }), remember: () => undefined };
    const kernel = new Kernel({ memory });
    kernel.seat(({ signal }) => signal.long({ confidence: 0.55 }));
    return kernel;
  };

  it.each([
    { sample: 10, winRate: 0.61, confidence: 0.65 },
    { sample: 10, winRate: 0.6, confidence: 0.55 },
    { sample: 10, winRate: 0.39, confidence: 0.45 },
    { sample: 9, winRate: 1, confidence: 0.55 },
    { sample: 10, winRate: Number.NaN, confidence: 0.55 },
  ])('with $sample trades of which $winRate won the confidence is $confidence', ({ sample, winRate, confidence }) => {
    const kernel = remembering(sample, winRate);
    kernel.step(100);
    expect(kernel.desk.confidence).toBeCloseTo(confidence, 12);
  });

  it('is neutral when the memory fails, and says so', () => {
    const kernel = new Kernel({ memory: { recall: () => { throw new Error('disk'); }, remember: () => undefined } });
    kernel.seat(({ signal }) => signal.long({ confidence: 0.55 }));
    expect(kernel.step(100).length).toBe(1);
    expect(kernel.notes).toContain('the memory failed and was left out: disk');
  });
});

describe('sizeTargets', () => {
  const sized = (sizing: Record<string, unknown>, details: SignalDetails = {}, options: KernelOptions = {}): number => {
    const kernel = saying(details, { ...options, config: { sizing, risk: { maxContracts: 1e9 }, ...options.config } });
    return kernel.step(100).find((intent) => intent.role === 'entry')?.quantity ?? 0;
  };

  it.each([
    { title: 'a fixed quantity, down to the lot', sizing: { use: 'fixed-quantity', quantity: 2.9 }, details: {}, quantity: 2 },
    { title: 'the loss at the stop as a fraction of equity', sizing: { use: 'risk-fraction', fraction: 0.01 }, details: { stop: 96 }, quantity: 250 },
    { title: 'the same from a limit entry', sizing: { use: 'risk-fraction', fraction: 0.01 }, details: { stop: 96, entry: 98 }, quantity: 500 },
    { title: 'the notional as a fraction of equity', sizing: { use: 'equity-fraction', fraction: 0.5 }, details: {}, quantity: 500 },
    { title: 'nothing by risk without a stop', sizing: { use: 'risk-fraction', fraction: 0.01 }, details: {}, quantity: 0 },
    { title: 'nothing by volatility without a value yet', sizing: { use: 'volatility', fraction: 0.01 }, details: {}, quantity: 0 },
  ])('gives $title', ({ sizing, details, quantity }) => {
    expect(sized(sizing, details)).toBe(quantity);
  });

  it('sizes in the base currency', () => {
    expect(sized({ use: 'risk-fraction', fraction: 0.01 }, { stop: 96 }, { instruments: [instrumentOf({ currency: 'EUR', multiplier: 5 })], rates: { EUR: 2 } })).toBe(25);
  });

  it.each([
    { what: 'a stop above a long', details: { stop: 101 } },
    { what: 'a stop at the price', details: { stop: 100 } },
    { what: 'a stop that rounds to the price', details: { stop: 99.9 } },
    { what: 'a target below a long', details: { target: 99 } },
    { what: 'a stop above a limit entry', details: { entry: 95, stop: 97 } },
  ])('enters nothing with $what', ({ details }) => {
    const kernel = saying(details);
    expect(kernel.step(100)).toEqual([]);
    expect(kernel.notes).toContain('wrong side');
  });

  it('enters nothing at an ATR of zero, or before there is one', () => {
    for (const value of [0, undefined]) {
      const kernel = saying({}, { config: { exits: { stopAtr: 2 } } });
      kernel.desk.exitAtr = { value } as never;
      expect(kernel.step(100)).toEqual([]);
    }
  });

  it('neither doubles a position nor buys back what was taken', () => {
    const kernel = saying({}, { config: { sizing: { use: 'fixed-quantity', quantity: 3 } } });
    kernel.enter('long', 100);
    expect(kernel.step(100)).toEqual([]);
    kernel.fill('given', 1, 100, { side: 'sell' });
    expect(kernel.step(100)).toEqual([]);
  });
});

describe('applyRiskOverlays', () => {
  const overlaid = (verdicts: ReadonlyArray<() => unknown>, side: 'long' | 'short' = 'long'): { readonly kernel: Kernel; readonly quantity: number } => {
    const kernel = new Kernel({ config: { sizing: { use: 'fixed-quantity', quantity: 4 } } });
    kernel.seat(({ signal }) => signal[side]());
    verdicts.forEach((review, i) => kernel.desk.overlays.push({ id: `o${i}`, overlay: { review: review as () => OverlayVerdict } }));
    return { kernel, quantity: kernel.step(100).find((intent) => intent.role === 'entry')?.quantity ?? 0 };
  };

  it.each<{ title: string; verdicts: Array<() => unknown>; quantity: number }>([
    { title: 'passes', verdicts: [() => ({ kind: 'pass' })], quantity: 4 },
    { title: 'reduces, down to the lot', verdicts: [() => ({ kind: 'reduce', quantity: 2.7, reason: '' })], quantity: 2 },
    { title: 'takes the smallest of several', verdicts: [() => ({ kind: 'reduce', quantity: 2, reason: '' }), () => ({ kind: 'reduce', quantity: 3, reason: '' })], quantity: 2 },
    { title: 'never enlarges', verdicts: [() => ({ kind: 'reduce', quantity: 40, reason: '' })], quantity: 4 },
    { title: 'never enlarges without end', verdicts: [() => ({ kind: 'reduce', quantity: Infinity, reason: '' })], quantity: 4 },
    { title: 'vetoes', verdicts: [() => ({ kind: 'veto', reason: 'no' })], quantity: 0 },
    { title: 'takes a throw for a veto', verdicts: [() => { throw new Error('oops'); }], quantity: 0 },
    { title: 'takes a quantity that is not a number for none', verdicts: [() => ({ kind: 'reduce', quantity: Number.NaN, reason: '' })], quantity: 0 },
    { title: 'takes a negative quantity for none', verdicts: [() => ({ kind: 'reduce', quantity: -9, reason: '' })], quantity: 0 },
    { title: 'takes no verdict for a veto', verdicts: [() => undefined], quantity: 0 },
    { title: 'takes another word for a veto', verdicts: [() => ({ kind: 'approve' })], quantity: 0 },
    { title: 'takes a promise for a veto', verdicts: [async () => ({ kind: 'pass' })], quantity: 0 },
  ])('$title', ({ verdicts, quantity }) => {
    expect(overlaid(verdicts).quantity).toBe(quantity);
    expect(overlaid(verdicts, 'short').quantity).toBe(quantity);
  });

  it('only ever reduces, whatever overlays ask for', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ kind: fc.constantFrom('pass', 'reduce', 'veto'), quantity: fc.double(), reason: fc.string() }), { maxLength: 5 }), (verdicts) => {
        const { quantity } = overlaid(verdicts.map((verdict) => () => verdict));
        expect(quantity).toBeLessThanOrEqual(4);
        expect(Number.isInteger(quantity)).toBe(true);
      }),
    );
  });

  it('writes down who made a target smaller or took it away, and why; not who passed it', () => {
    const kernel = new Kernel({ config: { sizing: { use: 'fixed-quantity', quantity: 4 } }, journal: true });
    kernel.seat(({ signal }) => signal.long());
    const verdicts: OverlayVerdict[] = [{ kind: 'pass' }, { kind: 'reduce', quantity: 9, reason: 'more' }, { kind: 'reduce', quantity: 2, reason: 'near the close' }, { kind: 'veto', reason: 'news' }];
    verdicts.forEach((verdict, i) => kernel.desk.overlays.push({ id: `o${i}`, overlay: { review: () => verdict } }));
    kernel.step(100);
    expect(kernel.journal.records.filter(({ kind }) => kind === 'overlay').map(({ data }) => data)).toEqual([
      { instrument: 'X', overlay: 'o2', verdict: 'reduce', reason: 'near the close', before: 4, after: 2 },
      { instrument: 'X', overlay: 'o3', verdict: 'veto', reason: 'news', before: 2, after: 0 },
    ]);
  });

  it('still closes a position against a target that was vetoed', () => {
    const kernel = new Kernel();
    kernel.enter('long', 100);
    kernel.seat(({ signal }) => signal.short());
    kernel.desk.overlays.push({ id: 'no', overlay: { review: () => ({ kind: 'veto', reason: 'no' }) } });
    expect(kernel.step(100).map((intent) => [intent.role, intent.side])).toEqual([['exit', 'sell']]);
  });

  it.each([
    { title: 'shrink a target', hook: 2, quantity: 2 },
    { title: 'not enlarge one', hook: 400, quantity: 4 },
    { title: 'not turn one around', hook: -4, quantity: 4 },
    { title: 'not break one: what is not a number is nothing', hook: Number.NaN, quantity: 0 },
  ])("lets a 'target' hook $title", ({ hook, quantity }) => {
    const kernel = new Kernel({ config: { sizing: { use: 'fixed-quantity', quantity: 4 } } });
    kernel.seat(({ signal }) => signal.long());
    kernel.hooks.forPlugin('p').transform('target', (target) => ({ ...target, quantity: hook }));
    expect(kernel.step(100).reduce((sum, intent) => sum + intent.quantity, 0)).toBe(quantity);
  });
});

function caught(run: () => void): string {
  try {
    run();
  } catch (error) {
    return isKeelsonError(error) ? error.line : String(error);
  }
  return 'nothing was thrown';
}
