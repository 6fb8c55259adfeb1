import type { BarColumns } from '@keelson/core/domain';
import { barsInTicks } from '@keelson/test-kit/bars';
import { anyPeriod, anySource, describeFeatureLaws, exponentialOf, gridBars, pricesOf, rollingOf, togetherOf } from '@keelson/test-kit/feature-laws';
import fc from 'fast-check';
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

const period = anyPeriod;
const multiplier = fc.double({ min: 0.5, max: 5, noNaN: true });

const rowsOf = ({ length }: BarColumns): number[] => Array.from({ length }, (_, i) => i);
const sumOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const highest = ({ high }: BarColumns, length: number): number[] => rollingOf(Array.from(high), length, (window) => Math.max(...window));
const lowest = ({ low }: BarColumns, length: number): number[] => rollingOf(Array.from(low), length, (window) => Math.min(...window));
function middles(bars: BarColumns, length: number): number[] {
  const tops = highest(bars, length);
  return lowest(bars, length).map((low, i) => (low + tops[i]) / 2);
}
const trueRanges = (bars: BarColumns): number[] => rowsOf(bars).map((i) => Math.max(bars.high[i] - bars.low[i], Math.abs(bars.high[i] - bars.close[i - 1]), Math.abs(bars.low[i] - bars.close[i - 1])));
const shifted = (values: readonly number[], back: number): number[] => values.map((_, i) => values[i - back] ?? NaN);

function averageRanges({ high, low, close, length }: BarColumns, span: number): number[] {
  const result = new Array<number>(length).fill(NaN);
  // by the true high and low, whose difference rounds as in the feature: a flip can hang on the last bit
  const ranges = Array.from({ length }, (_, i) => Math.max(high[i], close[i - 1]) - Math.min(low[i], close[i - 1]));
  result[span] = sumOf(ranges.slice(1, span + 1)) / span;
  for (let i = span + 1; i < length; i++) result[i] = (result[i - 1] * (span - 1) + ranges[i]) / span;
  return result;
}

/** Sums over length − 1 changes, then Wilder's smoothing of sums. */
function smoothedSums(values: readonly number[], length: number): number[] {
  const result = values.map(() => NaN);
  let sum = sumOf(values.slice(1, length));
  for (let i = length; i < values.length; i++) result[i] = sum = sum * (1 - 1 / length) + values[i];
  return result;
}

function directional(prices: BarColumns, length: number): number[][] {
  const bars = barsInTicks(prices, 0.01);
  const rises = rowsOf(bars).map((i) => bars.high[i] - bars.high[i - 1]);
  const falls = rowsOf(bars).map((i) => bars.low[i - 1] - bars.low[i]);
  const up = smoothedSums(rises.map((rise, i) => (rise > 0 && rise > falls[i] ? rise : 0)), length);
  const down = smoothedSums(falls.map((fall, i) => (fall > 0 && fall > rises[i] ? fall : 0)), length);
  const range = smoothedSums(trueRanges(bars), length);
  const plus = up.map((value, i) => (range[i] === 0 ? 0 : (100 * value) / range[i]));
  const minus = down.map((value, i) => (range[i] === 0 ? 0 : (100 * value) / range[i]));
  const strength = plus.map(() => NaN);
  let mean = 0;
  for (let i = length; i < bars.length; i++) {
    const dx = (100 * Math.abs(plus[i] - minus[i])) / (plus[i] + minus[i]);
    if (i < 2 * length) mean += (Number.isNaN(dx) ? 0 : dx) / length;
    else if (!Number.isNaN(dx)) mean += (dx - mean) / length;
    if (i >= 2 * length - 1) strength[i] = mean;
  }
  return togetherOf(strength, plus, minus);
}

/** Position by position, as the book tells it. */
function stops({ high, low, length }: BarColumns, start: number, step: number, max: number): number[][] {
  const [stop, direction, next] = [0, 1, 2].map(() => new Array<number>(length).fill(NaN)) as [number[], number[], number[]];
  let isLong = !(low[0] - low[1] > 0 && low[0] - low[1] > high[1] - high[0]);
  let position = { sar: isLong ? low[0] : high[0], extreme: isLong ? high[1] : low[1], factor: start };
  for (let i = 1; i < length; i++) {
    const before = Math.max(i - 1, 1);
    const [top, bottom] = [Math.max(high[before], high[i]), Math.min(low[before], low[i])];
    const isHit = isLong ? low[i] <= position.sar : high[i] >= position.sar;
    if (isHit) {
      isLong = !isLong;
      position = { sar: isLong ? Math.min(position.extreme, bottom) : Math.max(position.extreme, top), extreme: isLong ? high[i] : low[i], factor: start };
    }
    stop[i] = position.sar;
    direction[i] = isLong ? 1 : -1;
    if (!isHit && (isLong ? high[i] > position.extreme : low[i] < position.extreme)) {
      position.extreme = isLong ? high[i] : low[i];
      position.factor = Math.min(position.factor + step, max);
    }
    const ahead = position.sar + position.factor * (position.extreme - position.sar);
    position.sar = next[i] = isLong ? Math.min(ahead, bottom) : Math.max(ahead, top);
  }
  return [stop, direction, next];
}

function trendLines(bars: BarColumns, span: number, factor: number): number[][] {
  const ranges = averageRanges(bars, span);
  const [line, direction] = [ranges.map(() => NaN), ranges.map(() => NaN)];
  let [upper, lower] = [Infinity, -Infinity];
  for (let i = span; i < bars.length; i++) {
    const middle = (bars.high[i] + bars.low[i]) / 2;
    const [above, below] = [middle + factor * ranges[i], middle - factor * ranges[i]];
    upper = i > span && bars.close[i - 1] <= upper ? Math.min(upper, above) : above;
    lower = i > span && bars.close[i - 1] >= lower ? Math.max(lower, below) : below;
    const before = direction[i - 1] as number;
    if (i === span) direction[i] = bars.close[i] >= middle ? 1 : -1;
    else if (before > 0) direction[i] = bars.close[i] < lower ? -1 : 1;
    else direction[i] = bars.close[i] > upper ? 1 : -1;
    line[i] = direction[i] > 0 ? lower : upper;
  }
  return [line, direction];
}

describeFeatureLaws([
  { name: 'adx', definition: adx, params: fc.record({ period }), bars: gridBars, batch: (bars, p) => directional(bars, Number(p['period'])) },
  {
    name: 'aroon',
    definition: aroon,
    params: fc.record({ period }),
    batch(bars, p) {
      const length = Number(p['period']);
      const up = rollingOf(Array.from(bars.high), length + 1, (window) => (100 * window.lastIndexOf(Math.max(...window))) / length);
      const down = rollingOf(Array.from(bars.low), length + 1, (window) => (100 * window.lastIndexOf(Math.min(...window))) / length);
      return [up.map((value, i) => value - down[i]), up, down];
    },
  },
  {
    name: 'ichimoku',
    definition: ichimoku,
    params: fc.record({ conversion: period, base: period, span: period, displacement: fc.integer({ min: 1, max: 30 }) }),
    batch(bars, p) {
      const [conversion, base, leadingB] = [middles(bars, Number(p['conversion'])), middles(bars, Number(p['base'])), middles(bars, Number(p['span']))];
      const back = Number(p['displacement']) - 1;
      const leadingA = conversion.map((value, i) => (value + base[i]) / 2);
      const closes = Array.from(bars.close);
      const lagging = shifted(closes, back).map((close, i) => closes[i] - close);
      return togetherOf(conversion, base, shifted(leadingA, back), shifted(leadingB, back), leadingA, leadingB, lagging);
    },
  },
  {
    name: 'parabolic-sar',
    definition: parabolicSar,
    params: fc.record({ start: fc.constantFrom(0.02, 0.1), step: fc.constantFrom(0, 0.01, 0.02, 0.1), max: fc.constantFrom(0.1, 0.2, 0.5) }),
    batch: (bars, p) => stops(bars, Number(p['start']), Number(p['step']), Number(p['max'])),
  },
  { name: 'supertrend', definition: supertrend, params: fc.record({ period, multiplier }), batch: (bars, p) => trendLines(bars, Number(p['period']), Number(p['multiplier'])) },
  {
    name: 'donchian',
    definition: donchian,
    params: fc.record({ period, present: fc.boolean() }),
    batch(bars, p) {
      const back = p['present'] === true ? 0 : 1;
      const upper = shifted(highest(bars, Number(p['period'])), back);
      const lower = shifted(lowest(bars, Number(p['period'])), back);
      const middle = upper.map((high, i) => (high + lower[i]) / 2);
      const width = upper.map((high, i) => (high - lower[i]) / middle[i]);
      return [middle, upper, lower, width, upper.map((high, i) => (high === lower[i] ? 0.5 : (bars.close[i] - lower[i]) / (high - lower[i])))];
    },
  },
  {
    name: 'keltner',
    definition: keltner,
    params: fc.record({ period, rangePeriod: period, multiplier, source: anySource }),
    batch(bars, p) {
      const prices = pricesOf(bars, p['source']);
      const middle = exponentialOf(prices, Number(p['period']));
      const spread = averageRanges(bars, Number(p['rangePeriod'])).map((range) => Number(p['multiplier']) * range);
      const lower = middle.map((value, i) => value - spread[i]);
      return togetherOf(middle, middle.map((value, i) => value + spread[i]), lower, prices.map((price, i) => (spread[i] === 0 ? 0.5 : (price - lower[i]) / (2 * spread[i]))));
    },
  },
  {
    name: 'vortex',
    definition: vortex,
    params: fc.record({ period }),
    batch(prices, p) {
      const bars = barsInTicks(prices, 0.01);
      const sums = (values: number[]): number[] => rollingOf(values, Number(p['period']), sumOf);
      const range = sums(trueRanges(bars));
      const share = (values: number[]): number[] => sums(values).map((sum, i) => (range[i] === 0 ? 1 : sum / range[i]));
      const plus = share(rowsOf(bars).map((i) => Math.abs(bars.high[i] - bars.low[i - 1])));
      const minus = share(rowsOf(bars).map((i) => Math.abs(bars.low[i] - bars.high[i - 1])));
      return [plus.map((value, i) => value - minus[i]), plus, minus];
    },
  },
  {
    name: 'chandelier',
    definition: chandelier,
    params: fc.record({ period, multiplier }),
    batch(bars, p) {
      const distance = averageRanges(bars, Number(p['period'])).map((range) => Number(p['multiplier']) * range);
      return [highest(bars, Number(p['period'])).map((high, i) => high - distance[i]), lowest(bars, Number(p['period'])).map((low, i) => low + distance[i])];
    },
  },
  {
    name: 'trend-strength',
    definition: trendStrength,
    params: fc.record({ period: fc.integer({ min: 2, max: 40 }), rangePeriod: period, source: anySource }),
    batch(bars, p) {
      const length = Number(p['period']);
      const ranges = averageRanges(bars, Number(p['rangePeriod']));
      const slopes = rollingOf(pricesOf(bars, p['source']), length, (window) => {
        const [meanPrice, meanPlace] = [sumOf(window) / length, (length - 1) / 2];
        return sumOf(window.map((price, k) => (price - meanPrice) * (k - meanPlace))) / sumOf(window.map((_, k) => (k - meanPlace) ** 2));
      });
      return [slopes.map((slope, i) => (ranges[i] === 0 ? (Number.isNaN(slope) ? NaN : 0) : slope / ranges[i]))];
    },
  },
]);
