import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { testInstrument } from '@keelson/contract-tests/fakes';
import type { OverlayRequest, OverlayVerdict } from '@keelson/core/ports';
import { riskOverlay } from './risk-overlay.js';

/** Equity 10 000, a price of 1 000 and 5 of money a point: two lots are the whole equity. */
function review(wanted: number, held = 0, maxEquityFraction = 1): OverlayVerdict {
  const overlay = riskOverlay.create({ params: { maxEquityFraction }, instrument: testInstrument() } as Parameters<typeof riskOverlay.create>[0]);
  return overlay.review({ target: { quantity: wanted }, position: { quantity: held }, bars: { index: 0, close: Float64Array.of(1000) }, equity: 10_000, pointValue: 5 } as unknown as OverlayRequest);
}

describe('__ID__', () => {
  it('lets pass what the equity covers, and what makes a position smaller', () => {
    assert.deepEqual(review(2), { kind: 'pass' });
    assert.deepEqual(review(-2), { kind: 'pass' });
    assert.deepEqual(review(4, 5), { kind: 'pass' });
    assert.deepEqual(review(0, 5), { kind: 'pass' });
  });

  it('reduces to whole lots', () => {
    assert.deepEqual(review(5), { kind: 'reduce', quantity: 2, reason: 'quantity was 5, allowed are 2 at 1 of the equity' });
    assert.deepEqual(review(5, 0, 1.9), { kind: 'reduce', quantity: 3, reason: 'quantity was 5, allowed are 3 at 1.9 of the equity' });
  });

  it('vetoes where one lot is too much', () => {
    assert.deepEqual(review(1, 0, 0.4), { kind: 'veto', reason: 'one lot is a notional of 5000.00, allowed are 4000.00' });
  });
});
