import { candlesOf, dataSets, executeTaLib, expectEqual, flat, hasTaLib, listsOf, outputsOf, still, streamOf, ticksOf, valuesOf } from '@keelson/test-kit/feature-oracles';
import * as technicalindicators from 'technicalindicators';
import * as signals from 'trading-signals';
import { describe, expect, it } from 'vitest';
import { awesomeOscillator } from './awesome-oscillator.js';
import { cci } from './cci.js';
import { cmo } from './cmo.js';
import { dpo } from './dpo.js';
import { macd } from './macd.js';
import { mfi } from './mfi.js';
import { momentumFeature } from './momentum.js';
import { ppo } from './ppo.js';
import { roc } from './roc.js';
import { rsi } from './rsi.js';
import { stochRsi } from './stoch-rsi.js';
import { stochastic } from './stochastic.js';
import { trix } from './trix.js';
import { tsi } from './tsi.js';
import { ultimateOscillator } from './ultimate-oscillator.js';
import { williamsR } from './williams-r.js';

/*
 * To 1e-9 relative wherever the definitions agree. Where they do not, and why (also in docs/reference/features.md):
 *
 * technicalindicators 3.1.0
 *   RSI              rounds to two decimals: compared to 0.005 (half of the last decimal) and one rounding
 *   RSI              100 where there was no move at all; ours is 50
 *   Stochastic       0 where the range is flat; ours is 50
 *   StochasticRSI    stands on the rounded index: not compared
 *   WilliamsR        no number where the range is flat; ours is −50
 *   CCI              no number where there is no deviation; ours is 0
 *   MFI              counts an unchanged price as a fall; ours, as the author, as neither: not compared
 * talib 1.1.6 (TA-Lib)
 *   MACD, PPO        begin the fast average at the bar of the slow one: compared from bar 600 on, where seeds are forgotten
 *   RSI              0 where the mean move is below 1e-8; ours is 50 where it is 0: no such bars here
 *   STOCH, WILLR     0 where the range is flat; ours is the middle
 *   STOCHRSI         0 to 100 where the index stands still but for roundings; ours is 50
 *   CCI              any number where the deviation is a rounding; ours is 0
 *   MFI              0 where the flow is below 1; ours is 50 where it is 0
 *   ULTOSC           0 for a window without range; ours is one half
 *   CMO              smooths rises and falls like Wilder; ours is the plain sum of the author: not compared
 * trading-signals 8.3.0
 *   MACD, PPO, TRIX, TSI  begin averages with the first price: compared from the bar where the seed is forgotten
 *   TRIX             in percent of the newest value; ours, like TA-Lib, of the one before: compared by that
 *   RSI              100 where there was no fall, also without any move; ours is 50 then
 *   STOCH, WILLR     the lower end where the range is flat; ours is the middle
 *   STOCHRSI         leaves out an index of 0, and is 100 where it stands still: not compared
 *   ROC              a fraction; ours is in percent
 *
 * Prices that are equal on paper differ by a rounding when distances or means of them are compared. Ours are exact
 * ticks, so where that matters the libraries are given whole ticks too.
 */

const first = (result: Readonly<Record<string, number[]>>): number[] => result['outReal'] as number[];
const points = { absolute: 1e-7 };

describe.each(dataSets)('technicalindicators, $name', (data) => {
  const { bars } = data;
  const { high, low, close } = listsOf(bars);
  const values = close;
  const ticks = listsOf(ticksOf(data));

  it('rsi', () => expectEqual(valuesOf(data, rsi), technicalindicators.RSI.calculate({ period: 14, values }), bars, { relative: 0, absolute: 0.005 + 1e-9, skip: still(bars, 14) }));
  it('macd', () => {
    const theirs = technicalindicators.MACD.calculate({ fastPeriod: 12, slowPeriod: 26, signalPeriod: 9, values, SimpleMAOscillator: false, SimpleMASignal: false }).slice(8);
    const [line, signal, histogram] = outputsOf(data, macd) as [Float64Array, Float64Array, Float64Array];
    expectEqual(line, theirs.map(({ MACD }) => MACD as number), bars);
    expectEqual(signal, theirs.map((result) => result.signal as number), bars);
    expectEqual(histogram, theirs.map((result) => result.histogram as number), bars);
  });
  it('stochastic', () => {
    const theirs = technicalindicators.Stochastic.calculate({ high, low, close, period: 14, signalPeriod: 3 }).slice(2);
    const [k, d] = outputsOf(data, stochastic, { slowing: 1 }) as [Float64Array, Float64Array];
    const skip = (bar: number): boolean => [0, 1, 2].some((back) => flat(bars, 14)(bar - back));
    expectEqual(k, theirs.map((result) => result.k), bars, { ...points, skip });
    expectEqual(d, theirs.map((result) => result.d), bars, { ...points, skip });
  });
  it('williams-r', () => expectEqual(valuesOf(data, williamsR), technicalindicators.WilliamsR.calculate({ high, low, close, period: 14 }), bars, { ...points, from: 13, skip: flat(bars, 14) }));
  it('roc', () => expectEqual(valuesOf(data, roc), technicalindicators.ROC.calculate({ period: 10, values }), bars, { absolute: 1e-12 }));
  it('cci', () => expectEqual(valuesOf(data, cci), technicalindicators.CCI.calculate({ ...ticks, period: 20 }), bars, { ...points, from: 19, skip: flat(bars, 20) }));
  it('awesome-oscillator', () => expectEqual(valuesOf(data, awesomeOscillator), technicalindicators.AwesomeOscillator.calculate({ high, low, fastPeriod: 5, slowPeriod: 34 }), bars, { absolute: 1e-12 * (close[0] as number) }));
  it('trix', () => expectEqual(outputsOf(data, trix, { period: 15, signal: 1 })[0] as Float64Array, technicalindicators.TRIX.calculate({ period: 15, values }), bars, { absolute: 1e-11 }));
});

describe.skipIf(!hasTaLib).each(dataSets)('talib, $name', (data) => {
  const { bars } = data;
  const ticks = ticksOf(data);

  it('rsi', () => expectEqual(valuesOf(data, rsi), first(executeTaLib('RSI', bars, { optInTimePeriod: 14 })), bars, { absolute: 0 }));
  it('macd', () => {
    const theirs = executeTaLib('MACD', bars, { optInFastPeriod: 12, optInSlowPeriod: 26, optInSignalPeriod: 9 });
    const ours = outputsOf(data, macd);
    expect(theirs['outMACD']).toHaveLength(bars.length - 33);
    ['outMACD', 'outMACDSignal', 'outMACDHist'].forEach((name, k) => expectEqual(ours[k] as Float64Array, theirs[name] as number[], bars, { from: 600 }));
  });
  it('stochastic', () => {
    const theirs = executeTaLib('STOCH', bars, { optInFastK_Period: 14, optInSlowK_Period: 3, optInSlowK_MAType: 0, optInSlowD_Period: 3, optInSlowD_MAType: 0 });
    const [k, d] = outputsOf(data, stochastic) as [Float64Array, Float64Array];
    const skip = (bar: number): boolean => [0, 1, 2, 3, 4].some((back) => flat(bars, 14)(bar - back));
    expectEqual(k, theirs['outSlowK'] as number[], bars, { ...points, skip });
    expectEqual(d, theirs['outSlowD'] as number[], bars, { ...points, skip });
  });
  it('stoch-rsi', () => {
    const theirs = executeTaLib('STOCHRSI', ticks, { optInTimePeriod: 14, optInFastK_Period: 5, optInFastD_Period: 3, optInFastD_MAType: 0 });
    const [k, d] = outputsOf(data, stochRsi, { range: 5, slowing: 1 }) as [Float64Array, Float64Array];
    const index = valuesOf(data, rsi);
    const quiet = (bar: number): boolean => Math.max(...index.subarray(bar - 4, bar + 1)) - Math.min(...index.subarray(bar - 4, bar + 1)) < 1e-4;
    const skip = (bar: number): boolean => [0, 1, 2].some((back) => quiet(bar - back));
    expectEqual(k, theirs['outFastK'] as number[], bars, { ...points, skip });
    expectEqual(d, theirs['outFastD'] as number[], bars, { ...points, skip });
  });
  it('williams-r', () => expectEqual(valuesOf(data, williamsR), first(executeTaLib('WILLR', bars, { optInTimePeriod: 14 })), bars, { ...points, skip: flat(bars, 14) }));
  it('roc', () => expectEqual(valuesOf(data, roc), first(executeTaLib('ROC', bars, { optInTimePeriod: 10 })), bars, { absolute: 1e-12 }));
  it('momentum', () => expectEqual(valuesOf(data, momentumFeature), first(executeTaLib('MOM', bars, { optInTimePeriod: 10 })), bars));
  it('cci', () => expectEqual(valuesOf(data, cci), first(executeTaLib('CCI', ticks, { optInTimePeriod: 20 })), bars, { ...points, skip: flat(bars, 20) }));
  it('mfi', () => {
    const idle = (bar: number): boolean => !bars.volume.subarray(bar - 13, bar + 1).some((volume) => volume > 0);
    expectEqual(valuesOf(data, mfi), first(executeTaLib('MFI', ticks, { optInTimePeriod: 14 })), bars, { ...points, skip: idle });
  });
  it('ppo', () => expectEqual(valuesOf(data, ppo, { signal: 1 }), first(executeTaLib('PPO', bars, { optInFastPeriod: 12, optInSlowPeriod: 26, optInMAType: 1 })), bars, { from: 600, absolute: 1e-11 }));
  it('trix', () => expectEqual(valuesOf(data, trix, { signal: 1 }), first(executeTaLib('TRIX', bars, { optInTimePeriod: 15 })), bars, { absolute: 1e-11 }));
  it('ultimate-oscillator', () => {
    const theirs = first(executeTaLib('ULTOSC', ticks, { optInTimePeriod1: 7, optInTimePeriod2: 14, optInTimePeriod3: 28 }));
    const skip = (bar: number): boolean => flat(bars, 7)(bar) && still(bars, 7)(bar);
    expectEqual(valuesOf(data, ultimateOscillator), theirs, bars, { ...points, skip });
  });
});

describe.each(dataSets)('trading-signals, $name', (data) => {
  const { bars } = data;
  const { close } = listsOf(bars);
  const candles = candlesOf(bars);
  const ticks = candlesOf(ticksOf(data));

  it('rsi', () => expectEqual(valuesOf(data, rsi), streamOf(new signals.RSI(14), close), bars, { absolute: 0, skip: still(bars, 14) }));
  it('macd', () => {
    const theirs = streamOf(new signals.MACD(new signals.EMA(12), new signals.EMA(26), new signals.EMA(9)), close);
    const ours = outputsOf(data, macd);
    (['macd', 'signal', 'histogram'] as const).forEach((name, k) => expectEqual(ours[k] as Float64Array, theirs.map((result) => result[name]), bars, { from: 600 }));
  });
  it('stochastic', () => {
    const theirs = streamOf(new signals.StochasticOscillator({ kPeriod: 14, kSlowingPeriod: 3, dPeriod: 3 }), candles);
    const [k, d] = outputsOf(data, stochastic) as [Float64Array, Float64Array];
    const skip = (bar: number): boolean => [0, 1, 2, 3, 4].some((back) => flat(bars, 14)(bar - back));
    expectEqual(k, theirs.map(({ stochK }) => stochK), bars, { ...points, from: 17, skip });
    expectEqual(d, theirs.map(({ stochD }) => stochD), bars, { ...points, from: 17, skip });
  });
  it('williams-r', () => expectEqual(valuesOf(data, williamsR), streamOf(new signals.WilliamsR(14), candles), bars, { ...points, skip: flat(bars, 14) }));
  it('roc', () => expectEqual(valuesOf(data, roc), streamOf(new signals.ROC(10), close).map((value) => 100 * value), bars, { absolute: 1e-12 }));
  it('momentum', () => expectEqual(valuesOf(data, momentumFeature), streamOf(new signals.MOM(10), close), bars));
  it('cci', () => expectEqual(valuesOf(data, cci), streamOf(new signals.CCI(20), ticks), bars, { ...points, skip: flat(bars, 20) }));
  it('mfi', () => expectEqual(valuesOf(data, mfi), streamOf(new signals.MFI(14), ticks), bars, points));
  it('cmo', () => expectEqual(valuesOf(data, cmo), streamOf(new signals.CMO(14), ticks.map((bar) => bar.close)), bars, points));
  it('ppo', () => expectEqual(valuesOf(data, ppo, { signal: 1 }), streamOf(new signals.PPO({ fastPeriod: 12, slowPeriod: 26 }), close), bars, { from: 600, absolute: 1e-11 }));
  it('trix', () => {
    const theirs = streamOf(new signals.TRIX(15), close).map((percent) => (100 * percent) / (100 - percent));
    expectEqual(valuesOf(data, trix, { signal: 1 }), theirs, bars, { from: 600, absolute: 1e-11 });
  });
  it('tsi', () => expectEqual(valuesOf(data, tsi, { signal: 1 }), streamOf(new signals.TSI({ longPeriod: 25, shortPeriod: 13 }), close), bars, { from: 900, ...points }));
  it('ultimate-oscillator', () => {
    const theirs = streamOf(new signals.UltimateOscillator(), ticks);
    expectEqual(valuesOf(data, ultimateOscillator), theirs, bars, { ...points, skip: (bar) => flat(bars, 7)(bar) && still(bars, 7)(bar) });
  });
  it('awesome-oscillator', () => expectEqual(valuesOf(data, awesomeOscillator), streamOf(new signals.AO(5, 34), candles), bars, { absolute: 1e-12 * (close[0] as number) }));
  it('dpo', () => expectEqual(valuesOf(data, dpo), streamOf(new signals.DPO(20), close), bars, { absolute: 1e-12 * (close[0] as number) }));
});
