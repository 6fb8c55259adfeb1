import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededBars } from '@keelson/contract-tests/fakes';
import { BarRing } from '@keelson/core/series';
import { feature } from './feature.js';

const LENGTH = 200;
const PERIOD = 5;
const bars = seededBars(LENGTH, 'close-location');

function run(instance: ReturnType<typeof feature.create>): number[] {
  const ring = new BarRing(256);
  const out = new Float64Array(1);
  return Array.from({ length: LENGTH }, (_, row) => {
    ring.push(bars, row);
    instance.update(ring, out);
    return out[0];
  });
}

/** The same from its definition, over all bars at once. */
const locations = Array.from({ length: LENGTH }, (_, row) => (bars.high[row] === bars.low[row] ? 0.5 : (bars.close[row] - bars.low[row]) / (bars.high[row] - bars.low[row])));
const expected = locations.map((_, row) => (row < PERIOD - 1 ? Number.NaN : locations.slice(row - PERIOD + 1, row + 1).reduce((sum, value) => sum + value, 0) / PERIOD));

describe('__ID__', () => {
  it('equals its definition, bar by bar, and again after reset', () => {
    const instance = feature.create({ params: { period: PERIOD } } as Parameters<typeof feature.create>[0]);
    for (let round = 0; round < 2; round++) {
      const found = run(instance);
      for (const [row, value] of expected.entries()) {
        if (Number.isNaN(value)) assert.ok(Number.isNaN(found[row]), `bar ${row} was ${found[row]}, expected NaN`);
        else assert.ok(Math.abs((found[row] as number) - value) < 1e-12, `bar ${row} was ${found[row]}, expected ${value}`);
      }
      instance.reset();
    }
  });
});
