import { barsInTicks } from '@keelson/test-kit/bars';
import { candlesOf, dataSets, executeTaLib, expectEqual, flat, hasTaLib, listsOf, outputsOf, streamOf, ticksOf } from '@keelson/test-kit/feature-oracles';
import * as technicalindicators from 'technicalindicators';
import * as signals from 'trading-signals';
import { describe, expect, it } from 'vitest';
import { adx } from './adx.js';
import { aroon } from './aroon.js';
import { chandelier } from './chandelier.js';
import { donchian } from './donchian.js';
import { ichimoku } from './ichimoku.js';
import { keltner } from './keltner.js';
import { parabolicSar } from './parabolic-sar.js';
import { supertrend } from './supertrend.js';
import { trendStrength } from './trend-strength.js';
import { vortex } from './vortex.js';

/*
 * To 1e-9 relative wherever the definitions agree. Where they do not, and why (also in docs/reference/features.md):
 *
 * technicalindicators 3.1.0
 *   ADX          smooths sums that already hold the first `period` bars: compared from the bar where the seed is forgotten
 *   PSAR         is always long first, has a hit only beyond the stop, and limits it by other bars: not compared
 *   Ichimoku     shows only what is computed now: compared with conversion, base and the leading edges
 * talib 1.1.6 (TA-Lib)
 *   none
 * trading-signals 8.3.0
 *   ADX          counts both movements where they are equal; ours, as TA-Lib, neither: not compared
 *   ATR          counts high − low of bar 0 as a true range: KeltnerChannels, ChandelierExit and SuperTrend, which stand on
 *                it, are compared from the bar where the seed is forgotten
 *   SuperTrend   begins with a down-trend: compared likewise
 *   PSAR         begins by the bars' middles and limits the stop by other bars: not compared
 *   Vortex       0 where there is no true range; ours is 1
 *   Ichimoku     as technicalindicators
 *
 * Distances that are equal on paper differ by a rounding in prices, and exactly not in ticks: ADX and Vortex are given ticks.
 */

const points = { absolute: 1e-9 };

describe.each(dataSets)('technicalindicators, $name', (data) => {
  const { bars } = data;
  const { high, low, close } = listsOf(bars);
  const price = { absolute: 1e-12 * Math.max(...close) };

  it('adx', () => {
    const theirs = technicalindicators.ADX.calculate({ ...listsOf(barsInTicks(bars, data.tickSize)), period: 14 });
    const ours = outputsOf(data, adx);
    (['adx', 'pdi', 'mdi'] as const).forEach((name, k) => expectEqual(ours[k] as Float64Array, theirs.map((result) => result[name]), bars, { ...points, from: 700 }));
  });
  it('ichimoku', () => {
    const theirs = technicalindicators.IchimokuCloud.calculate({ high, low, conversionPeriod: 9, basePeriod: 26, spanPeriod: 52, displacement: 26 });
    const [conversion, base, spanA, spanB, leadingA, leadingB] = outputsOf(data, ichimoku) as Float64Array[];
    const column = (name: 'conversion' | 'base' | 'spanA' | 'spanB', back = 0): number[] => theirs.map((_, i) => theirs[i - back]?.[name] ?? NaN).slice(25);
    expectEqual(conversion as Float64Array, column('conversion'), bars, price);
    expectEqual(base as Float64Array, column('base'), bars, price);
    expectEqual(leadingA as Float64Array, column('spanA'), bars, price);
    expectEqual(leadingB as Float64Array, column('spanB'), bars, price);
    expectEqual(spanA as Float64Array, column('spanA', 25), bars, price);
    expectEqual(spanB as Float64Array, column('spanB', 25), bars, price);
  });
  it('keltner', () => {
    const theirs = technicalindicators.KeltnerChannels.calculate({ high, low, close, maPeriod: 20, atrPeriod: 10, multiplier: 2, useSMA: false });
    const ours = outputsOf(data, keltner);
    (['middle', 'upper', 'lower'] as const).forEach((name, k) => expectEqual(ours[k] as Float64Array, theirs.map((result) => result[name]), bars, price));
  });
  it('chandelier', () => {
    const theirs = technicalindicators.ChandelierExit.calculate({ high, low, close, period: 22, multiplier: 3 });
    const ours = outputsOf(data, chandelier);
    // declared as an array of `Number`
    const stops = theirs as unknown as ReadonlyArray<Readonly<Record<'exitLong' | 'exitShort', number>>>;
    (['exitLong', 'exitShort'] as const).forEach((name, k) => expectEqual(ours[k] as Float64Array, stops.map((result) => result[name]), bars, price));
  });
});

describe.skipIf(!hasTaLib).each(dataSets)('talib, $name', (data) => {
  const { bars } = data;
  const ticks = barsInTicks(bars, data.tickSize);

  it('adx', () => {
    const ours = outputsOf(data, adx);
    expectEqual(ours[0] as Float64Array, executeTaLib('ADX', ticks, { optInTimePeriod: 14 })['outReal'] as number[], bars, points);
    ['PLUS_DI', 'MINUS_DI'].forEach((name, k) => expectEqual(ours[k + 1] as Float64Array, executeTaLib(name, ticks, { optInTimePeriod: 14 })['outReal'] as number[], bars, { ...points, from: 27 }));
  });
  it('aroon', () => {
    const theirs = executeTaLib('AROON', bars, { optInTimePeriod: 25 });
    const [oscillator, up, down] = outputsOf(data, aroon) as [Float64Array, Float64Array, Float64Array];
    expectEqual(up, theirs['outAroonUp'] as number[], bars, points);
    expectEqual(down, theirs['outAroonDown'] as number[], bars, points);
    expectEqual(oscillator, executeTaLib('AROONOSC', bars, { optInTimePeriod: 25 })['outReal'] as number[], bars, points);
  });
  it('trend-strength', () => {
    // their slope in average true ranges; their sums of prices lose digits, and a slope near 0 all of its own
    const slopes = executeTaLib('LINEARREG_SLOPE', ticks, { optInTimePeriod: 20 })['outReal'] as number[];
    const ranges = executeTaLib('ATR', ticks, { optInTimePeriod: 14 })['outReal'] as number[];
    const theirs = slopes.map((slope, i) => slope / (ranges[i + ranges.length - slopes.length] as number));
    expectEqual(outputsOf(data, trendStrength)[0] as Float64Array, theirs, bars, { absolute: 1e-7 });
  });
  it('parabolic-sar', () => {
    const theirs = executeTaLib('SAR', bars, { optInAcceleration: 0.02, optInMaximum: 0.2 })['outReal'] as number[];
    const [sar, direction, next] = outputsOf(data, parabolicSar) as [Float64Array, Float64Array, Float64Array];
    // bit by bit: a flip hangs on the last one
    expectEqual(sar, theirs, bars, { relative: 0, absolute: 0 });
    let flips = 0;
    for (let i = 2; i < bars.length; i++) {
      if (direction[i] === direction[i - 1]) expect(sar[i]).toBe(next[i - 1]);
      else flips++;
    }
    expect(flips).toBeGreaterThan(bars.length / 100);
  });
});

describe.each(dataSets)('trading-signals, $name', (data) => {
  const { bars } = data;
  const candles = candlesOf(bars);
  const ticks = candlesOf(ticksOf(data));
  const price = { absolute: 1e-12 * Math.max(...bars.close) };

  it('aroon', () => {
    const theirs = streamOf(new signals.Aroon(25), candles);
    const [, up, down] = outputsOf(data, aroon) as [Float64Array, Float64Array, Float64Array];
    expectEqual(up, theirs.map(({ aroonUp }) => aroonUp), bars, points);
    expectEqual(down, theirs.map(({ aroonDown }) => aroonDown), bars, points);
  });
  it('ichimoku', () => {
    const theirs = streamOf(new signals.IchimokuCloud(), candles);
    const [conversion, base, , , leadingA, leadingB] = outputsOf(data, ichimoku) as Float64Array[];
    expectEqual(conversion as Float64Array, theirs.slice(25).map((result) => result.conversion), bars, price);
    expectEqual(base as Float64Array, theirs.slice(25).map((result) => result.base), bars, price);
    expectEqual(leadingA as Float64Array, theirs.slice(25).map((result) => result.spanA), bars, price);
    expectEqual(leadingB as Float64Array, theirs.slice(25).map((result) => result.spanB), bars, price);
  });
  it('supertrend', () => {
    const theirs = streamOf(new signals.SuperTrend({ interval: 10, multiplier: 3 }), candles);
    const [line, direction] = outputsOf(data, supertrend) as [Float64Array, Float64Array];
    expectEqual(line, theirs.map((result) => result.supertrend), bars, { ...price, from: 900 });
    expectEqual(direction, theirs.map(({ trend }) => (trend === signals.TradingSignal.BULLISH ? 1 : -1)), bars, { relative: 0, absolute: 0, from: 900 });
  });
  it('donchian', () => {
    const theirs = streamOf(new signals.DonchianChannels(20), candles);
    const ours = outputsOf(data, donchian);
    (['middle', 'upper', 'lower'] as const).forEach((name, k) => expectEqual(ours[k] as Float64Array, theirs.map((result) => result[name]), bars, price));
  });
  it('keltner', () => {
    const theirs = streamOf(new signals.KeltnerChannels(), candles);
    const ours = outputsOf(data, keltner);
    (['middle', 'upper', 'lower'] as const).forEach((name, k) => expectEqual(ours[k] as Float64Array, theirs.map((result) => result[name]), bars, { ...price, from: 900 }));
  });
  it('vortex', () => {
    const theirs = streamOf(new signals.VortexIndicator(14), ticks);
    const [, plus, minus] = outputsOf(data, vortex) as [Float64Array, Float64Array, Float64Array];
    expectEqual(plus, theirs.map((result) => result.plus), bars, { ...points, skip: flat(bars, 15) });
    expectEqual(minus, theirs.map((result) => result.minus), bars, { ...points, skip: flat(bars, 15) });
  });
  it('chandelier', () => {
    const theirs = streamOf(new signals.ChandelierExit(), candles);
    const ours = outputsOf(data, chandelier);
    (['long', 'short'] as const).forEach((name, k) => expectEqual(ours[k] as Float64Array, theirs.map((result) => result[name]), bars, { ...price, from: 900 }));
  });
});
