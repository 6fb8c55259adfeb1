import type { BarColumns } from '@keelson/core/domain';
import { families } from '@keelson/plugin-features';
import { randomBars } from '@keelson/test-kit/bars';
import { barsOfCloses, createFeature, runFeature } from '@keelson/test-kit/features';
import { describe, expect, it } from 'vitest';
import { obedient, runStrategy } from '../../testing/run-strategy.js';
import { donchianTrend } from './donchian-trend.js';

const bars = randomBars(21, 4000);
type Step = [bar: number, action: string, stop: number | undefined];

/** The rule written out over whole columns, for a position that follows every signal at once. */
function expected(data: BarColumns, side: 'long' | 'short' | 'both', entry = 20, exit = 10, period = 20, multiple = 2): Step[] {
  const { high, low, close, length } = data;
  const [atr] = runFeature(createFeature(families.volatility.atr, { period }), data) as [Float64Array];
  const highest = (i: number, n: number): number => Math.max(...high.slice(i - n, i));
  const lowest = (i: number, n: number): number => Math.min(...low.slice(i - n, i));
  const steps: Step[] = [];
  let held = '';
  for (let i = Math.max(entry, period); i < length; i++) {
    if (side !== 'short' && close[i] > highest(i, entry)) {
      steps.push([i, 'long', close[i] - multiple * atr[i]]);
      held = 'long';
    } else if (side !== 'long' && close[i] < lowest(i, entry)) {
      steps.push([i, 'short', close[i] + multiple * atr[i]]);
      held = 'short';
    } else if ((held === 'long' && close[i] < lowest(i, exit)) || (held === 'short' && close[i] > highest(i, exit))) {
      steps.push([i, 'flat', undefined]);
      held = '';
    }
  }
  return steps;
}

const run = (params: Record<string, unknown>, data: BarColumns): Step[] => runStrategy(donchianTrend, params, data, { holding: obedient }).map(({ bar, action, stop }) => [bar, action, stop]);

describe('donchian-trend', () => {
  it.each(['long', 'short', 'both'] as const)('enters on a close beyond the channel of the bars before, and leaves beyond the shorter one, for side %s', (side) => {
    const steps = run({ side }, bars);
    expect(steps).toEqual(expected(bars, side));
    expect(steps.filter(([, action]) => action === 'flat').length).toBeGreaterThan(20);
  });

  it('follows its parameters, and takes 20, 10, 20 bars and two ATR where nothing is said', () => {
    expect(run({ entryPeriod: 55, exitPeriod: 20, atrPeriod: 10, stopAtr: 3 }, bars)).toEqual(expected(bars, 'both', 55, 20, 10, 3));
    expect(run({ entryPeriod: 30, exitPeriod: 30 }, bars)).toEqual(expected(bars, 'both', 30, 30));
    expect(run({}, bars)).toEqual(run({ entryPeriod: 20, exitPeriod: 10, atrPeriod: 20, stopAtr: 2, side: 'both' }, bars));
  });

  it('says nothing of closes at the edge, and nothing before a whole channel has been seen', () => {
    const flat = barsOfCloses([5, 5, 5, 5, 5, 5]);
    expect(run({ entryPeriod: 2, exitPeriod: 1, atrPeriod: 1 }, flat)).toEqual([]);
    const touching = barsOfCloses([5, 7, 6, 7, 6, 7, 8]);
    expect(run({ entryPeriod: 3, exitPeriod: 1, atrPeriod: 1, side: 'long' }, touching).map(([bar, action]) => [bar, action])).toEqual([[6, 'long']]);
    const rising = barsOfCloses([1, 2, 3, 4, 5]);
    expect(run({ entryPeriod: 3, exitPeriod: 3, atrPeriod: 1 }, rising).map(([bar, action]) => [bar, action])).toEqual([
      [3, 'long'],
      [4, 'long'],
    ]);
  });

  it("leaves another strategy's position alone", () => {
    const said = runStrategy(donchianTrend, { side: 'short', entryPeriod: 50, exitPeriod: 2 }, bars, { holding: (bar) => (bar > 60 ? 1 : 0) });
    expect(new Set(said.map(({ action }) => action))).toEqual(new Set(['short']));
  });

  it('refuses an exit channel longer than the entry channel', () => {
    expect(() => run({ exitPeriod: 21 }, bars)).toThrow('exitPeriod was 21, expected at most entryPeriod (20): lower exitPeriod or raise entryPeriod');
  });
});
