import type { BarColumns } from '@keelson/core/domain';
import type { LawParams } from '@keelson/test-kit/feature-laws';
import { anyPeriod, anySource, describeFeatureLaws, meanOf, movingBars, pricesOf, rollingOf } from '@keelson/test-kit/feature-laws';
import fc from 'fast-check';
import { autocorrelation } from './autocorrelation.js';
import { deviation } from './deviation.js';
import { efficiencyRatio } from './efficiency-ratio.js';
import { highest, lowest } from './highest.js';
import { kurtosis } from './kurtosis.js';
import { linearRegression } from './linear-regression.js';
import { mean } from './mean.js';
import { median } from './median.js';
import { percentileRank } from './percentile-rank.js';
import { logReturn, simpleReturn } from './return.js';
import { skew } from './skew.js';
import { upRatio } from './up-ratio.js';
import { zScore } from './z-score.js';

const [period, source] = [anyPeriod, anySource];
// not the means of several prices, and not returns, where ties matter: those that are equal on paper differ by a rounding in the plain formula
const single = fc.constantFrom('close', 'open', 'high', 'low');
const of = fc.constantFrom('price', 'return', 'log-return');
const estimator = fc.constantFrom('population', 'sample');
const from = (min: number) => fc.integer({ min, max: 40 });

/** In ticks of 0.01 where both prices are on that grid: in decimals, moves that differ by little drown in rounding. */
function changeOf(price: number, earlier: number, log: boolean): number {
  const [now, before] = [price, earlier].map((each) => Math.round(each * 100)) as [number, number];
  const onGrid = Math.abs(price * 100 - now) < 1e-9 && Math.abs(earlier * 100 - before) < 1e-9;
  const change = onGrid ? (now - before) / before : (price - earlier) / earlier;
  return log ? Math.log1p(change) : change;
}
const changesOf = (prices: readonly number[], horizon: number, log: boolean): number[] => prices.map((price, i) => changeOf(price, prices[i - horizon] ?? NaN, log));
function seriesOf(bars: BarColumns, p: LawParams): number[] {
  const prices = pricesOf(bars, p['source']);
  return p['of'] === undefined || p['of'] === 'price' ? prices : changesOf(prices, 1, p['of'] === 'log-return');
}
const rolling = (bars: BarColumns, p: LawParams, of: (window: readonly number[]) => number): number[] => rollingOf(seriesOf(bars, p), Number(p['period']), of);
/** Equal but for the rounding of returns and of means of prices. */
const isStill = (window: readonly number[]): boolean => Math.max(...window) - Math.min(...window) < 1e-13 * Math.max(1, ...window.map(Math.abs));
const momentOf = (window: readonly number[], power: number): number => meanOf(window.map((value) => (value - meanOf(window)) ** power));
const deviationOf = (window: readonly number[], kind: unknown): number => (isStill(window) ? 0 : Math.sqrt((momentOf(window, 2) * window.length) / (window.length - (kind === 'sample' ? 1 : 0))));

function correlationOf(left: readonly number[], right: readonly number[]): number {
  if (isStill(left) || isStill(right)) return NaN;
  const [a, b] = [meanOf(left), meanOf(right)];
  return meanOf(left.map((value, i) => (value - a) * ((right[i] as number) - b))) / Math.sqrt(momentOf(left, 2) * momentOf(right, 2));
}

function regressionOf(bars: BarColumns, p: LawParams): number[][] {
  const n = Number(p['period']);
  const center = (n - 1) / 2;
  const along = (window: readonly number[], weigh: (x: number) => number) => window.reduce((sum, value, x) => sum + weigh(x) * value, 0);
  const slopes = rolling(bars, p, (window) => along(window, (x) => x - center) / along(window.map((_, x) => (x - center) ** 2), () => 1));
  const middles = rolling(bars, p, meanOf);
  const explained = rolling(bars, p, (window) => {
    const slope = along(window, (x) => x - center) / along(window.map((_, x) => (x - center) ** 2), () => 1);
    return isStill(window) ? NaN : meanOf(window.map((_, x) => (slope * (x - center)) ** 2)) / momentOf(window, 2);
  });
  return [middles.map((middle, i) => middle + slopes[i] * center), slopes, middles.map((middle, i) => middle - slopes[i] * center), middles.map((middle, i) => middle + slopes[i] * (center + 1)), explained];
}

function ageOf(window: readonly number[], extreme: number): number {
  return window.length - 1 - window.lastIndexOf(extreme);
}

describeFeatureLaws([
  { name: 'return', definition: simpleReturn, params: fc.record({ horizon: period, source }), batch: (bars, p) => [changesOf(pricesOf(bars, p['source']), Number(p['horizon']), false)] },
  { name: 'log-return', definition: logReturn, params: fc.record({ horizon: period, source }), batch: (bars, p) => [changesOf(pricesOf(bars, p['source']), Number(p['horizon']), true)] },
  { name: 'mean', definition: mean, params: fc.record({ period, of, source }), batch: (bars, p) => [rolling(bars, p, meanOf)] },
  {
    name: 'median',
    definition: median,
    params: fc.record({ period, of, source }),
    batch: (bars, p) => [rolling(bars, p, (window) => [...window].toSorted((a, b) => a - b).slice((window.length - 1) >> 1, (window.length >> 1) + 1).reduce((a, b, _, middle) => a + b / middle.length, 0))],
  },
  { name: 'deviation', definition: deviation, params: fc.record({ period: from(2), of, estimator, source }), batch: (bars, p) => [rolling(bars, p, (window) => deviationOf(window, p['estimator']))] },
  {
    name: 'skew',
    definition: skew,
    params: fc.record({ period: from(3), of, estimator, source: single }),
    warmingBars: movingBars,
    // the third power of a rounding in the plain formula
    tolerance: 1e-7,
    batch: (bars, p) => [
      rolling(bars, p, (window) => {
        const n = window.length;
        return isStill(window) ? NaN : (momentOf(window, 3) / momentOf(window, 2) ** 1.5) * (p['estimator'] === 'sample' ? Math.sqrt(n * (n - 1)) / (n - 2) : 1);
      }),
    ],
  },
  {
    name: 'kurtosis',
    definition: kurtosis,
    params: fc.record({ period: from(4), of, estimator, source: single }),
    warmingBars: movingBars,
    tolerance: 1e-7,
    batch: (bars, p) => [
      rolling(bars, p, (window) => {
        const n = window.length;
        const excess = isStill(window) ? NaN : momentOf(window, 4) / momentOf(window, 2) ** 2 - 3;
        return p['estimator'] === 'sample' ? (((n + 1) * excess + 6) * (n - 1)) / ((n - 2) * (n - 3)) : excess;
      }),
    ],
  },
  {
    name: 'z-score',
    definition: zScore,
    params: fc.record({ period: from(2), of, estimator, source: single }),
    batch: (bars, p) => [
      rolling(bars, p, (window) => {
        const spread = deviationOf(window, p['estimator']);
        return spread === 0 ? 0 : ((window.at(-1) as number) - meanOf(window)) / spread;
      }),
    ],
  },
  {
    name: 'percentile-rank',
    definition: percentileRank,
    params: fc.record({ period: from(2), source: single }),
    batch: (bars, p) => [
      rolling(bars, p, (window) => {
        const newest = window.at(-1) as number;
        return (window.filter((value) => value < newest).length + (window.filter((value) => value === newest).length - 1) / 2) / (window.length - 1);
      }),
    ],
  },
  {
    name: 'autocorrelation',
    definition: autocorrelation,
    params: fc.record({ period: from(3), lag: fc.integer({ min: 1, max: 20 }), of, source: single }),
    warmingBars: movingBars,
    tolerance: 1e-7,
    batch(bars, p) {
      const [values, n, lag] = [seriesOf(bars, p), Number(p['period']), Number(p['lag'])];
      return [
        values.map((_, i) => {
          const [left, right] = [values.slice(Math.max(0, i + 1 - n), i + 1), values.slice(Math.max(0, i + 1 - n - lag), Math.max(0, i + 1 - lag))];
          return i + 1 < n + lag || [...left, ...right].some(Number.isNaN) ? NaN : correlationOf(left, right);
        }),
      ];
    },
  },
  {
    name: 'highest',
    definition: highest,
    params: fc.record({ period, source: single }),
    batch: (bars, p) => [rolling(bars, p, (window) => Math.max(...window)), rolling(bars, p, (window) => ageOf(window, Math.max(...window)))],
  },
  {
    name: 'lowest',
    definition: lowest,
    params: fc.record({ period, source: single }),
    batch: (bars, p) => [rolling(bars, p, (window) => Math.min(...window)), rolling(bars, p, (window) => ageOf(window, Math.min(...window)))],
  },
  { name: 'linear-regression', definition: linearRegression, params: fc.record({ period: from(2), source: single }), warmingBars: movingBars, batch: regressionOf },
  { name: 'linear-regression of any source', definition: linearRegression, params: fc.record({ period: from(2), source }), bars: movingBars, batch: regressionOf },
  {
    name: 'efficiency-ratio',
    definition: efficiencyRatio,
    params: fc.record({ period, source: single }),
    batch: (bars, p) => [
      rollingOf(pricesOf(bars, p['source']), Number(p['period']) + 1, (window) => {
        const way = window.reduce((sum, value, i) => sum + Math.abs(value - (window[i - 1] ?? value)), 0);
        return way === 0 ? 0 : Math.abs((window.at(-1) as number) - (window[0] as number)) / way;
      }),
    ],
  },
  {
    name: 'up-ratio',
    definition: upRatio,
    params: fc.record({ period, source: single }),
    batch: (bars, p) => [rollingOf(pricesOf(bars, p['source']), Number(p['period']) + 1, (window) => window.filter((value, i) => value > (window[i - 1] ?? Infinity)).length / Number(p['period']))],
  },
]);
