import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toFraction, toUtcMs } from '../domain/units.js';
import type { Advice } from '../ports/advisor.js';
import { Kernel } from '../../testing/kernel.js';
import { applyAdvice } from './apply-advice.js';
import type { Desk } from './desk.js';

const NOW = 1_000_000;

/** What could stand in a slot, as if nothing had been checked before. */
const slot = fc.oneof(
  fc.constant(undefined),
  fc.record({
    bias: fc.oneof(fc.constantFrom('bullish', 'bearish', 'neutral'), fc.anything()),
    confidence: fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Infinity, -Infinity, -1, 1e308, 2), fc.string()),
    rationale: fc.string(),
    expiresAt: fc.oneof(fc.constantFrom(NOW - 1, NOW, NOW + 1, Number.NaN, Infinity), fc.double()),
    action: fc.constantFrom('long', 'short', 'flat'),
    quantity: fc.double(),
    stop: fc.double(),
    target: fc.double(),
  }).map(Object.freeze),
) as fc.Arbitrary<Advice | undefined>;

/** Everything that a desk says of its decision, but the confidence. */
function decided(desk: Desk): unknown {
  return Object.entries(desk).filter(([name, value]) => name !== 'confidence' && (value === undefined || typeof value !== 'object' || value === null));
}

describe('applyAdvice', () => {
  it('moves nothing of a decision but its confidence, by at most 0.10 up and 0.15 down for each advisor, whatever was said', () => {
    const { desk, account } = new Kernel();
    account.now = toUtcMs(NOW);
    fc.assert(
      fc.property(fc.array(slot, { maxLength: 300, size: 'max' }), fc.constantFrom('long' as const, 'short' as const, 'flat' as const), fc.double({ min: 0, max: 1, noNaN: true }), (advice, action, confidence) => {
        desk.advice.length = 0;
        desk.advice.push(...advice);
        desk.action = action;
        desk.confidence = confidence;
        const before = decided(desk);
        applyAdvice(desk, account);
        expect(decided(desk)).toEqual(before);
        expect(desk.confidence).toBeGreaterThanOrEqual(Math.max(0, confidence - 0.15 * advice.length) - 1e-9);
        expect(desk.confidence).toBeLessThanOrEqual(Math.min(1, confidence + 0.1 * advice.length) + 1e-9);
        if (action === 'flat') expect(desk.confidence).toBe(confidence);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    { bias: 'bullish', confidence: 1, expiresAt: NOW + 1, comesTo: 0.6 },
    { bias: 'bullish', confidence: 0.2, expiresAt: NOW + 1, comesTo: 0.53 },
    { bias: 'bearish', confidence: 1, expiresAt: NOW + 1, comesTo: 0.35 },
    { bias: 'bearish', confidence: 0.2, expiresAt: NOW + 1, comesTo: 0.46 },
    { bias: 'bearish', confidence: 1, expiresAt: NOW, comesTo: 0.5 },
    { bias: 'neutral', confidence: 1, expiresAt: NOW + 1, comesTo: 0.5 },
  ] as const)('makes $comesTo of 0.5 by $bias $confidence that expires at $expiresAt', ({ bias, confidence, expiresAt, comesTo }) => {
    const { desk, account } = new Kernel();
    account.now = toUtcMs(NOW);
    desk.advice.push({ bias, confidence: toFraction(confidence), rationale: '', expiresAt: toUtcMs(expiresAt) });
    desk.action = 'long';
    desk.confidence = 0.5;
    applyAdvice(desk, account);
    expect(desk.confidence).toBeCloseTo(comesTo, 12);
  });
});
