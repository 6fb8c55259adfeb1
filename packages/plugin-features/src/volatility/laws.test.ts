import type { BarColumns } from '@keelson/core/domain';
import type { LawParams } from '@keelson/test-kit/feature-laws';
import { anyPeriod, anySource, describeFeatureLaws, exponentialOf, meanOf, movingBars, pricesOf, rollingOf, wilderOf } from '@keelson/test-kit/feature-laws';
import fc from 'fast-check';
import { atr } from './atr.js';
import { bollinger } from './bollinger.js';
import { chaikinVolatility } from './chaikin-volatility.js';
import { choppiness } from './choppiness.js';
import { massIndex } from './mass-index.js';
import { natr } from './natr.js';
import { realisedVolatility } from './realised-volatility.js';
import { trueRange } from './true-range.js';
import { ulcerIndex } from './ulcer-index.js';
import { volatilityRank } from './volatility-rank.js';
import { volatilityRatio } from './volatility-ratio.js';

const [period, source] = [anyPeriod, anySource];
const sumOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
/** The population's; exactly 0 for equal values, which a sum of squares is not. */
const deviationOf = (window: readonly number[]): number => (window.every((value) => value === window[0]) ? 0 : Math.sqrt(meanOf(window.map((value) => (value - meanOf(window)) ** 2))));
const sampleVarianceOf = (window: readonly number[]): number => sumOf(window.map((value) => (value - meanOf(window)) ** 2)) / (window.length - 1);
const each = (bars: BarColumns, of: (i: number) => number): number[] => Array.from({ length: bars.length }, (_, i) => of(i));
const rangesOf = (bars: BarColumns): number[] => each(bars, (i) => bars.high[i] - bars.low[i]);
const trueRangesOf = ({ high, low, close, length }: BarColumns): number[] =>
  Array.from({ length }, (_, i) => Math.max(high[i] - low[i], Math.abs(high[i] - close[i - 1]), Math.abs(low[i] - close[i - 1])));

function bollingerOf(bars: BarColumns, p: LawParams): number[][] {
  const prices = pricesOf(bars, p['source']);
  const middle = rollingOf(prices, Number(p['period']), meanOf);
  const spread = rollingOf(prices, Number(p['period']), deviationOf).map((deviation) => deviation * Number(p['deviations']));
  const [upper, lower] = [middle.map((value, i) => value + spread[i]), middle.map((value, i) => value - spread[i])];
  const percentB = prices.map((price, i) => (spread[i] === 0 ? 0.5 : (price - lower[i]) / (upper[i] - lower[i])));
  return [middle, upper, lower, middle.map((value, i) => (2 * spread[i]) / value), percentB];
}
const deviations = fc.constantFrom(1, 2, 2.5);

function volatilityOf(bars: BarColumns, estimator: unknown, length: number): number[] {
  const [o, h, l, c] = [bars.open, bars.high, bars.low, bars.close].map((column) => Array.from(column, Math.log)) as [number[], number[], number[], number[]];
  const rootOfMean = (terms: readonly number[]) => rollingOf(terms, length, meanOf).map((mean) => Math.sqrt(Math.max(0, mean)));
  const rogersSatchell = each(bars, (i) => (h[i] - c[i]) * (h[i] - o[i]) + (l[i] - c[i]) * (l[i] - o[i]));
  const fromClose = (of: (i: number) => number) => rollingOf(each(bars, of), length, sampleVarianceOf);
  if (estimator === 'parkinson') return rootOfMean(each(bars, (i) => (h[i] - l[i]) ** 2 / (4 * Math.log(2))));
  if (estimator === 'garman-klass') return rootOfMean(each(bars, (i) => (h[i] - l[i]) ** 2 / 2 - (2 * Math.log(2) - 1) * (c[i] - o[i]) ** 2));
  if (estimator === 'rogers-satchell') return rootOfMean(rogersSatchell);
  if (estimator === 'close') return fromClose((i) => c[i] - c[i - 1]).map(Math.sqrt);
  const k = 0.34 / (1.34 + (length + 1) / (length - 1));
  const [gaps, bodies] = [fromClose((i) => o[i] - c[i - 1]), fromClose((i) => c[i] - o[i])];
  return rollingOf(rogersSatchell, length, meanOf).map((ranges, i) => Math.sqrt(gaps[i] + k * bodies[i] + (1 - k) * ranges));
}
/** Bars of which each has a range and a move of its own. */
const uniqueBars = movingBars.map((bars) => {
  for (let i = 0; i < bars.length; i++) {
    const own = 1 + (i + 1) / 10_007;
    bars.high[i] += 0.03 * own;
    bars.low[i] -= 0.05 * own * own;
    bars.close[i] += 0.02 * own * own * own;
  }
  return bars;
});
const estimator = fc.constantFrom('close', 'parkinson', 'garman-klass', 'rogers-satchell', 'yang-zhang');
const twoOrMore = fc.integer({ min: 2, max: 40 });

describeFeatureLaws([
  { name: 'true-range', definition: trueRange, params: fc.record({}), batch: (bars) => [trueRangesOf(bars)] },
  { name: 'atr', definition: atr, params: fc.record({ period }), batch: (bars, p) => [wilderOf(trueRangesOf(bars), Number(p['period']))] },
  {
    name: 'natr',
    definition: natr,
    params: fc.record({ period }),
    batch: (bars, p) => [wilderOf(trueRangesOf(bars), Number(p['period'])).map((mean, i) => (100 * mean) / bars.close[i])],
  },
  { name: 'bollinger', definition: bollinger, params: fc.record({ period, deviations, source: fc.constantFrom('close', 'open', 'high', 'low') }), batch: bollingerOf },
  // where means of several prices are equal on paper, the plain formula sees a width of one rounding
  { name: 'bollinger of any source', definition: bollinger, params: fc.record({ period: fc.integer({ min: 2, max: 40 }), deviations, source }), bars: movingBars, batch: bollingerOf },
  {
    name: 'realised-volatility',
    definition: realisedVolatility,
    params: fc.record({ estimator, period: twoOrMore }),
    batch: (bars, p) => [volatilityOf(bars, p['estimator'], Number(p['period']))],
  },
  {
    name: 'realised-volatility of a year',
    definition: realisedVolatility,
    params: fc.record({ estimator, period: twoOrMore, periodsPerYear: fc.constantFrom(252, 525_600) }),
    bars: movingBars,
    batch: (bars, p) => [volatilityOf(bars, p['estimator'], Number(p['period'])).map((value) => value * Math.sqrt(Number(p['periodsPerYear'])))],
  },
  {
    name: 'volatility-ratio',
    definition: volatilityRatio,
    params: fc.record({ estimator, short: fc.integer({ min: 2, max: 19 }), long: fc.integer({ min: 20, max: 40 }) }),
    batch(bars, p) {
      const long = volatilityOf(bars, p['estimator'], Number(p['long']));
      return [volatilityOf(bars, p['estimator'], Number(p['short'])).map((short, i) => short / long[i])];
    },
  },
  {
    name: 'volatility-rank',
    definition: volatilityRank,
    // windows that are equal on paper, as where a bar leaves and its like comes, differ by a rounding in the plain formula
    bars: uniqueBars,
    params: fc.record({ estimator, period: fc.integer({ min: 2, max: 19 }), lookback: fc.integer({ min: 20, max: 60 }) }),
    batch(bars, p) {
      const values = volatilityOf(bars, p['estimator'], Number(p['period']));
      const newest = (window: readonly number[]): number => window.at(-1) as number;
      return [
        rollingOf(values, Number(p['lookback']), (window) => {
          const equal = window.filter((value) => value === newest(window)).length - 1;
          return (window.filter((value) => value < newest(window)).length + equal / 2) / (window.length - 1);
        }),
        rollingOf(values, Number(p['lookback']), (window) => (newest(window) - Math.min(...window)) / (Math.max(...window) - Math.min(...window))),
      ];
    },
  },
  {
    name: 'chaikin-volatility',
    definition: chaikinVolatility,
    params: fc.record({ period, change: anyPeriod }),
    bars: movingBars,
    batch(bars, p) {
      const mean = exponentialOf(rangesOf(bars), Number(p['period']));
      return [mean.map((value, i) => 100 * (value / (mean[i - Number(p['change'])] ?? NaN) - 1))];
    },
  },
  {
    name: 'ulcer-index',
    definition: ulcerIndex,
    params: fc.record({ period }),
    batch(bars, p) {
      const closes = Array.from(bars.close);
      const highest = rollingOf(closes, Number(p['period']), (window) => Math.max(...window));
      const squares = closes.map((close, i) => ((100 * (close - highest[i])) / highest[i]) ** 2);
      return [rollingOf(squares, Number(p['period']), meanOf).map(Math.sqrt)];
    },
  },
  {
    name: 'choppiness',
    definition: choppiness,
    params: fc.record({ period: twoOrMore }),
    warmingBars: movingBars,
    batch(bars, p) {
      const before = (i: number): number => bars.close[i - 1] ?? NaN;
      const length = Number(p['period']);
      const highest = rollingOf(each(bars, (i) => Math.max(bars.high[i], before(i))), length, (window) => Math.max(...window));
      const lowest = rollingOf(each(bars, (i) => Math.min(bars.low[i], before(i))), length, (window) => Math.min(...window));
      return [rollingOf(trueRangesOf(bars), length, sumOf).map((way, i) => (100 * Math.log10(way / (highest[i] - lowest[i]))) / Math.log10(length))];
    },
  },
  {
    name: 'mass-index',
    definition: massIndex,
    params: fc.record({ period, smoothing: fc.integer({ min: 1, max: 20 }) }),
    batch(bars, p) {
      const single = exponentialOf(rangesOf(bars), Number(p['smoothing']));
      const double = exponentialOf(single, Number(p['smoothing']));
      return [rollingOf(single.map((value, i) => (double[i] === 0 ? 1 : value / double[i])), Number(p['period']), sumOf)];
    },
  },
]);
