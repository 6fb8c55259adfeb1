import type { BarColumns } from '@keelson/core/domain';
import type { LawParams } from '@keelson/test-kit/feature-laws';
import { anyPeriod, anySource, describeFeatureLaws, exponentialOf, meanOf, pricesOf, rollingOf, wilderOf } from '@keelson/test-kit/feature-laws';
import fc from 'fast-check';
import { alma } from './alma.js';
import { dema } from './dema.js';
import { ema } from './ema.js';
import { hull } from './hull.js';
import { kama } from './kama.js';
import { sma } from './sma.js';
import { smma } from './smma.js';
import { t3 } from './t3.js';
import { tema } from './tema.js';
import { trima } from './trima.js';
import { vwap } from './vwap.js';
import { vwma } from './vwma.js';
import { wma } from './wma.js';
import { zlema } from './zlema.js';

const [period, source] = [anyPeriod, anySource];
const params = fc.record({ period, source });
const [prices, lengthOf] = [(bars: BarColumns, p: LawParams) => pricesOf(bars, p['source']), (p: LawParams) => Number(p['period'])];

/** The mean with weights by place: `weigh` takes the place, 0 for the oldest. */
const weightedOf = (values: readonly number[], length: number, weigh: (place: number) => number): number[] =>
  rollingOf(values, length, (window) => window.reduce((sum, value, i) => sum + weigh(i) * value, 0) / window.reduce((sum, _, i) => sum + weigh(i), 0));
const linearOf = (values: readonly number[], length: number) => weightedOf(values, length, (place) => place + 1);

/** The exponential mean of the values, that of these, and so on. */
function chainOf(values: readonly number[], length: number, count: number): number[][] {
  const means: number[][] = [];
  for (let i = 0; i < count; i++) means.push(exponentialOf(means.at(-1) ?? values, length));
  return means;
}

function kamaOf(values: readonly number[], length: number, fast: number, slow: number): number[] {
  const result = values.map(() => NaN);
  let mean = values[length - 1];
  for (let i = length; i < values.length; i++) {
    const moves = Array.from({ length }, (_, k) => Math.abs(values[i - k] - values[i - k - 1])).reduce((a, b) => a + b, 0);
    const efficiency = moves < 1e-9 ? 1 : Math.abs(values[i] - values[i - length]) / moves;
    mean += (efficiency * (2 / (fast + 1) - 2 / (slow + 1)) + 2 / (slow + 1)) ** 2 * (values[i] - mean);
    result[i] = mean;
  }
  return result;
}

/** Mean and standard deviation by volume of the bars from `start` up to each bar; NaN where `start` is before the first. */
function byVolume(bars: BarColumns, values: readonly number[], start: (i: number) => number): { readonly mean: number[]; readonly deviation: number[] } {
  const all = values.map((_, i) => {
    const from = start(i);
    const volumes = Array.from(bars.volume.slice(Math.max(0, from), i + 1));
    const total = volumes.reduce((a, b) => a + b, 0);
    if (from < 0 || total === 0) return { mean: NaN, deviation: NaN };
    const mean = volumes.reduce((sum, volume, k) => sum + volume * values[from + k], 0) / total;
    const squares = volumes.reduce((sum, volume, k) => sum + volume * (values[from + k] - mean) ** 2, 0);
    return { mean, deviation: Math.sqrt(squares / total) };
  });
  return { mean: all.map(({ mean }) => mean), deviation: all.map(({ deviation }) => deviation) };
}

describeFeatureLaws([
  { name: 'sma', definition: sma, params, batch: (bars, p) => [rollingOf(prices(bars, p), lengthOf(p), meanOf)] },
  { name: 'ema', definition: ema, params, batch: (bars, p) => [exponentialOf(prices(bars, p), lengthOf(p))] },
  { name: 'wma', definition: wma, params, batch: (bars, p) => [linearOf(prices(bars, p), lengthOf(p))] },
  { name: 'smma', definition: smma, params, batch: (bars, p) => [wilderOf(prices(bars, p), lengthOf(p))] },
  {
    name: 'dema',
    definition: dema,
    params,
    batch(bars, p) {
      const [one, two] = chainOf(prices(bars, p), lengthOf(p), 2) as [number[], number[]];
      return [one.map((value, i) => 2 * value - two[i])];
    },
  },
  {
    name: 'tema',
    definition: tema,
    params,
    batch(bars, p) {
      const [one, two, three] = chainOf(prices(bars, p), lengthOf(p), 3) as [number[], number[], number[]];
      return [one.map((value, i) => 3 * value - 3 * two[i] + three[i])];
    },
  },
  {
    name: 't3',
    definition: t3,
    params: fc.record({ period: fc.integer({ min: 1, max: 20 }), source, volumeFactor: fc.constantFrom(0, 0.4, 0.7, 1) }),
    batch(bars, p) {
      const a = Number(p['volumeFactor']);
      const means = chainOf(prices(bars, p), lengthOf(p), 6);
      // Tillson's own form: the generalised double mean, three times over
      const double = (values: readonly number[], again: readonly number[]) => values.map((value, i) => (1 + a) * value - a * again[i]);
      const [e3, e4, e5, e6] = means.slice(2) as [number[], number[], number[], number[]];
      const once = [double(e3, e4), double(e4, e5), double(e5, e6)] as const;
      return [double(double(once[0], once[1]), double(once[1], once[2]))];
    },
  },
  {
    name: 'hull',
    definition: hull,
    params: fc.record({ period: fc.integer({ min: 2, max: 40 }), source }),
    batch(bars, p) {
      const values = prices(bars, p);
      const full = linearOf(values, lengthOf(p));
      return [linearOf(linearOf(values, Math.floor(lengthOf(p) / 2)).map((half, i) => 2 * half - full[i]), Math.floor(Math.sqrt(lengthOf(p))))];
    },
  },
  {
    name: 'kama',
    definition: kama,
    params: fc.record({ period, source, fast: fc.integer({ min: 1, max: 5 }), slow: fc.integer({ min: 6, max: 40 }) }),
    batch: (bars, p) => [kamaOf(prices(bars, p), lengthOf(p), Number(p['fast']), Number(p['slow']))],
  },
  { name: 'trima', definition: trima, params, batch: (bars, p) => [weightedOf(prices(bars, p), lengthOf(p), (place) => Math.min(place + 1, lengthOf(p) - place))] },
  {
    name: 'zlema',
    definition: zlema,
    params,
    batch(bars, p) {
      const lag = Math.floor((lengthOf(p) - 1) / 2);
      return [exponentialOf(prices(bars, p).map((price, i, all) => 2 * price - (all[i - lag] ?? NaN)), lengthOf(p))];
    },
  },
  {
    name: 'alma',
    definition: alma,
    params: fc.record({ period, source, offset: fc.constantFrom(0, 0.5, 0.85, 1), sigma: fc.constantFrom(1, 6, 10) }),
    batch: (bars, p) => [
      weightedOf(prices(bars, p), lengthOf(p), (place) => Math.exp(-((place - Number(p['offset']) * (lengthOf(p) - 1)) ** 2) / (2 * (lengthOf(p) / Number(p['sigma'])) ** 2))),
    ],
  },
  {
    name: 'vwap',
    definition: vwap,
    params: fc.record({ window: fc.constantFrom('bars', 'session'), period, source, deviations: fc.constantFrom(1, 2.5) }),
    batch(bars, p) {
      const { mean, deviation } = byVolume(bars, prices(bars, p), (i) => (p['window'] === 'session' ? 0 : i + 1 - lengthOf(p)));
      const width = Number(p['deviations']);
      return [mean, mean.map((value, i) => value + width * deviation[i]), mean.map((value, i) => value - width * deviation[i])];
    },
  },
  { name: 'vwma', definition: vwma, params, batch: (bars, p) => [byVolume(bars, prices(bars, p), (i) => i + 1 - lengthOf(p)).mean] },
]);
