import { dataSets, executeTaLib, expectEqual, hasTaLib, listsOf, outputsOf, still, streamOf, valuesOf } from '@keelson/test-kit/feature-oracles';
import * as technicalindicators from 'technicalindicators';
import * as signals from 'trading-signals';
import { describe, expect, it } from 'vitest';
import { macd } from './macd.js';
import { rsi } from './rsi.js';

/*
 * To 1e-9 relative wherever the definitions agree. Where they do not, and why (also in docs/reference/features.md):
 *
 * technicalindicators 3.1.0
 *   RSI      rounds to two decimals: compared to 0.005 (half of the last decimal) and one rounding
 *   RSI      100 where there was no move at all; ours is 50
 * talib 1.1.6 (TA-Lib)
 *   MACD     begins the fast average at the bar of the slow one: compared from bar 600 on, where seeds are forgotten
 *   RSI      0 where the mean move is below 1e-8; ours is 50 where it is 0: no such bars here
 * trading-signals 8.3.0
 *   MACD     begins its averages with the first price: compared likewise
 *   RSI      100 where there was no fall, also without any move; ours is 50 then
 */

describe.each(dataSets)('technicalindicators, $name', (data) => {
  const { bars } = data;
  const values = listsOf(bars).close;

  it('rsi', () => expectEqual(valuesOf(data, rsi), technicalindicators.RSI.calculate({ period: 14, values }), bars, { relative: 0, absolute: 0.005 + 1e-9, skip: still(bars, 14) }));
  it('macd', () => {
    const theirs = technicalindicators.MACD.calculate({ fastPeriod: 12, slowPeriod: 26, signalPeriod: 9, values, SimpleMAOscillator: false, SimpleMASignal: false }).slice(8);
    const [line, signal, histogram] = outputsOf(data, macd) as [Float64Array, Float64Array, Float64Array];
    expectEqual(line, theirs.map(({ MACD }) => MACD as number), bars);
    expectEqual(signal, theirs.map((result) => result.signal as number), bars);
    expectEqual(histogram, theirs.map((result) => result.histogram as number), bars);
  });
});

describe.skipIf(!hasTaLib).each(dataSets)('talib, $name', (data) => {
  const { bars } = data;

  it('rsi', () => expectEqual(valuesOf(data, rsi), executeTaLib('RSI', bars, { optInTimePeriod: 14 })['outReal'] as number[], bars, { absolute: 0 }));
  it('macd', () => {
    const theirs = executeTaLib('MACD', bars, { optInFastPeriod: 12, optInSlowPeriod: 26, optInSignalPeriod: 9 });
    const ours = outputsOf(data, macd);
    expect(theirs['outMACD']).toHaveLength(bars.length - 33);
    ['outMACD', 'outMACDSignal', 'outMACDHist'].forEach((name, k) => expectEqual(ours[k] as Float64Array, theirs[name] as number[], bars, { from: 600 }));
  });
});

describe.each(dataSets)('trading-signals, $name', (data) => {
  const { bars } = data;
  const { close } = listsOf(bars);

  it('rsi', () => expectEqual(valuesOf(data, rsi), streamOf(new signals.RSI(14), close), bars, { absolute: 0, skip: still(bars, 14) }));
  it('macd', () => {
    const theirs = streamOf(new signals.MACD(new signals.EMA(12), new signals.EMA(26), new signals.EMA(9)), close);
    const ours = outputsOf(data, macd);
    (['macd', 'signal', 'histogram'] as const).forEach((name, k) => expectEqual(ours[k] as Float64Array, theirs.map((result) => result[name]), bars, { from: 600 }));
  });
});
