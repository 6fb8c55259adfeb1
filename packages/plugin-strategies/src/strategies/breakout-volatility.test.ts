import type { BarColumns } from '@keelson/core/domain';
import { families } from '@keelson/plugin-features';
import { randomBars } from '@keelson/test-kit/bars';
import { createFeature, runFeature } from '@keelson/test-kit/features';
import { describe, expect, it } from 'vitest';
import { obedient, runStrategy, type Holding, type Said } from '../../testing/run-strategy.js';
import { breakoutVolatility } from './breakout-volatility.js';

const bars = randomBars(31, 6000);
type Step = readonly [bar: number, action: string, reason: string, entry: number | undefined, stop: number | undefined, target: number | undefined];
type Params = { period?: number; bufferAtr?: number; pullbackAtr?: number; patience?: number; atrPeriod?: number; stopAtr?: number; rewardRisk?: number; side?: string };

/** The rule over whole columns; `fills` says whether a limit order of a side fills in a bar, else orders fill at once. */
function expected(data: BarColumns, params: Params, fills: (bar: number, side: number, entry: number) => boolean): Step[] {
  const { period = 20, bufferAtr = 0.25, pullbackAtr = 0.5, patience = 5, atrPeriod = 14, stopAtr = 2, rewardRisk = 2, side = 'both' } = params;
  const { high, low, close, length } = data;
  const [atr] = runFeature(createFeature(families.volatility.atr, { period: atrPeriod }), data) as [Float64Array];
  const steps: Step[] = [];
  let held = 0;
  let order: { side: number; entry: number; since: number } | undefined;
  for (let i = Math.max(period - 1, atrPeriod); i < length; i++) {
    if (order && fills(i, order.side, order.entry)) [held, order] = [order.side, undefined];
    const middle = (Math.max(...high.slice(i + 1 - period, i + 1)) + Math.min(...low.slice(i + 1 - period, i + 1))) / 2;
    if (order) {
      const failed = (close[i] - middle) * order.side < 0;
      if (!failed && i - order.since < patience) continue;
      steps.push([i, 'flat', failed ? 'failed' : 'missed', undefined, undefined, undefined]);
      [held, order] = [0, undefined];
      continue;
    }
    const left = held !== 0 && (close[i] - middle) * held < 0;
    if (i > Math.max(period - 1, atrPeriod)) {
      const up = side !== 'short' && held <= 0 && close[i] > Math.max(...high.slice(i - period, i)) + bufferAtr * atr[i - 1];
      const down = side !== 'long' && held >= 0 && close[i] < Math.min(...low.slice(i - period, i)) - bufferAtr * atr[i - 1];
      if (up || down) {
        const sign = up ? 1 : -1;
        const entry = close[i] - sign * pullbackAtr * atr[i - 1];
        const risk = stopAtr * atr[i - 1];
        steps.push([i, up ? 'long' : 'short', 'breakout', pullbackAtr > 0 ? entry : undefined, entry - sign * risk, entry + sign * rewardRisk * risk]);
        if (pullbackAtr > 0) {
          // the opposite position leaves at the market at once
          [held, order] = [0, { side: sign, entry, since: i }];
        } else held = sign;
        continue;
      }
    }
    if (left) {
      steps.push([i, 'flat', 'failed', undefined, undefined, undefined]);
      held = 0;
    }
  }
  return steps;
}

const short = (reason: string | undefined): string => (reason?.includes('failed') ? 'failed' : reason?.includes('did not come back') ? 'missed' : 'breakout');
const steps = (said: readonly Said[]): Step[] => said.map(({ bar, action, reason, entry, stop, target }) => [bar, action, short(reason), entry, stop, target]);

/** A limit order fills on a later bar that trades through it. */
const through = (bar: number, side: number, entry: number): boolean => (side > 0 ? bars.low[bar] < entry : bars.high[bar] > entry);

/** The position of an account whose entries fill by `through`. */
function limitFills(): Holding {
  let order: { side: number; entry: number } | undefined;
  let held = 0;
  let seen = 0;
  return (bar, said) => {
    for (; seen < said.length; seen++) {
      const { action, entry } = said[seen];
      const side = action === 'long' ? 1 : -1;
      held = action === 'flat' || entry !== undefined ? 0 : side;
      order = action === 'flat' || entry === undefined ? undefined : { side, entry };
    }
    if (order && through(bar, order.side, order.entry)) [held, order] = [order.side, undefined];
    return held;
  };
}

describe('breakout-volatility', () => {
  it.each([
    ['by default', {}],
    ['with other parameters', { period: 10, bufferAtr: 0, pullbackAtr: 1.5, patience: 3, atrPeriod: 30, stopAtr: 1, rewardRisk: 3 }],
    ['for longs', { side: 'long', pullbackAtr: 1 }],
    ['for shorts', { side: 'short', patience: 1 }],
  ])('waits at the pullback after a close clearly beyond the channel, and takes the order back in time, %s', (_title, params) => {
    const said = steps(runStrategy(breakoutVolatility, params, bars, { holding: limitFills() }));
    expect(said).toEqual(expected(bars, params, through));
    for (const reason of ['breakout', 'failed', 'missed']) expect(said.filter((step) => step[2] === reason).length, reason).toBeGreaterThan(3);
  });

  it('enters at the market without a pullback', () => {
    const said = steps(runStrategy(breakoutVolatility, { pullbackAtr: 0 }, bars, { holding: obedient }));
    expect(said).toEqual(expected(bars, { pullbackAtr: 0 }, () => true));
    expect(said.filter(([, action]) => action === 'long').length).toBeGreaterThan(10);
    expect(said.filter(([, action]) => action === 'short').length).toBeGreaterThan(10);
  });

  it("leaves another strategy's position alone", () => {
    const said = runStrategy(breakoutVolatility, { side: 'short', bufferAtr: 50 }, bars, { holding: (bar) => (bar > 60 ? 1 : 0) });
    expect(said).toEqual([]);
  });

  it('has no say in a position that another strategy opens after its own order was taken back', () => {
    const missed: Holding = (_bar, said) => (said.some(({ action }) => action === 'flat') ? 1 : 0);
    const said = runStrategy(breakoutVolatility, { side: 'long' }, bars, { holding: missed });
    expect(said.map(({ action }) => action)).toEqual(['long', 'flat']);
  });

  it('says nothing in a still market', () => {
    expect(runStrategy(breakoutVolatility, { bufferAtr: 0 }, randomBars(1, 200, { step: 0 }))).toEqual([]);
  });

  it('refuses parameters out of their bounds', () => {
    for (const params of [{ period: 1 }, { bufferAtr: -1 }, { patience: 0 }, { stopAtr: 0 }]) expect(() => runStrategy(breakoutVolatility, params, bars)).toThrow();
  });
});
