import type { BarColumns } from '@keelson/core/domain';
import type { LawParams } from '@keelson/test-kit/feature-laws';
import { anyPeriod, anySource, describeFeatureLaws, meanOf, movingBars, pricesOf, rollingOf, wilderOf } from '@keelson/test-kit/feature-laws';
import fc from 'fast-check';
import { atr } from './atr.js';
import { bollinger } from './bollinger.js';

const [period, source] = [anyPeriod, anySource];
/** The population's; exactly 0 for equal values, which a sum of squares is not. */
const deviationOf = (window: readonly number[]): number => (window.every((value) => value === window[0]) ? 0 : Math.sqrt(meanOf(window.map((value) => (value - meanOf(window)) ** 2))));

function bollingerOf(bars: BarColumns, p: LawParams): number[][] {
  const prices = pricesOf(bars, p['source']);
  const middle = rollingOf(prices, Number(p['period']), meanOf);
  const spread = rollingOf(prices, Number(p['period']), deviationOf).map((deviation) => deviation * Number(p['deviations']));
  const [upper, lower] = [middle.map((value, i) => value + spread[i]), middle.map((value, i) => value - spread[i])];
  const percentB = prices.map((price, i) => (spread[i] === 0 ? 0.5 : (price - lower[i]) / (upper[i] - lower[i])));
  return [middle, upper, lower, middle.map((value, i) => (2 * spread[i]) / value), percentB];
}
const deviations = fc.constantFrom(1, 2, 2.5);

describeFeatureLaws([
  {
    name: 'atr',
    definition: atr,
    params: fc.record({ period }),
    batch: ({ high, low, close, length }, p) => [
      wilderOf(Array.from({ length }, (_, i) => Math.max(high[i] - low[i], Math.abs(high[i] - close[i - 1]), Math.abs(low[i] - close[i - 1]))), Number(p['period'])),
    ],
  },
  { name: 'bollinger', definition: bollinger, params: fc.record({ period, deviations, source: fc.constantFrom('close', 'open', 'high', 'low') }), batch: bollingerOf },
  // where means of several prices are equal on paper, the plain formula sees a width of one rounding
  { name: 'bollinger of any source', definition: bollinger, params: fc.record({ period: fc.integer({ min: 2, max: 40 }), deviations, source }), bars: movingBars, batch: bollingerOf },
]);
