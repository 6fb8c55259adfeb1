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

  it('is the same with a sentiment that is absent or neutral', () => {
    const plain = runStrategy(rsiMacd, { side: 'both' }, bars);
    const signals = (value: number | undefined) => runStrategy(rsiMacd, { side: 'both', sentiment: { context: 'mood' } }, bars, { series: { mood: () => value } });
    expect(signals(undefined)).toEqual(plain);
    expect(signals(0).map(({ bar, action, confidence }) => [bar, action, confidence])).toEqual(plain.map(({ bar, action, confidence }) => [bar, action, confidence]));
  });

  it('moves confidence with the sentiment, and makes no entry hard against it', () => {
    // an index from 0 to 100 that goes up and down, and is away for a while
    const mood = (bar: number): number | undefined => (bar % 500 < 100 ? undefined : 50 + 60 * Math.sin(bar / 40));
    const said = runStrategy(rsiMacd, { side: 'both', sentiment: { context: 'mood', neutral: 50, scale: 50, weight: 0.2, veto: 0.6 } }, bars, { series: { mood } });
    const rows = expected(bars, 'both').map(([bar, action]) => {
      const sign = action === 'long' ? 1 : action === 'short' ? -1 : 0;
      const value = mood(bar);
      if (sign === 0) return [bar, action, undefined];
      if (value === undefined) return [bar, action, 0.65];
      const score = Math.max(-1, Math.min(1, (value - 50) / 50));
      return score * sign <= -0.6 ? [bar, 'flat', undefined] : [bar, action, 0.65 + 0.2 * score * sign];
    });
    expect(said.map(({ bar, action, confidence }) => [bar, action, confidence])).toEqual(rows);
    expect(rows).not.toEqual(expected(bars, 'both'));
    expect(said.some(({ reason }) => reason?.endsWith(', sentiment 1.00'))).toBe(true);
  });

  it('takes a feature for the sentiment as well, and a negative scale for one to go against', () => {
    const sentiment = { feature: 'rsi', params: { period: 5 }, neutral: 50, scale: -50, veto: 1 };
    const [mood] = runFeature(createFeature(rsi, { period: 5 }), bars) as [Float64Array];
    const said = runStrategy(rsiMacd, { sentiment }, bars).filter(({ action }) => action === 'long');
    expect(said.map(({ confidence }) => confidence)).toEqual(said.map(({ bar }) => expect.closeTo(0.65 + (0.1 * (mood[bar] - 50)) / -50, 12)));
    expect(said.length).toBeGreaterThan(20);
  });

  it('refuses a sentiment without a source or with two, an unknown series, and a scale of zero', () => {
    const start = (sentiment: Record<string, unknown>) => () => runStrategy(rsiMacd, { sentiment }, bars, { series: { mood: () => 1 } });
    expect(start({})).toThrow('context was missing and so was feature, expected exactly one of the two: add one');
    expect(start({ context: 'mood', feature: 'rsi' })).toThrow('context was mood beside feature rsi, expected exactly one of the two: remove one');
    expect(start({ context: 'food' })).toThrow('food');
    expect(start({ context: 'mood', scale: 0 })).toThrow('expected a number that is not 0');
  });

  it('refuses a fast period that is not below the slow one, and levels beyond 0 and 100', () => {
    expect(() => runStrategy(rsiMacd, { fast: 30 }, bars)).toThrow('fast was 30, expected less than slow (26): lower fast or raise slow');
    expect(() => runStrategy(rsiMacd, { longAbove: 101 }, bars)).toThrow();
  });
});
