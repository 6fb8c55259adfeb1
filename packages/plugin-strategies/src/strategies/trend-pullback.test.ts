import { families } from '@keelson/plugin-features';
import { randomBars } from '@keelson/test-kit/bars';
import { createFeature, runFeature } from '@keelson/test-kit/features';
import { describe, expect, it } from 'vitest';
import { obedient, runStrategy } from '../../testing/run-strategy.js';
import { trendPullback } from './trend-pullback.js';

const bars = randomBars(41, 8000);
type Step = readonly [bar: number, action: string, stop?: number, target?: number];

type Params = { fast?: number; slow?: number; minAdx?: number; patience?: number; stopAtr?: number; rewardRisk?: number; side?: string };

/** The rule over whole columns, for a position that follows every signal at once. */
function expected({ fast = 20, slow = 50, minAdx = 30, patience = 3, stopAtr = 0.5, rewardRisk = 2, side = 'both' }: Params): Step[] {
  const { high, low, close, length } = bars;
  const column = (definition: Parameters<typeof createFeature>[0], period: number): Float64Array => runFeature(createFeature(definition, { period }), bars, definition.outputs.length)[0];
  const [near, far] = [column(families.averages.ema, fast), column(families.averages.ema, slow)];
  const [adx, atr] = [column(families.trend.adx, 14), column(families.volatility.atr, 14)];
  const steps: Step[] = [];
  let held = 0;
  let sign = 0;
  for (let i = slow - 1; i < length; i++) {
    const trend = near[i] - far[i];
    const crossed = trend * sign < 0;
    if (trend !== 0) sign = Math.sign(trend);
    const recent = Array.from({ length: patience + 1 }, (_, k) => i - k);
    const up = trend > 0 && side !== 'short' && close[i] > near[i] && close[i] > high[i - 1] && recent.some((k) => low[k] <= near[k]);
    const down = trend < 0 && side !== 'long' && close[i] < near[i] && close[i] < low[i - 1] && recent.some((k) => high[k] >= near[k]);
    if (adx[i] >= minAdx && (up || down)) {
      held = up ? 1 : -1;
      const stop = up ? Math.min(...recent.map((k) => low[k])) - stopAtr * atr[i] : Math.max(...recent.map((k) => high[k])) + stopAtr * atr[i];
      steps.push([i, up ? 'long' : 'short', stop, close[i] + rewardRisk * (close[i] - stop)]);
    } else if (crossed && trend * held < 0) {
      held = 0;
      steps.push([i, 'flat', undefined, undefined]);
    }
  }
  return steps;
}

const run = (params: Params): Step[] => runStrategy(trendPullback, params, bars, { holding: obedient }).map(({ bar, action, stop, target }) => [bar, action, stop, target]);

const close = (steps: readonly Step[]): unknown[] => steps.map(([bar, action, stop, target]) => [bar, action, stop === undefined ? undefined : expect.closeTo(stop, 9), target === undefined ? undefined : expect.closeTo(target, 9)]);

describe('trend-pullback', () => {
  it.each([
    ['by default', {}],
    ['for longs', { side: 'long' }],
    ['for shorts', { side: 'short' }],
    ['with other parameters', { fast: 5, slow: 12, minAdx: 20, patience: 0, stopAtr: 0, rewardRisk: 1 }],
  ] as ReadonlyArray<[string, Params]>)('joins a strong trend that goes on after it touched its average, and leaves when the averages cross, %s', (_title, params) => {
    const steps = run(params);
    expect(steps).toEqual(close(expected(params)));
    expect(steps.filter(([, action]) => action !== 'flat').length).toBeGreaterThan(20);
    expect(steps.filter(([, action]) => action === 'flat').length).toBeGreaterThan(2);
  });

  it('enters less often the stronger the trend has to be', () => {
    expect(run({ minAdx: 40 }).length).toBeLessThan(run({ minAdx: 20 }).length);
    expect(run({ minAdx: 100 })).toEqual([]);
  });

  it("leaves another strategy's position alone", () => {
    expect(runStrategy(trendPullback, { minAdx: 100 }, bars, { holding: (bar) => (bar > 60 ? 1 : 0) })).toEqual([]);
  });

  it('says nothing in a still market', () => {
    expect(runStrategy(trendPullback, { minAdx: 0 }, randomBars(1, 300, { step: 0 }), { holding: () => 1 })).toEqual([]);
  });

  it('refuses a fast average that is not faster', () => {
    expect(() => run({ fast: 50 })).toThrow('fast was 50, expected less than slow (50): lower fast or raise slow');
  });
});
