import { candlesOf, dataSets, executeTaLib, expectEqual, hasTaLib, listsOf, outputsOf, still, streamOf, valuesOf } from '@keelson/test-kit/feature-oracles';
import * as technicalindicators from 'technicalindicators';
import * as signals from 'trading-signals';
import { describe, it } from 'vitest';
import { atr } from './atr.js';
import { bollinger } from './bollinger.js';
import { chaikinVolatility } from './chaikin-volatility.js';
import { choppiness } from './choppiness.js';
import { massIndex } from './mass-index.js';
import { natr } from './natr.js';
import { realisedVolatility } from './realised-volatility.js';
import { trueRange } from './true-range.js';

/*
 * To 1e-9 relative wherever the definitions agree. Where they do not, and why (also in docs/reference/features.md):
 *
 * talib 1.1.6 (TA-Lib)
 *   BBANDS   takes a variance below 1e-8 for zero: compared above it; and its running sums of squares lose
 *            digits: the bands are compared, not the deviation
 * trading-signals 8.3.0
 *   ATR, NATR  count high − low of bar 0 as a true range: compared from the bar where the seed is forgotten
 *   TR       is high − low on bar 0, where ours has no value: compared from bar 1 on
 *   CVI, MI  exponential means from the first value: compared from the bar where that is forgotten
 *   CHOP     100 where nothing moved; ours has no value there
 *   UI       looks for the high from the start of the window on; ours in the `period` bars up to each bar: not compared
 *
 * technicalindicators 3.1.0 has none of the others but TrueRange.
 */

describe.each(dataSets)('technicalindicators, $name', (data) => {
  const { bars } = data;
  const { high, low, close } = listsOf(bars);

  it('atr', () => expectEqual(valuesOf(data, atr), technicalindicators.ATR.calculate({ period: 14, high, low, close }), bars));
  it('true-range', () => expectEqual(valuesOf(data, trueRange), technicalindicators.TrueRange.calculate({ high, low, close }), bars));
  it('bollinger', () => {
    const theirs = technicalindicators.BollingerBands.calculate({ period: 20, stdDev: 2, values: close });
    const [middle, upper, lower, , percentB] = outputsOf(data, bollinger) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
    expectEqual(middle, theirs.map((result) => result.middle), bars);
    expectEqual(upper, theirs.map((result) => result.upper), bars);
    expectEqual(lower, theirs.map((result) => result.lower), bars);
    expectEqual(percentB, theirs.map((result) => result.pb), bars, { absolute: 1e-9, skip: still(bars, 19) });
  });
});

describe.skipIf(!hasTaLib).each(dataSets)('talib, $name', (data) => {
  const { bars } = data;

  it('atr', () => expectEqual(valuesOf(data, atr), executeTaLib('ATR', bars, { optInTimePeriod: 14 })['outReal'] as number[], bars));
  it('true-range', () => expectEqual(valuesOf(data, trueRange), executeTaLib('TRANGE', bars)['outReal'] as number[], bars));
  it('natr', () => expectEqual(valuesOf(data, natr), executeTaLib('NATR', bars, { optInTimePeriod: 14 })['outReal'] as number[], bars));
  it('realised-volatility of closes', () => {
    // the population's deviation of the same returns
    const returns = Array.from(bars.close, (close, i) => (i === 0 ? 0 : Math.log(close / bars.close[i - 1])));
    const theirs = executeTaLib('VAR', bars, { inReal: returns, optInTimePeriod: 20, optInNbDev: 1 })['outReal'] as number[];
    const ours = valuesOf(data, realisedVolatility).map((value) => (value * value * 19) / 20);
    // their sums of squares lose digits where little moves
    expectEqual(ours, theirs, bars, { from: 20, relative: 1e-8, absolute: 1e-16 });
  });
  it('bollinger', () => {
    const theirs = executeTaLib('BBANDS', bars, { optInTimePeriod: 20, optInNbDevUp: 2, optInNbDevDn: 2, optInMAType: 0 });
    const [middle, upper, lower] = outputsOf(data, bollinger) as [Float64Array, Float64Array, Float64Array];
    const quiet = (bar: number) => ((upper[bar] - middle[bar]) / 2) ** 2 < 2e-8;
    expectEqual(middle, theirs['outRealMiddleBand'] as number[], bars);
    expectEqual(upper, theirs['outRealUpperBand'] as number[], bars, { from: 19, skip: quiet });
    expectEqual(lower, theirs['outRealLowerBand'] as number[], bars, { from: 19, skip: quiet });
  });
});

describe.each(dataSets)('trading-signals, $name', (data) => {
  const { bars } = data;
  const stuck = (bar: number): boolean => still(bars, 14)(bar) && Math.max(...bars.high.subarray(bar - 13, bar + 1)) === Math.min(...bars.low.subarray(bar - 13, bar + 1));

  it('atr', () => expectEqual(valuesOf(data, atr), streamOf(new signals.ATR(14), candlesOf(bars)), bars, { from: 600 }));
  it('natr', () => expectEqual(valuesOf(data, natr), streamOf(new signals.NATR(14), candlesOf(bars)), bars, { from: 600 }));
  it('true-range', () => expectEqual(valuesOf(data, trueRange), streamOf(new signals.TR(), candlesOf(bars)), bars, { from: 1 }));
  it('realised-volatility by rogers-satchell', () =>
    expectEqual(valuesOf(data, realisedVolatility, { estimator: 'rogers-satchell', period: 14 }), streamOf(new signals.RogersSatchellVolatility(14), candlesOf(bars)), bars, { absolute: 1e-12 }));
  it('chaikin-volatility', () => expectEqual(valuesOf(data, chaikinVolatility), streamOf(new signals.CVI(10), candlesOf(bars)), bars, { from: 600, absolute: 1e-8 }));
  it('mass-index', () => expectEqual(valuesOf(data, massIndex), streamOf(new signals.MassIndex(25), candlesOf(bars)), bars, { from: 600, absolute: 1e-9 }));
  it('choppiness', () => expectEqual(valuesOf(data, choppiness), streamOf(new signals.CHOP(14), candlesOf(bars)), bars, { absolute: 1e-9, skip: stuck }));
  it('bollinger', () => {
    const theirs = streamOf(new signals.BollingerBands(20, 2), listsOf(bars).close);
    const ours = outputsOf(data, bollinger);
    (['middle', 'upper', 'lower'] as const).forEach((name, k) => expectEqual(ours[k] as Float64Array, theirs.map((result) => result[name]), bars));
  });
});
