import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Trade } from '../domain/position.js';
import { toMoney, toUtcMs } from '../domain/units.js';
import { MIN_SESSION_RETURNS, computeStatistics, statisticsJson } from './statistics.js';
import type { PerformanceInput } from './statistics.js';

const DAY_MS = 86_400_000;
const YEAR_MS = 365.25 * DAY_MS;
const from = toUtcMs(Date.UTC(2023, 0, 2));

function trade(pnl: number, commission = 0): Pick<Trade, 'pnl' | 'commission'> {
  return { pnl: toMoney(pnl), commission: toMoney(commission) };
}

/** A run of `returns`, one a session, with everything else harmless. */
function run(returns: readonly number[], more: Partial<PerformanceInput> = {}): PerformanceInput {
  const sessionEquity = new Float64Array(returns.length);
  let equity = 1000;
  returns.forEach((value, i) => {
    equity *= 1 + value;
    sessionEquity[i] = equity;
  });
  return {
    startEquity: 1000,
    endEquity: equity,
    from,
    to: toUtcMs(from + 2 * YEAR_MS),
    sessionEquity,
    sessionsPerYear: 252,
    maxDrawdown: 0.2,
    maxDrawdownMs: 0,
    trades: Array.from({ length: 10 }, () => trade(1)),
    barsInMarket: 25,
    bars: 100,
    commission: 12,
    slippage: 3,
    buyAndHoldReturn: 0.1,
    ...more,
  };
}

/** `times` copies of the pattern +2%, −1%, +3%, 0%. */
function pattern(times: number): number[] {
  return Array.from({ length: times }, () => [0.02, -0.01, 0.03, 0]).flat();
}

describe('computeStatistics', () => {
  it('gives the hand-computed figures of a small run', () => {
    // 40 returns: mean 0.01; squared deviations 4 × ... = (1 + 4 + 4 + 1)e-4 a pattern, 10 patterns: 1e-2 in all,
    // over 39: deviation 0.0160128; below zero only −1% in every fourth: downside √(1e-4 ÷ 4) = 0.005
    const stats = computeStatistics(run(pattern(10)));
    expect(stats.annualVolatility).toBeCloseTo(Math.sqrt(0.01 / 39) * Math.sqrt(252), 12);
    expect(stats.sharpe).toBeCloseTo(9.913627, 6);
    expect(stats.sortino).toBeCloseTo(2 * Math.sqrt(252), 9);
    // (1.02 × 0.99 × 1.03)^10 = 1.040094^10 over two years
    expect(stats.totalReturn).toBeCloseTo(1.040094 ** 10 - 1, 12);
    expect(stats.cagr).toBeCloseTo(Math.sqrt(1.040094 ** 10) - 1, 12);
    expect(stats.calmar).toBeCloseTo((1.040094 ** 5 - 1) / 0.2, 10);
    expect(stats).toMatchObject({ exposure: 0.25, commission: 12, slippage: 3, buyAndHoldReturn: 0.1, maxDrawdown: 0.2, startEquity: 1000, trades: 10 });
  });

  it('annualises by the sessions of the calendar', () => {
    const exchange = computeStatistics(run(pattern(10)));
    const always = computeStatistics(run(pattern(10), { sessionsPerYear: 365 }));
    expect((always.sharpe as number) / (exchange.sharpe as number)).toBeCloseTo(Math.sqrt(365 / 252), 12);
    expect((always.annualVolatility as number) / (exchange.annualVolatility as number)).toBeCloseTo(Math.sqrt(365 / 252), 12);
  });

  it('agrees with the textbook formulas on any returns', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -0.2, max: 0.2, noNaN: true }), { minLength: 30, maxLength: 80 }), (returns) => {
        const stats = computeStatistics(run(returns));
        const n = returns.length;
        // another route: E[x²] − E[x]², and the downside as a lower partial moment over pairs of sorted values
        const ex = returns.reduce((sum, value) => sum + value / n, 0);
        const exx = returns.reduce((sum, value) => sum + (value * value) / n, 0);
        const deviation = Math.sqrt(Math.max(0, ((exx - ex * ex) * n) / (n - 1)));
        expect(stats.annualVolatility).toBeCloseTo(deviation * Math.sqrt(252), 6);
        if (deviation > 1e-3) expect(stats.sharpe).toBeCloseTo((ex / deviation) * Math.sqrt(252), 5);
        const lpm = [...returns].sort((a, b) => a - b).filter((value) => value < 0).map((value) => value ** 2).reduce((sum, value) => sum + value, 0) / n;
        if (lpm > 1e-6) expect(stats.sortino).toBeCloseTo((ex * Math.sqrt(252)) / Math.sqrt(lpm), 5);
      }),
    );
  });

  it('states volatility from 30 session returns on, and ratios only with 10 trades as well', () => {
    expect(MIN_SESSION_RETURNS).toBe(30);
    const short = computeStatistics(run(pattern(8).slice(0, 29)));
    expect([short.annualVolatility, short.sharpe, short.sortino]).toEqual([undefined, undefined, undefined]);
    expect(computeStatistics(run(pattern(8).slice(0, 30))).sharpe).toBeGreaterThan(0);
    const three = computeStatistics(run(pattern(10), { trades: [trade(1), trade(2), trade(-1)] }));
    expect([three.sharpe, three.sortino]).toEqual([undefined, undefined]);
    expect(three.annualVolatility).toBeGreaterThan(0);
  });

  it('states yearly growth from about a year on', () => {
    const month = computeStatistics(run(pattern(10), { to: toUtcMs(from + 31 * DAY_MS) }));
    expect([month.cagr, month.calmar]).toEqual([undefined, undefined]);
    // first session of 2023 to the last: Monday 2 January to Friday 29 December
    const year = computeStatistics(run(pattern(10), { to: toUtcMs(Date.UTC(2023, 11, 29, 22)) }));
    expect(year.cagr).toBeCloseTo(1.040094 ** ((10 * 365.25) / (361 + 22 / 24)) - 1, 9);
  });

  it('counts a trade by its profit after commission', () => {
    const stats = computeStatistics(run(pattern(10), { trades: [trade(10, 1), trade(5, 1), trade(1, 2), trade(-4, 1), trade(0, 0)] }));
    expect(stats.winRate).toBe(0.4);
    expect(stats.profitFactor).toBeCloseTo(13 / 6, 12);
    expect(stats.expectancy).toBeCloseTo(7 / 5, 12);
  });

  it('has no profit factor without a losing trade, and one of 0 without a winning one', () => {
    expect(computeStatistics(run(pattern(10), { trades: [trade(5), trade(0)] })).profitFactor).toBeUndefined();
    expect(computeStatistics(run(pattern(10), { trades: [trade(-5), trade(0)] })).profitFactor).toBe(0);
  });

  it('states nothing about trades when there were none', () => {
    const stats = computeStatistics(run(new Array<number>(40).fill(0), { trades: [], maxDrawdown: 0, barsInMarket: 0 }));
    expect(stats).toMatchObject({ trades: 0, winRate: undefined, profitFactor: undefined, expectancy: undefined, exposure: 0, totalReturn: 0 });
    expect(stats).toMatchObject({ cagr: 0, calmar: undefined, annualVolatility: 0, sharpe: undefined, sortino: undefined });
  });

  it('has no ratio where returns never vary, rounding aside', () => {
    const stats = computeStatistics(run(new Array<number>(60).fill(0.001)));
    expect(stats.sharpe).toBeUndefined();
    expect(stats.sortino).toBeUndefined();
    expect(stats.annualVolatility).toBeCloseTo(0, 10);
  });

  it('has a sortino only with a negative return', () => {
    const stats = computeStatistics(run(Array.from({ length: 40 }, (_, i) => (i % 2) * 0.01)));
    expect(stats.sortino).toBeUndefined();
    expect(stats.sharpe).toBeGreaterThan(0);
  });

  it('calls a total loss −100% a year, and states no ratio after equity was gone', () => {
    const sessionEquity = Float64Array.from({ length: 40 }, (_, i) => 1000 - 30 * i);
    const stats = computeStatistics(run([], { sessionEquity, endEquity: -170, maxDrawdown: 1.17 }));
    expect(stats.totalReturn).toBeCloseTo(-1.17, 12);
    expect(stats.cagr).toBe(-1);
    expect(stats.maxDrawdown).toBe(1.17);
    expect([stats.annualVolatility, stats.sharpe, stats.sortino]).toEqual([undefined, undefined, undefined]);
  });

  it('keeps to what one session, or no bar at all, supports', () => {
    expect(computeStatistics(run([0.01], { to: toUtcMs(from + DAY_MS) }))).toMatchObject({ cagr: undefined, sharpe: undefined, annualVolatility: undefined });
    const nothing = computeStatistics(run([], { from: undefined, to: undefined, bars: 0, barsInMarket: 0, trades: [], buyAndHoldReturn: undefined, maxDrawdown: 0 }));
    expect(nothing).toMatchObject({ totalReturn: 0, buyAndHoldReturn: undefined, cagr: undefined, maxDrawdown: undefined, maxDrawdownDuration: undefined, exposure: undefined });
  });

  it('never gives NaN or an infinity', () => {
    const anyInput = fc.record({ returns: fc.array(fc.integer({ min: -150, max: 150 }), { maxLength: 60 }), cents: fc.array(fc.integer({ min: -1e8, max: 1e8 }), { maxLength: 20 }), bars: fc.nat(100) });
    fc.assert(
      fc.property(anyInput, ({ returns, cents, bars }) => {
        const stats = computeStatistics(run(returns.map((percent) => percent / 100), { trades: cents.map((value) => trade(value / 100)), bars, barsInMarket: bars }));
        for (const value of Object.values(stats)) if (typeof value === 'number') expect(value).toSatisfy(Number.isFinite);
      }),
    );
  });
});

describe('statisticsJson', () => {
  it('keeps the order of keys and writes null for what the sample cannot support', () => {
    const json = statisticsJson(computeStatistics(run([0.01], { to: toUtcMs(from + DAY_MS), trades: [], maxDrawdownMs: 93_600_000 })));
    expect(Object.keys(json).join(' ')).toBe('startEquity endEquity totalReturn buyAndHoldReturn cagr annualVolatility sharpe sortino calmar maxDrawdown maxDrawdownDuration trades winRate profitFactor expectancy exposure commission slippage');
    expect(JSON.parse(JSON.stringify(json))).toMatchObject({ sharpe: null, winRate: null, cagr: null, maxDrawdownDuration: 'P1DT2H' });
  });
});
