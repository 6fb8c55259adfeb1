import type { BarColumns } from '@keelson/core/domain';
import { allocateBars } from '@keelson/core/series';
import { seeded } from '@keelson/test-kit/bars';
import { describe, expect, it } from 'vitest';
import { runStrategy, type Said } from '../../testing/run-strategy.js';
import { pairsSpread } from './pairs-spread.js';

/** Two walks with a common cause; each lacks every so many minutes. */
function pair(length: number, seed = 9): { a: BarColumns; b: BarColumns; both: Array<[time: number, a: number, b: number]> } {
  const next = seeded(seed);
  const rows: Array<[number, number | undefined, number | undefined]> = [];
  let common = 0;
  let own = 0;
  for (let i = 0; i < length; i++) {
    common += (next() - 0.5) / 100;
    own += (next() - 0.5) / 100 - own / 40;
    const price = (x: number): number => Math.round(10_000 * Math.exp(x)) / 100;
    rows.push([i * 60_000, next() < 0.1 ? undefined : price(common + own), next() < 0.1 ? undefined : price(0.8 * common)]);
  }
  const columns = (which: 1 | 2): BarColumns => {
    const kept = rows.filter((row) => row[which] !== undefined);
    const bars = allocateBars(kept.length);
    kept.forEach((row, i) => {
      bars.time[i] = row[0];
      bars.open[i] = bars.high[i] = bars.low[i] = bars.close[i] = row[which] as number;
      bars.volume[i] = 1;
    });
    return bars;
  };
  return { a: columns(1), b: columns(2), both: rows.filter((row): row is [number, number, number] => row[1] !== undefined && row[2] !== undefined) };
}

type Rule = { period?: number; entry?: number; exit?: number; stop?: number; slope?: number | undefined };

/** What the first leg does, by the definitions, over all bars that both have. */
function expected(both: ReadonlyArray<readonly [number, number, number]>, { period = 60, entry = 2, exit = 0, stop = 4, slope = 1 }: Rule, rolling = false): Array<[time: number, action: string, slope: number]> {
  const [y, x] = [both.map(([, a]) => Math.log(a)), both.map(([, , b]) => Math.log(b))];
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const actions: Array<[number, string, number]> = [];
  let open = 0;
  let lost = false;
  for (let i = period - 1; i < both.length; i++) {
    const [ys, xs] = [y.slice(i + 1 - period, i + 1), x.slice(i + 1 - period, i + 1)];
    const beta = rolling ? mean(xs.map((v, k) => (v - mean(xs)) * (ys[k] - mean(ys)))) / mean(xs.map((v) => (v - mean(xs)) ** 2)) : slope;
    const spreads = ys.map((v, k) => v - beta * xs[k]);
    const z = (spreads[period - 1] - mean(spreads)) / Math.sqrt(mean(spreads.map((v) => (v - mean(spreads)) ** 2)));
    let action = '';
    if ((open > 0 && z >= -exit) || (open < 0 && z <= exit)) {
      if (!lost) action = 'flat';
      [open, lost] = [0, false];
    } else if (open !== 0 && !lost && -open * z >= stop) [action, lost] = ['flat', true];
    if (open === 0 && Math.abs(z) >= entry && Math.abs(z) < stop) {
      open = z > 0 ? -1 : 1;
      action = open > 0 ? 'long' : 'short';
    }
    if (action !== '') actions.push([both[i][0], action, beta]);
  }
  return actions;
}

const timed = (said: readonly Said[], bars: BarColumns): Array<[number, string]> => said.map(({ bar, action }) => [bars.time[bar], action]);
const turned = (action: string): string => ({ long: 'short', short: 'long' })[action] ?? action;

describe('pairs-spread', () => {
  const { a, b, both } = pair(4000);
  const names = { first: 'A', second: 'B' };
  const legs = (params: Record<string, unknown>) => ({
    first: timed(runStrategy(pairsSpread, { ...names, ...params }, a, { instrument: 'A', others: { B: b } }), a),
    second: timed(runStrategy(pairsSpread, { ...names, ...params }, b, { instrument: 'B', others: { A: a } }), b),
  });

  it.each([
    ['by default', {}, {}],
    ['with another ratio, period and levels', { hedgeRatio: 0.5, period: 30, entry: 1.5, exit: 0.5, stop: 2 }, { slope: 0.5, period: 30, entry: 1.5, exit: 0.5, stop: 2 }],
  ])('trades both legs against each other at the same moments, %s', (_title, params, rule) => {
    const { first, second } = legs(params);
    const rows = expected(both, rule);
    expect(first).toEqual(rows.map(([time, action]) => [time, action]));
    expect(second).toEqual(rows.map(([time, action]) => [time, turned(action)]));
    expect(first.length).toBeGreaterThan(40);
  });

  it('gives a pair up beyond the stop, and waits until it met again', () => {
    const { first } = legs({ entry: 1.5, stop: 2 });
    const rows = expected(both, { entry: 1.5, stop: 2 });
    expect(first).toEqual(rows.map(([time, action]) => [time, action]));
    const reasons = runStrategy(pairsSpread, { ...names, entry: 1.5, stop: 2 }, a, { instrument: 'A', others: { B: b } }).map(({ reason }) => reason);
    expect(reasons.filter((reason) => reason === 'A and B went 2 deviations apart').length).toBeGreaterThan(10);
  });

  it('takes the least-squares slope of the window as the ratio when told to roll, and its sign for the second leg', () => {
    const rows = expected(both, {}, true);
    const { first, second } = legs({ hedge: 'rolling' });
    expect(first).toEqual(rows.map(([time, action]) => [time, action]));
    expect(second).toEqual(rows.map(([time, action, slope]) => [time, slope < 0 ? action : turned(action)]));
    expect(rows.some(([, action, slope]) => action !== 'flat' && slope < 0)).toBe(true);
  });

  it('says nothing before both have the bars of a period, nor of a spread that does not move', () => {
    expect(legs({}).first[0][0]).toBeGreaterThanOrEqual(both[59][0]);
    expect(runStrategy(pairsSpread, names, a, { instrument: 'A', others: { B: a } })).toEqual([]);
  });

  it('refuses levels in the wrong order, one instrument twice, and an instrument that is none of the two', () => {
    const start = (params: Record<string, unknown>, instrument = 'A') => () => runStrategy(pairsSpread, { ...names, ...params }, a, { instrument, others: { A: a, B: b } });
    expect(start({ exit: 2 })).toThrow('exit was 2, expected less than entry (2): lower exit or raise entry');
    expect(start({ entry: 5 })).toThrow('entry was 5, expected less than stop (4): lower entry or raise stop');
    expect(start({ second: 'A' })).toThrow('second was A, expected another instrument than first: name the other leg');
    expect(start({}, 'C')).toThrow('pairs-spread was seated on C, expected A or B');
  });
});
