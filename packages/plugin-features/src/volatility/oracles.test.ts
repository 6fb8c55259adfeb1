import { candlesOf, dataSets, executeTaLib, expectEqual, hasTaLib, listsOf, outputsOf, still, streamOf, valuesOf } from '@keelson/test-kit/feature-oracles';
import * as technicalindicators from 'technicalindicators';
import * as signals from 'trading-signals';
import { describe, it } from 'vitest';
import { atr } from './atr.js';
import { bollinger } from './bollinger.js';

/*
 * To 1e-9 relative wherever the definitions agree. Where they do not, and why (also in docs/reference/features.md):
 *
 * talib 1.1.6 (TA-Lib)
 *   BBANDS   takes a variance below 1e-8 for zero: compared above it; and its running sums of squares lose
 *            digits: the bands are compared, not the deviation
 * trading-signals 8.3.0
 *   ATR      counts high − low of bar 0 as a true range: compared from the bar where the seed is forgotten
 */

describe.each(dataSets)('technicalindicators, $name', (data) => {
  const { bars } = data;
  const { high, low, close } = listsOf(bars);

  it('atr', () => expectEqual(valuesOf(data, atr), technicalindicators.ATR.calculate({ period: 14, high, low, close }), bars));
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

  it('atr', () => expectEqual(valuesOf(data, atr), streamOf(new signals.ATR(14), candlesOf(bars)), bars, { from: 600 }));
  it('bollinger', () => {
    const theirs = streamOf(new signals.BollingerBands(20, 2), listsOf(bars).close);
    const ours = outputsOf(data, bollinger);
    (['middle', 'upper', 'lower'] as const).forEach((name, k) => expectEqual(ours[k] as Float64Array, theirs.map((result) => result[name]), bars));
  });
});
