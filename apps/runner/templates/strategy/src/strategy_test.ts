import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededBars } from '@keelson/contract-tests/fakes';
import { BarRing } from '@keelson/core/series';
import { strategy } from './strategy.js';

type Signal = { readonly kind: string; readonly stop?: number | undefined };

/** What the strategy says on each of `closes`, as flat bars, holding `quantity`. */
function signalsOn(closes: readonly number[], quantity: number): Signal[] {
  const bars = seededBars(closes.length, 'levels');
  const ring = new BarRing(256);
  const signals: Signal[] = [];
  let said: Signal = { kind: 'hold' };
  const signal = { long: ({ stop }: { readonly stop?: number } = {}) => void (said = { kind: 'long', stop }), short: () => void (said = { kind: 'short' }), flat: () => void (said = { kind: 'flat' }) };
  const instance = strategy.create({ params: { lookbackBars: 3, confidence: 0.7 } } as Parameters<typeof strategy.create>[0]);
  for (const [row, close] of closes.entries()) {
    bars.open[row] = bars.high[row] = bars.low[row] = bars.close[row] = close;
    ring.push(bars, row);
    said = { kind: 'hold' };
    instance.onBar({ bars: ring, position: { quantity }, signal } as unknown as Parameters<typeof instance.onBar>[0]);
    signals.push(said);
  }
  return signals;
}

describe('__ID__', () => {
  it('goes long above the range, with its stop at the low of the range', () => {
    assert.deepEqual(signalsOn([10, 12, 11, 12, 12.25], 0).at(-1), { kind: 'long', stop: 11 });
  });

  it('leaves below the range', () => {
    assert.deepEqual(signalsOn([10, 12, 11, 12, 10.75], 1).at(-1), { kind: 'flat' });
  });

  it('says nothing within the range, before there is one, and while it holds what it wants', () => {
    assert.deepEqual(signalsOn([10, 12, 11], 0).map(({ kind }) => kind), ['hold', 'hold', 'hold']);
    assert.deepEqual(signalsOn([10, 12, 11, 12, 12], 0).at(-1), { kind: 'hold' });
    assert.deepEqual(signalsOn([10, 12, 11, 12, 12.25], 1).at(-1), { kind: 'hold' });
  });
});
