import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { review, type Wanted } from '../../testing/overlays.js';
import { parse } from '../../testing/support.js';
import { maxQuantity } from './max-quantity.js';
import { minRewardRisk } from './min-reward-risk.js';

describe('max-quantity', () => {
  it.each([
    [5, { kind: 'reduce', quantity: 2, reason: 'quantity was 5, expected at most 2' }],
    [-3, { kind: 'reduce', quantity: 2, reason: 'quantity was 3, expected at most 2' }],
    [2, { kind: 'pass' }],
    [-1, { kind: 'pass' }],
    [0, { kind: 'pass' }],
  ])('for a target of %s says %o', (quantity, verdict) => {
    expect(review(maxQuantity, { quantity: 2 }, { quantity })).toEqual(verdict);
  });

  it.each([0, -1, undefined])('refuses a quantity of %s', (quantity) => {
    expect(() => parse(maxQuantity.params, { quantity })).toThrow();
  });

  it('only ever reduces', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), fc.double({ min: -1e7, max: 1e7, noNaN: true }), (limit, quantity) => {
        const verdict = review(maxQuantity, { quantity: limit }, { quantity });
        if (verdict.kind === 'reduce') expect(verdict.quantity).toBeLessThan(Math.abs(quantity));
        else expect(Math.abs(quantity)).toBeLessThanOrEqual(limit);
      }),
    );
  });
});

describe('min-reward-risk', () => {
  const long = (stop?: number, target?: number, entry?: number): Wanted => ({ quantity: 1, ...(stop && { stop }), ...(target && { target }), ...(entry && { entry }) });
  const short = (stop?: number, target?: number): Wanted => ({ ...long(stop, target), quantity: -1 });

  it.each([
    ['a long at the minimum', long(98, 103), 'pass'],
    ['a long below it', long(98, 102.9), 'reward to risk was 1.45, expected at least 1.5'],
    ['a short at the minimum', short(102, 97), 'pass'],
    ['a short below it', short(102, 97.1), 'reward to risk was 1.45, expected at least 1.5'],
    ['a limit entry, measured from there', long(98, 103, 99), 'pass'],
    ['a worse limit entry', long(98, 103, 101), 'reward to risk was 0.67, expected at least 1.5'],
    ['a stop on the wrong side', long(101, 103), 'stop was 101, expected below the entry (100)'],
    ['a stop at the entry', short(100, 90), 'stop was 100, expected above the entry (100)'],
    ['a target on the wrong side', long(98, 99), 'target was 99, expected above the entry (100)'],
    ['a short with its target on the wrong side', short(102, 101), 'target was 101, expected below the entry (100)'],
    ['no target', long(98), 'pass'],
    ['no stop', long(undefined, 103), 'pass'],
  ])('judges %s', (_, wanted, expected) => {
    const verdict = review(minRewardRisk, {}, wanted);
    expect(verdict.kind === 'veto' ? verdict.reason : verdict.kind).toBe(expected);
  });

  it('does not fail a ratio that is exact on paper by rounding', () => {
    for (let n = 1; n < 500; n++) {
      const entry = (22_000 + n) / 20_000;
      const wanted = { quantity: 1, decision: entry, stop: (22_000 + n - 2 * n) / 20_000, target: (22_000 + n + 3 * n) / 20_000 };
      expect(review(minRewardRisk, {}, wanted).kind).toBe('pass');
    }
  });

  it('wants both prices when told so', () => {
    expect(review(minRewardRisk, { requireBoth: true }, long(98))).toEqual({ kind: 'veto', reason: 'target was absent, expected a stop and a target' });
    expect(review(minRewardRisk, { requireBoth: true }, long())).toEqual({ kind: 'veto', reason: 'stop was absent, expected a stop and a target' });
    expect(review(minRewardRisk, { requireBoth: true }, long(98, 103)).kind).toBe('pass');
  });

  it('never stands in the way of an exit or a reduction, but judges a growing or turning position', () => {
    const poor = { stop: 98, target: 101 };
    expect(review(minRewardRisk, { requireBoth: true }, { quantity: 0 }, 3).kind).toBe('pass');
    expect(review(minRewardRisk, {}, { quantity: 1, ...poor }, 3).kind).toBe('pass');
    expect(review(minRewardRisk, {}, { quantity: 3, ...poor }, 3).kind).toBe('pass');
    expect(review(minRewardRisk, {}, { quantity: 4, ...poor }, 3).kind).toBe('veto');
    expect(review(minRewardRisk, {}, { quantity: 1, ...poor }, -3).kind).toBe('veto');
  });
});
