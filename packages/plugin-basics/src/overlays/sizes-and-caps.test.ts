import { describe, expect, it } from 'vitest';
import { barsOf, make, otherOf, requestOf } from '../../testing/overlays.js';
import { instrument, parse } from '../../testing/support.js';
import { correlationCap } from './correlation-cap.js';
import { exposureCap } from './exposure-cap.js';
import { returnCorrelation } from './return-correlation.js';
import { slippageGuard } from './slippage-guard.js';
import { volatilitySize } from './volatility-size.js';

describe('volatility-size', () => {
  const ceiling = (atr: number | undefined, quantity: number, told: Parameters<typeof requestOf>[1] = {}) => make(volatilitySize, { fraction: 0.01 }, atr).review(requestOf({ quantity }, told));

  it('allows what one average range of moves equity by the fraction', () => {
    // 1% of 100000 is 1000; a range of 20 at 5 a point is 100 a contract
    expect(ceiling(20, 10, { pointValue: 5 })).toEqual({ kind: 'pass' });
    expect(ceiling(20, -11, { pointValue: 5 })).toEqual({ kind: 'reduce', quantity: 10, reason: 'quantity was 11, expected at most 10: one atr(14) of 20 may move equity by 1%' });
    expect(ceiling(40, 11, { pointValue: 5 })).toMatchObject({ kind: 'reduce', quantity: 5 });
    expect(ceiling(20, 11, { pointValue: 5, equity: 50_000 })).toMatchObject({ kind: 'reduce', quantity: 5 });
  });

  it('vetoes before the range is warm, and where it or the value of a point is none', () => {
    expect(ceiling(undefined, 1)).toEqual({ kind: 'veto', reason: 'atr(14) was not warm, expected a value' });
    for (const atr of [0, -1, Number.NaN]) expect(ceiling(atr, 1).kind).toBe('veto');
    expect(ceiling(20, 1, { pointValue: Number.NaN }).kind).toBe('veto');
    expect(ceiling(20, 1, { equity: -5 }).kind).toBe('veto');
  });

  it('sells nothing of what is held already', () => {
    expect(ceiling(1e6, 8, { held: 5 })).toMatchObject({ kind: 'reduce', quantity: 5 });
    expect(ceiling(1e6, 5, { held: 5 }).kind).toBe('pass');
    expect(ceiling(1e6, 8, { held: -5 }).kind).toBe('reduce');
  });

  it.each([{ fraction: 0 }, { fraction: 2 }, { period: 0 }, { risk: 1 }])('refuses %o', (params) => {
    expect(() => parse(volatilitySize.params, params)).toThrow();
  });
});

describe('exposure-cap', () => {
  const equity = { name: 'equity', instruments: ['TEST', 'B'], maxFraction: 1 };
  const at = (money: { long?: number; short?: number }, id = 'B') => otherOf(id, barsOf([]), money);
  const judge = (groups: readonly object[], quantity: number, others: ReturnType<typeof at>[], told: Parameters<typeof requestOf>[1] = {}) => make(exposureCap, { groups }).review(requestOf({ quantity, decision: 100 }, { pointValue: 10, others, ...told }));

  it('leaves to an entry what the group does not hold yet', () => {
    // 100000 of equity, 1000 a contract
    expect(judge([equity], 100, [])).toEqual({ kind: 'pass' });
    expect(judge([equity], 101, [])).toMatchObject({ kind: 'reduce', quantity: 100 });
    expect(judge([equity], 100, [at({ long: 60_000 })])).toEqual({ kind: 'reduce', quantity: 40, reason: "quantity was 100, expected at most 40: group 'equity' may hold 100% of equity (gross)" });
    expect(judge([equity], -100, [at({ long: 60_000 })])).toMatchObject({ quantity: 40 });
    expect(judge([equity], 100, [at({ long: 60_000, short: 50_000 })]).kind).toBe('veto');
  });

  it('lets longs and shorts offset one another in a net group', () => {
    const net = { ...equity, measure: 'net' };
    expect(judge([net], -150, [at({ long: 60_000 })])).toEqual({ kind: 'pass' });
    expect(judge([net], -170, [at({ long: 60_000 })])).toMatchObject({ quantity: 160 });
    expect(judge([net], 100, [at({ long: 60_000 })])).toMatchObject({ quantity: 40 });
  });

  it('counts only the members of the group, and the tightest of several groups', () => {
    expect(judge([equity], 100, [at({ long: 1e9 }, 'C')])).toEqual({ kind: 'pass' });
    expect(judge([{ ...equity, instruments: ['B'] }], 1e6, [at({ long: 1e9 })])).toEqual({ kind: 'pass' });
    expect(judge([equity, { name: 'all', instruments: ['TEST', 'B', 'C'], maxFraction: 0.5 }], 100, [at({ long: 20_000 }, 'C')])).toMatchObject({ quantity: 30, reason: expect.stringContaining("'all'") });
  });

  it('vetoes what it cannot value', () => {
    expect(judge([equity], 1, [at({ long: Number.NaN })]).kind).toBe('veto');
    expect(judge([equity], 1, [], { pointValue: Number.NaN }).kind).toBe('veto');
    expect(judge([equity], 1, [], { equity: Number.NaN }).kind).toBe('veto');
  });

  it('refuses an instrument that the account does not have', () => {
    expect(() => make(exposureCap, { groups: [{ ...equity, instruments: ['TETS'] }] })).toThrow("groups.0.instruments names 'TETS', expected one of TEST, B, C");
  });
});

describe('correlation-cap', () => {
  /** A path, its mirror image in log returns, and one that has nothing to do with it. */
  const steps = Array.from({ length: 60 }, (_, i) => Math.sin(i * 12.9898) * 0.01);
  const path = (of: readonly number[]): number[] => of.reduce<number[]>((prices, step) => [...prices, (prices.at(-1) as number) * Math.exp(step)], [100]);
  const own = barsOf(path(steps));
  const alike = barsOf(path(steps.map((step) => 2 * step)));
  const opposite = barsOf(path(steps.map((step) => -step)));
  const unlike = barsOf(path(steps.map((_, i) => (Math.floor(i / 2) % 2 === 0 ? 0.01 : -0.01))));
  const judge = (quantity: number, other: ReturnType<typeof otherOf>, params: object = {}) => make(correlationCap, params).review(requestOf({ quantity, decision: 100 }, { pointValue: 10, bars: own, others: [other] }));

  it('tells moves of one kind from others', () => {
    expect(returnCorrelation(own, otherOf('B', alike, {}).closes(100), 100, 30)).toBeCloseTo(1, 9);
    expect(returnCorrelation(own, otherOf('B', opposite, {}).closes(100), 100, 30)).toBeCloseTo(-1, 9);
    expect(Math.abs(returnCorrelation(own, otherOf('B', unlike, {}).closes(100), 100, 30) as number)).toBeLessThan(0.5);
  });

  it('compares closes of the same time, however many one of them lacks', () => {
    const late = barsOf(path(steps).slice(20), { from: 20 * 60_000 });
    expect(returnCorrelation(own, otherOf('B', late, {}).closes(100), 100, 30)).toBeCloseTo(1, 9);
    expect(returnCorrelation(own, otherOf('B', late, {}).closes(100), 20, 30)).toBeUndefined();
    const shifted = barsOf(path(steps), { from: 30_000 });
    expect(returnCorrelation(own, otherOf('B', shifted, {}).closes(100), 100, 2)).toBeUndefined();
  });

  it('holds back a second position that is the same bet', () => {
    expect(judge(1, otherOf('B', alike, { long: 5_000 }))).toEqual({ kind: 'veto', reason: 'quantity was 1, expected at most 0: correlation with B (1.00) makes one bet, which may hold 0% of equity' });
    expect(judge(1, otherOf('B', opposite, { short: 5_000 })).kind).toBe('veto');
    expect(judge(-1, otherOf('B', alike, { short: 5_000 })).kind).toBe('veto');
    expect(judge(-1, otherOf('B', opposite, { long: 5_000 })).kind).toBe('veto');
  });

  it('lets a hedge, an unlike instrument and an empty one be', () => {
    expect(judge(1, otherOf('B', alike, { short: 5_000 })).kind).toBe('pass');
    expect(judge(1, otherOf('B', opposite, { long: 5_000 })).kind).toBe('pass');
    expect(judge(1, otherOf('B', unlike, { long: 5_000, short: 5_000 })).kind).toBe('pass');
    expect(judge(1, otherOf('B', alike, {})).kind).toBe('pass');
  });

  it('leaves what the bet may still hold', () => {
    expect(judge(100, otherOf('B', alike, { long: 30_000 }), { maxFraction: 0.5 })).toMatchObject({ kind: 'reduce', quantity: 20 });
    expect(judge(20, otherOf('B', alike, { long: 30_000 }), { maxFraction: 0.5 }).kind).toBe('pass');
  });

  it('takes what it cannot tell for the same bet, unless told otherwise', () => {
    const still = barsOf(path(steps).map(() => 100));
    for (const bars of [still, barsOf([100, 101]), barsOf(path(steps).map(() => Number.NaN))]) {
      expect(judge(1, otherOf('B', bars, { short: 5_000 }))).toMatchObject({ kind: 'veto', reason: expect.stringContaining('B (unknown)') });
      expect(judge(1, otherOf('B', bars, { short: 5_000 }), { whenUnknown: 'ignore' }).kind).toBe('pass');
    }
  });
});

describe('slippage-guard', () => {
  const ticks = (maxTicks: number, more: object = {}) => make(slippageGuard, { maxTicks, ...more }, undefined, ['TEST'], { ...instrument, tickSize: 0.1 });
  const quoted = barsOf([100], { bid: 99.8, ask: 100.3 });

  it('measures from the decision price to the side that is to be had', () => {
    expect(ticks(3).review(requestOf({ quantity: 1 }, { bars: quoted })).kind).toBe('pass');
    expect(ticks(2.9).review(requestOf({ quantity: 1 }, { bars: quoted }))).toEqual({ kind: 'veto', reason: 'slippage was 0.3 at the ask of 100.3, expected at most 0.29 (2.9 ticks)' });
    expect(ticks(2).review(requestOf({ quantity: -1 }, { bars: quoted })).kind).toBe('pass');
    expect(ticks(1.9).review(requestOf({ quantity: -1 }, { bars: quoted }))).toMatchObject({ reason: expect.stringContaining('at the bid of 99.8') });
  });

  it('holds limits in basis points and in parts of the risk, the tightest of all', () => {
    const judge = (params: object, stop?: number) => make(slippageGuard, params).review(requestOf({ quantity: 1, ...(stop === undefined ? {} : { stop }) }, { bars: quoted })).kind;
    expect([judge({ maxBps: 30 }), judge({ maxBps: 29 })]).toEqual(['pass', 'veto']);
    expect([judge({ maxRiskFraction: 0.3 }, 99), judge({ maxRiskFraction: 0.29 }, 99), judge({ maxRiskFraction: 0.5 })]).toEqual(['pass', 'veto', 'veto']);
    expect(judge({ maxBps: 30, maxRiskFraction: 0.1 }, 99)).toBe('veto');
  });

  it.each([
    ['an empty side', { bid: 99.8 }],
    ['the other side empty', { ask: 100.1 }],
    ['a crossed book', { bid: 100.2, ask: 100.1 }],
  ])('vetoes with %s', (_what, quotes) => {
    expect(ticks(1e6).review(requestOf({ quantity: 1 }, { bars: barsOf([100], quotes) })).kind).toBe('veto');
  });

  it('expects the usual gap to the next open where there are no quotes', () => {
    // of 40 gaps, 8 are 0.5 up and 2 are 3 down
    const closes = Array.from({ length: 41 }, () => 100);
    const opens = closes.map((close, i) => (i % 5 === 1 ? close + 0.5 : i % 20 === 3 ? close - 3 : close));
    const bars = barsOf(closes, { opens });
    const judge = (quantity: number, params: object) => make(slippageGuard, { gapQuantile: 0.9, ...params }).review(requestOf({ quantity }, { bars })).kind;
    expect([judge(1, { maxTicks: 50 }), judge(1, { maxTicks: 49 })]).toEqual(['pass', 'veto']);
    expect([judge(-1, { maxTicks: 0 }), judge(-1, { maxTicks: 299, gapQuantile: 1 })]).toEqual(['pass', 'veto']);
    expect(judge(1, { maxTicks: 0, withoutQuotes: 'allow' })).toBe('pass');
    expect(judge(1, { maxTicks: 1e6, withoutQuotes: 'veto' })).toBe('veto');
    expect(make(slippageGuard, { maxTicks: 1e6 }).review(requestOf({ quantity: 1 }, { bars: barsOf(closes.slice(0, 20)) })).kind).toBe('veto');
  });

  it('lets a limit entry pass: its price is its limit', () => {
    expect(ticks(0).review(requestOf({ quantity: 1, entry: 99 }, { bars: quoted })).kind).toBe('pass');
  });

  it('wants a limit', () => {
    expect(() => parse(slippageGuard.params, {})).toThrow('expected maxTicks, maxBps or maxRiskFraction');
  });
});
