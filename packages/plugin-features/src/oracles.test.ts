import { createRequire } from 'node:module';
import type { BarColumns, Session, SessionCalendar } from '@keelson/core/domain';
import { toUtcMs } from '@keelson/core/domain';
import * as technicalindicators from 'technicalindicators';
import * as signals from 'trading-signals';
import { describe, expect, it } from 'vitest';
import type { DataSet } from '@keelson/test-kit/bars';
import { randomBars, realBars } from '@keelson/test-kit/bars';
import { createFeature, runFeature } from '@keelson/test-kit/features';
import { atr } from './volatility/atr.js';
import { bollinger } from './volatility/bollinger.js';
import { ema } from './averages/ema.js';
import { macd } from './momentum/macd.js';
import { rsi } from './momentum/rsi.js';
import { sma } from './averages/sma.js';
import { vwap } from './averages/vwap.js';

/*
 * Every feature against three other libraries, to 1e-9 relative wherever the definitions agree.
 * Where they do not, and why (also in docs/reference/features.md):
 *
 * technicalindicators 3.1.0
 *   RSI      rounds to two decimals: compared to 0.005 (half of the last decimal) and one rounding
 *   RSI      100 where there was no move at all; ours is 50
 *   VWAP     never begins anew: compared with one session over all bars
 * talib 1.1.6 (TA-Lib)
 *   MACD     begins the fast average at the bar of the slow one: compared from bar 600 on, where seeds are forgotten
 *   BBANDS   takes a variance below 1e-8 for zero: compared above it; and its running sums of squares lose
 *            digits: the bands are compared, not the deviation
 *   RSI      0 where the mean move is below 1e-8; ours is 50 where it is 0: no such bars here
 * trading-signals 8.3.0
 *   EMA      begins with the first price: compared from the bar where the seed is forgotten
 *   MACD     likewise
 *   ATR      counts high − low of bar 0 as a true range: compared likewise
 *   RSI      100 where there was no fall, also without any move; ours is 50 then
 *   VWAP     as technicalindicators
 */

type TaLib = { execute(options: Record<string, unknown>): { begIndex: number; nbElement: number; result: Record<string, number[]> } };

function loadTaLib(): TaLib | undefined {
  try {
    return createRequire(import.meta.url)('talib') as TaLib;
  } catch {
    return undefined;
  }
}

const talib = loadTaLib();
const random = (seed: number, options: Parameters<typeof randomBars>[2]): DataSet['bars'] => randomBars(seed, 5_000, options);
const dataSets: readonly DataSet[] = [
  ...realBars(),
  { name: 'random bars, tick 0.01', tickSize: 0.01, bars: random(1, {}) },
  { name: 'random bars, tick 0.25', tickSize: 0.25, bars: random(2, { denominator: 4, start: 18_000 }) },
  { name: 'random bars off the grid', tickSize: 0.01, bars: random(3, { denominator: 70 * Math.SQRT2 }) },
];

/**
 * Holds `ours` equal to `theirs`, whose last value belongs to the last bar, and whose first one (unless `from`
 * is given) to the bar of our first one. Beyond `relative`, the price's own rounding is allowed for.
 */
function expectEqual(ours: Float64Array, theirs: ArrayLike<number>, bars: BarColumns, options: { from?: number; relative?: number; absolute?: number; skip?: (bar: number) => boolean } = {}): void {
  const { relative = 1e-9, absolute, skip } = options;
  const first = Math.max(options.from ?? 0, bars.length - theirs.length);
  if (options.from === undefined) expect(ours.findIndex((value) => !Number.isNaN(value))).toBe(first);
  let compared = 0;
  for (let bar = first; bar < bars.length; bar++) {
    if (skip?.(bar)) continue;
    const expected = theirs[bar - (bars.length - theirs.length)];
    const rounding = absolute ?? 1e-13 * bars.close[bar];
    const difference = Math.abs(ours[bar] - expected);
    if (!(difference <= relative * Math.abs(expected) + rounding)) expect.fail(`bar ${bar}: ${ours[bar]} against ${expected}`);
    compared++;
  }
  expect(compared).toBeGreaterThan((bars.length - first) / 10);
}

const run = ({ bars, tickSize }: DataSet, definition: typeof sma, params: Record<string, unknown> = {}): Float64Array[] =>
  runFeature(createFeature(definition, params, { tickSize }), bars, definition.outputs.length);
const one = (data: DataSet, definition: typeof sma, params: Record<string, unknown> = {}): Float64Array => run(data, definition, params)[0] as Float64Array;

/** One session over all bars. */
const session: Session = { date: '2000-01-01', open: toUtcMs(-Infinity), close: toUtcMs(Infinity) };
const endless: SessionCalendar = { id: 'endless', timeZone: 'UTC', sessionsPerYear: 1, sessionAt: () => session, nextSession: () => session, previousSession: () => session };
const endlessVwap = ({ bars, tickSize }: DataSet): Float64Array => runFeature(createFeature(vwap, {}, { tickSize, calendar: endless }), bars)[0] as Float64Array;

const closes = (bars: BarColumns): number[] => Array.from(bars.close);
const still = (bars: BarColumns, period: number) => (bar: number) => bars.close.subarray(Math.max(0, bar - period), bar + 1).every((close) => close === bars.close[bar]);

it.skipIf(!process.env['KEELSON_DATA_DIR'])('runs on the real bars of KEELSON_DATA_DIR', () => {
  expect(dataSets.map(({ name }) => name).slice(0, 3)).toEqual(['GOOG 1d', '6E 1m', 'BTC 1m']);
});

describe.each(dataSets)('technicalindicators, $name', (data) => {
  const { bars } = data;
  const values = closes(bars);
  const [high, low, close, volume] = [Array.from(bars.high), Array.from(bars.low), values, Array.from(bars.volume)];

  it('sma', () => expectEqual(one(data, sma, { period: 30 }), technicalindicators.SMA.calculate({ period: 30, values }), bars));
  it('ema', () => expectEqual(one(data, ema, { period: 12 }), technicalindicators.EMA.calculate({ period: 12, values }), bars));
  it('rsi', () => expectEqual(one(data, rsi), technicalindicators.RSI.calculate({ period: 14, values }), bars, { relative: 0, absolute: 0.005 + 1e-9, skip: still(bars, 14) }));
  it('atr', () => expectEqual(one(data, atr), technicalindicators.ATR.calculate({ period: 14, high, low, close }), bars));
  it('macd', () => {
    const theirs = technicalindicators.MACD.calculate({ fastPeriod: 12, slowPeriod: 26, signalPeriod: 9, values, SimpleMAOscillator: false, SimpleMASignal: false }).slice(8);
    const [line, signal, histogram] = run(data, macd) as [Float64Array, Float64Array, Float64Array];
    expectEqual(line, theirs.map(({ MACD }) => MACD as number), bars);
    expectEqual(signal, theirs.map((result) => result.signal as number), bars);
    expectEqual(histogram, theirs.map((result) => result.histogram as number), bars);
  });
  it('bollinger', () => {
    const theirs = technicalindicators.BollingerBands.calculate({ period: 20, stdDev: 2, values });
    const [middle, upper, lower, , percentB] = run(data, bollinger) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
    expectEqual(middle, theirs.map((result) => result.middle), bars);
    expectEqual(upper, theirs.map((result) => result.upper), bars);
    expectEqual(lower, theirs.map((result) => result.lower), bars);
    expectEqual(percentB, theirs.map((result) => result.pb), bars, { absolute: 1e-9, skip: still(bars, 19) });
  });
  it('vwap', () => expectEqual(endlessVwap(data), technicalindicators.VWAP.calculate({ high, low, close, volume }), bars, { from: 1 }));
});

describe.skipIf(!talib)('talib', () => {
  const execute = (name: string, bars: BarColumns, options: Record<string, number>): Record<string, number[]> => {
    const all = { open: Array.from(bars.open), high: Array.from(bars.high), low: Array.from(bars.low), close: closes(bars), inReal: closes(bars) };
    return (talib as TaLib).execute({ name, startIdx: 0, endIdx: bars.length - 1, ...all, ...options }).result;
  };

  describe.each(dataSets)('$name', (data) => {
    const { bars } = data;
    it('sma', () => expectEqual(one(data, sma, { period: 30 }), execute('SMA', bars, { optInTimePeriod: 30 })['outReal'] as number[], bars));
    it('ema', () => expectEqual(one(data, ema, { period: 26 }), execute('EMA', bars, { optInTimePeriod: 26 })['outReal'] as number[], bars));
    it('rsi', () => expectEqual(one(data, rsi), execute('RSI', bars, { optInTimePeriod: 14 })['outReal'] as number[], bars, { absolute: 0 }));
    it('atr', () => expectEqual(one(data, atr), execute('ATR', bars, { optInTimePeriod: 14 })['outReal'] as number[], bars));
    it('macd', () => {
      const theirs = execute('MACD', bars, { optInFastPeriod: 12, optInSlowPeriod: 26, optInSignalPeriod: 9 });
      const ours = run(data, macd);
      expect(theirs['outMACD']).toHaveLength(bars.length - 33);
      ['outMACD', 'outMACDSignal', 'outMACDHist'].forEach((name, k) => expectEqual(ours[k] as Float64Array, theirs[name] as number[], bars, { from: 600 }));
    });
    it('bollinger', () => {
      const theirs = execute('BBANDS', bars, { optInTimePeriod: 20, optInNbDevUp: 2, optInNbDevDn: 2, optInMAType: 0 });
      const [middle, upper, lower] = run(data, bollinger) as [Float64Array, Float64Array, Float64Array];
      const quiet = (bar: number) => ((upper[bar] - middle[bar]) / 2) ** 2 < 2e-8;
      expectEqual(middle, theirs['outRealMiddleBand'] as number[], bars);
      expectEqual(upper, theirs['outRealUpperBand'] as number[], bars, { from: 19, skip: quiet });
      expectEqual(lower, theirs['outRealLowerBand'] as number[], bars, { from: 19, skip: quiet });
    });
  });
});

describe.each(dataSets)('trading-signals, $name', (data) => {
  const { bars } = data;
  /** Results of an indicator from its first stable one on. */
  const stream = <Input, Result>(indicator: { update(input: Input, replace: boolean): Result | null; readonly isStable: boolean }, inputs: readonly Input[]): Result[] =>
    inputs.flatMap((input) => {
      const result = indicator.update(input, false);
      return indicator.isStable && result !== null ? [result] : [];
    });
  const candles = closes(bars).map((close, i) => ({ high: bars.high[i], low: bars.low[i], close, volume: bars.volume[i] }));

  it('sma', () => expectEqual(one(data, sma, { period: 10 }), stream(new signals.SMA(10), closes(bars)), bars));
  it('ema', () => expectEqual(one(data, ema, { period: 12 }), stream(new signals.EMA(12), closes(bars)), bars, { from: 300 }));
  it('rsi', () => expectEqual(one(data, rsi), stream(new signals.RSI(14), closes(bars)), bars, { absolute: 0, skip: still(bars, 14) }));
  it('atr', () => expectEqual(one(data, atr), stream(new signals.ATR(14), candles), bars, { from: 600 }));
  it('macd', () => {
    const theirs = stream(new signals.MACD(new signals.EMA(12), new signals.EMA(26), new signals.EMA(9)), closes(bars));
    const ours = run(data, macd);
    (['macd', 'signal', 'histogram'] as const).forEach((name, k) => expectEqual(ours[k] as Float64Array, theirs.map((result) => result[name]), bars, { from: 600 }));
  });
  it('bollinger', () => {
    const theirs = stream(new signals.BollingerBands(20, 2), closes(bars));
    const ours = run(data, bollinger);
    (['middle', 'upper', 'lower'] as const).forEach((name, k) => expectEqual(ours[k] as Float64Array, theirs.map((result) => result[name]), bars));
  });
  it('vwap', () => {
    const traded = candles.filter(({ volume }) => volume > 0);
    const ours = endlessVwap(data).filter((_, i) => bars.volume[i] > 0);
    const theirs = stream(new signals.VWAP(), traded);
    for (let i = 0; i < traded.length; i++) expect(Math.abs(ours[i] / theirs[i] - 1)).toBeLessThan(1e-9);
    expect(theirs).toHaveLength(traded.length);
  });
});
