import { dataSets, executeTaLib, expectEqual, hasTaLib, listsOf, outputsOf, still, streamOf, valuesOf } from '@keelson/test-kit/feature-oracles';
import * as technicalindicators from 'technicalindicators';
import * as signals from 'trading-signals';
import { describe, expect, it } from 'vitest';
import { autocorrelation } from './autocorrelation.js';
import { deviation } from './deviation.js';
import { highest, lowest } from './highest.js';
import { linearRegression } from './linear-regression.js';
import { median } from './median.js';
import { logReturn, simpleReturn } from './return.js';
import { upRatio } from './up-ratio.js';
import { zScore } from './z-score.js';

/*
 * To 1e-9 relative wherever the definitions agree. Where they do not, and why (also in docs/reference/features.md):
 *
 * talib 1.1.6 (TA-Lib)
 *   STDDEV   takes a variance below 1e-8 for zero, and its running sums of squares lose digits: compared to 1e-4
 *            where the deviation is above a hundred-thousandth of the price
 *   CORREL   sums squares of whole prices, which lose nearly all digits: our window is compared with returns only
 * trading-signals 8.3.0
 *   ER       is the distance over the range from the highest high to the lowest low, not over the way: not compared
 *   getReturns   is in percent
 */

const window = (values: readonly number[], length: number, end: number) => values.slice(end + 1 - length, end + 1);
/** Values of a function of lists at every 37th window of 20. */
function expectWindows(ours: Float64Array, values: readonly number[], of: (list: number[]) => number): void {
  let compared = 0;
  for (let end = 20; end < values.length; end += 37) {
    const list = window(values, 20, end);
    if (list.every((value) => value === list[0])) continue;
    const theirs = of(list);
    expect(Math.abs(ours[end] - theirs)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(theirs)));
    compared++;
  }
  expect(compared).toBeGreaterThan(50);
}

describe.each(dataSets)('technicalindicators, $name', (data) => {
  const { bars } = data;
  const { high, low, close } = listsOf(bars);

  it('highest', () => expectEqual(valuesOf(data, highest, { period: 20 }), technicalindicators.highest({ period: 20, values: high }), bars, { absolute: 0 }));
  it('lowest', () => expectEqual(valuesOf(data, lowest, { period: 20 }), technicalindicators.lowest({ period: 20, values: low }), bars, { absolute: 0 }));
  it('deviation', () => expectEqual(valuesOf(data, deviation, { period: 20 }), technicalindicators.sd({ period: 20, values: close }), bars));
});

describe.skipIf(!hasTaLib).each(dataSets)('talib, $name', (data) => {
  const { bars } = data;
  const { high, low, close } = listsOf(bars);
  const theirs = (name: string, options: Record<string, number | number[]>) => executeTaLib(name, bars, options)['outReal'] as number[];

  it('return', () => expectEqual(valuesOf(data, simpleReturn, { horizon: 10 }), theirs('ROCP', { optInTimePeriod: 10 }), bars, { absolute: 1e-15 }));
  it('highest', () => expectEqual(valuesOf(data, highest, { period: 30 }), theirs('MAX', { optInTimePeriod: 30, inReal: high }), bars, { absolute: 0 }));
  it('lowest', () => expectEqual(valuesOf(data, lowest, { period: 30 }), theirs('MIN', { optInTimePeriod: 30, inReal: low }), bars, { absolute: 0 }));
  it('deviation', () => {
    const ours = valuesOf(data, deviation, { period: 20 });
    expectEqual(ours, theirs('STDDEV', { optInTimePeriod: 20, optInNbDev: 1 }), bars, { from: 19, relative: 1e-4, skip: (bar) => ours[bar] < 1.5e-4 || ours[bar] < 1e-5 * bars.close[bar] });
  });
  it('linear-regression', () => {
    const [value, slope, intercept, forecast] = outputsOf(data, linearRegression, { period: 14 }) as [Float64Array, Float64Array, Float64Array, Float64Array];
    expectEqual(value, theirs('LINEARREG', { optInTimePeriod: 14 }), bars);
    expectEqual(slope, theirs('LINEARREG_SLOPE', { optInTimePeriod: 14 }), bars);
    expectEqual(intercept, theirs('LINEARREG_INTERCEPT', { optInTimePeriod: 14 }), bars);
    expectEqual(forecast, theirs('TSF', { optInTimePeriod: 14 }), bars);
  });
  it('autocorrelation', () => {
    const returns = close.map((price, i) => (i === 0 ? 0 : (price / (close[i - 1] as number) - 1) * 1_000));
    const earlier = returns.map((_, i) => returns[i - 1] ?? 0);
    const ours = valuesOf(data, autocorrelation, { period: 200 });
    expectEqual(ours, theirs('CORREL', { optInTimePeriod: 200, inReal0: returns, inReal1: earlier }), bars, { from: 201, absolute: 1e-7, skip: (bar) => Number.isNaN(ours[bar]) });
  });
});

describe.each(dataSets)('trading-signals, $name', (data) => {
  const { bars } = data;
  const { close } = listsOf(bars);

  it('linear-regression', () => {
    const ours = outputsOf(data, linearRegression, { period: 14 });
    const theirs = streamOf(new signals.LinearRegression(14), close);
    expectEqual(ours[1] as Float64Array, theirs.map(({ slope }) => slope), bars);
    expectEqual(ours[2] as Float64Array, theirs.map(({ intercept }) => intercept), bars);
  });
  it('up-ratio', () => expectEqual(valuesOf(data, upRatio, { period: 12 }).map((value) => 100 * value), streamOf(new signals.PSL({ interval: 12 }), close), bars, { absolute: 0 }));
  it('z-score', () => expectWindows(valuesOf(data, zScore, { period: 20, estimator: 'population' }), close, (list) => signals.getZScore(list)));
  it('median', () => expectWindows(valuesOf(data, median, { period: 20 }), close, (list) => signals.getMedian(list.toSorted((a, b) => a - b))));
  it('return', () => expectEqual(valuesOf(data, simpleReturn), signals.getReturns(close).map((percent) => percent / 100), bars, { absolute: 1e-15 }));
  it('log-return', () => expectEqual(valuesOf(data, logReturn), signals.getLogReturns(close), bars, { absolute: 1e-15 }));
  it('knows still windows', () => expect(valuesOf(data, zScore, { period: 20 }).every((value, bar) => bar < 19 || !still(bars, 19)(bar) || value === 0)).toBe(true));
});
