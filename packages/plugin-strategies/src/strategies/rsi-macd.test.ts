import type { BarColumns } from '@keelson/core/domain';
import { describe, expect, it } from 'vitest';
import { families } from '@keelson/plugin-features';
import { randomBars } from '@keelson/test-kit/bars';
import { createFeature, runFeature } from '@keelson/test-kit/features';
import { runStrategy } from '../../testing/run-strategy.js';
import { rsiMacd } from './rsi-macd.js';

const { macd, rsi } = families.momentum;
const bars = randomBars(5, 3000);

/** The rule written out over whole columns. */
function expected(data: BarColumns, side: 'long' | 'short' | 'both', longAbove = 50, shortBelow = 50): Array<[number, string]> {
  const [histogram] = runFeature(createFeature(macd), data, 3).slice(2) as [Float64Array];
  const [strength] = runFeature(createFeature(rsi), data) as [Float64Array];
  const actions: Array<[number, string]> = [];
  for (let i = 34; i < data.length; i++) {
    const [before, now] = [histogram[i - 1], histogram[i]];
    if (before < 0 && now > 0) actions.push([i, side !== 'short' && strength[i] > longAbove ? 'long' : 'flat']);
    if (before > 0 && now < 0) actions.push([i, side !== 'long' && strength[i] < shortBelow ? 'short' : 'flat']);
  }
  return actions;
}

describe('rsi-macd', () => {
  it.each(['long', 'short', 'both'] as const)('enters on a cross that the RSI agrees with, and leaves on the opposite one, for side %s', (side) => {
    const actions = runStrategy(rsiMacd, { side }, bars).map(({ bar, action }) => [bar, action]);
    expect(actions).toEqual(expected(bars, side));
    expect(actions.length).toBeGreaterThan(100);
  });

  it('enters less often the stricter the levels are', () => {
    const count = (params: Record<string, unknown>) => runStrategy(rsiMacd, params, bars).filter(({ action }) => action !== 'flat').length;
    const actions = runStrategy(rsiMacd, { side: 'both', longAbove: 55, shortBelow: 45 }, bars).map(({ bar, action }) => [bar, action]);
    expect(actions).toEqual(expected(bars, 'both', 55, 45));
    expect(count({ side: 'both', longAbove: 55, shortBelow: 45 })).toBeLessThan(count({ side: 'both' }));
    expect(count({ side: 'both', longAbove: 100, shortBelow: 0 })).toBe(0);
  });

  it('is long or flat by default', () => {
    expect(runStrategy(rsiMacd, {}, bars)).toEqual(runStrategy(rsiMacd, { side: 'long' }, bars));
  });

  it('refuses a fast period that is not below the slow one, and levels beyond 0 and 100', () => {
    expect(() => runStrategy(rsiMacd, { fast: 30 }, bars)).toThrow('fast was 30, expected less than slow (26): lower fast or raise slow');
    expect(() => runStrategy(rsiMacd, { longAbove: 101 }, bars)).toThrow();
  });
});
