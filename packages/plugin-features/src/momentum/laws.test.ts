import type { BarColumns } from '@keelson/core/domain';
import { barsInTicks } from '@keelson/test-kit/bars';
import { anyPeriod, anySource, changesOf, describeFeatureLaws, exponentialOf, gridBars, meanOf, pricesOf, rollingOf, togetherOf, wilderOf } from '@keelson/test-kit/feature-laws';
import fc from 'fast-check';
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

const [period, source] = [anyPeriod, anySource];
const few = fc.integer({ min: 1, max: 9 });
const crossing = { fast: fc.integer({ min: 1, max: 12 }), slow: fc.integer({ min: 13, max: 30 }) };

/** Not the means of several prices: where those are equal on paper, the plain formula sees moves of one rounding. */
const single = fc.constantFrom('close', 'open', 'high', 'low');

const hundredths = (bars: BarColumns): BarColumns => barsInTicks(bars, 0.01);
/** As `pricesOf`, but the sum of the source's parts. */
function sumsOf(bars: BarColumns, name: unknown): number[] {
  const parts: Record<string, number> = { hl2: 2, hlc3: 3, ohlc4: 4 };
  return pricesOf(bars, name).map((price) => {
    const sum = price * (parts[String(name)] ?? 1);
    return Math.abs(Math.round(sum) - sum) < 1e-9 ? Math.round(sum) : sum;
  });
}
const sumOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const highest = (values: readonly number[]): number => Math.max(...values);
const lowest = (values: readonly number[]): number => Math.min(...values);
/** The index by exact ticks, which the plain one over prices misses by a rounding. */
function rsiOf(sums: readonly number[], length: number): number[] {
  const changes = changesOf(sums);
  const up = wilderOf(changes.map((change) => Math.max(change, 0)), length);
  const down = wilderOf(changes.map((change) => Math.max(-change, 0)), length);
  return up.map((rise, i) => (rise + down[i] === 0 ? 50 : (100 * rise) / (rise + down[i])));
}
function placesOf(values: readonly number[], highs: readonly number[], lows: readonly number[], length: number): number[] {
  const [tops, bottoms] = [rollingOf(highs, length, highest), rollingOf(lows, length, lowest)];
  return values.map((value, i) => (tops[i] - bottoms[i] < 1e-9 ? 50 : (100 * (value - bottoms[i])) / (tops[i] - bottoms[i])));
}
function linesOf(raw: readonly number[], slowing: unknown, signal: unknown): number[][] {
  const k = rollingOf(raw, Number(slowing), meanOf);
  return togetherOf(k, rollingOf(k, Number(signal), meanOf));
}

describeFeatureLaws([
  {
    name: 'rsi',
    definition: rsi,
    params: fc.record({ period, source: single }),
    batch(bars, p) {
      const changes = changesOf(pricesOf(bars, p['source']));
      const up = wilderOf(changes.map((change) => Math.max(change, 0)), Number(p['period']));
      const down = wilderOf(changes.map((change) => Math.max(-change, 0)), Number(p['period']));
      return [up.map((rise, i) => (rise + down[i] === 0 ? 50 : 100 - 100 / (1 + rise / down[i])))];
    },
  },
  {
    name: 'macd',
    definition: macd,
    params: fc.record({ ...crossing, signal: few, source }),
    batch(bars, p) {
      const prices = pricesOf(bars, p['source']);
      const slow = exponentialOf(prices, Number(p['slow']));
      const line = exponentialOf(prices, Number(p['fast'])).map((fast, i) => fast - slow[i]);
      const signal = exponentialOf(line, Number(p['signal']));
      return togetherOf(line, signal, signal.map((value, i) => line[i] - value));
    },
  },
  {
    name: 'stochastic',
    definition: stochastic,
    params: fc.record({ period, slowing: few, signal: few }),
    batch(bars, p) {
      const { high, low, close } = hundredths(bars);
      return linesOf(placesOf(Array.from(close), Array.from(high), Array.from(low), Number(p['period'])), p['slowing'], p['signal']);
    },
  },
  {
    name: 'stoch-rsi',
    definition: stochRsi,
    params: fc.record({ period, range: fc.integer({ min: 2, max: 20 }), slowing: few, signal: few, source: single }),
    // the range of the index can be small, and the division makes its roundings large
    tolerance: 1e-6,
    batch(bars, p) {
      const values = rsiOf(sumsOf(hundredths(bars), p['source']), Number(p['period']));
      return linesOf(placesOf(values, values, values, Number(p['range'])), p['slowing'], p['signal']);
    },
  },
  {
    name: 'roc',
    definition: roc,
    params: fc.record({ period, source }),
    batch: (bars, p) => [pricesOf(bars, p['source']).map((price, i, all) => 100 * (price / (all[i - Number(p['period'])] ?? NaN) - 1))],
  },
  {
    name: 'momentum',
    definition: momentumFeature,
    params: fc.record({ period, source }),
    batch: (bars, p) => [pricesOf(bars, p['source']).map((price, i, all) => price - (all[i - Number(p['period'])] ?? NaN))],
  },
  {
    name: 'cci',
    definition: cci,
    params: fc.record({ period }),
    bars: gridBars,
    // next to the average the value is a small difference of large prices
    tolerance: 1e-7,
    batch: (bars, p) => [
      rollingOf(sumsOf(hundredths(bars), 'hlc3'), Number(p['period']), (window) => {
        const mean = meanOf(window);
        const deviation = meanOf(window.map((value) => Math.abs(value - mean)));
        return window.every((value) => value === window[0]) ? 0 : ((window.at(-1) as number) - mean) / (0.015 * deviation);
      }),
    ],
  },
  {
    name: 'williams-r',
    definition: williamsR,
    params: fc.record({ period }),
    batch(bars, p) {
      const { high, low, close } = hundredths(bars);
      return [placesOf(Array.from(close), Array.from(high), Array.from(low), Number(p['period'])).map((place) => place - 100)];
    },
  },
  {
    name: 'mfi',
    definition: mfi,
    params: fc.record({ period }),
    bars: gridBars,
    batch(bars, p) {
      const typical = sumsOf(hundredths(bars), 'hlc3');
      const flows = changesOf(typical).map((change, i) => Math.sign(change) * typical[i] * bars.volume[i]);
      return [
        rollingOf(flows, Number(p['period']), (window) => {
          const up = sumOf(window.filter((flow) => flow > 0));
          const all = sumOf(window.map(Math.abs));
          return all === 0 ? 50 : (100 * up) / all;
        }),
      ];
    },
  },
  {
    name: 'ppo',
    definition: ppo,
    params: fc.record({ ...crossing, signal: few, source }),
    batch(bars, p) {
      const prices = pricesOf(bars, p['source']);
      const slow = exponentialOf(prices, Number(p['slow']));
      const line = exponentialOf(prices, Number(p['fast'])).map((fast, i) => 100 * (fast / slow[i] - 1));
      const signal = exponentialOf(line, Number(p['signal']));
      return togetherOf(line, signal, signal.map((value, i) => line[i] - value));
    },
  },
  {
    name: 'cmo',
    definition: cmo,
    params: fc.record({ period, source: single }),
    batch: (bars, p) => [
      rollingOf(changesOf(sumsOf(hundredths(bars), p['source'])), Number(p['period']), (window) => {
        const all = sumOf(window.map(Math.abs));
        return all === 0 ? 0 : (100 * sumOf(window)) / all;
      }),
    ],
  },
  {
    name: 'trix',
    definition: trix,
    params: fc.record({ period: fc.integer({ min: 1, max: 25 }), signal: few, source }),
    batch(bars, p) {
      let values = pricesOf(bars, p['source']);
      for (let i = 0; i < 3; i++) values = exponentialOf(values, Number(p['period']));
      const line = values.map((value, i) => 100 * (value / (values[i - 1] ?? NaN) - 1));
      return togetherOf(line, exponentialOf(line, Number(p['signal'])));
    },
  },
  {
    name: 'tsi',
    definition: tsi,
    params: fc.record({ long: period, short: fc.integer({ min: 1, max: 20 }), signal: few, source }),
    batch(bars, p) {
      const changes = changesOf(sumsOf(hundredths(bars), p['source']));
      const smooth = (values: readonly number[]): number[] => exponentialOf(exponentialOf(values, Number(p['long'])), Number(p['short']));
      const sizes = smooth(changes.map(Math.abs));
      const line = smooth(changes).map((value, i) => (sizes[i] === 0 ? 0 : (100 * value) / sizes[i]));
      return togetherOf(line, exponentialOf(line, Number(p['signal'])));
    },
  },
  {
    name: 'ultimate-oscillator',
    definition: ultimateOscillator,
    params: fc.record({ fast: fc.integer({ min: 1, max: 7 }), medium: fc.integer({ min: 8, max: 20 }), slow: fc.integer({ min: 21, max: 40 }) }),
    batch(bars, p) {
      const { high, low, close, length } = hundredths(bars);
      const rows = Array.from({ length }, (_, i) => i);
      const bottoms = rows.map((i) => (i === 0 ? NaN : Math.min(low[i], close[i - 1])));
      const tops = rows.map((i) => (i === 0 ? NaN : Math.max(high[i], close[i - 1])));
      const share = (name: string): number[] => {
        const pressure = rollingOf(rows.map((i) => close[i] - bottoms[i]), Number(p[name]), sumOf);
        const range = rollingOf(rows.map((i) => tops[i] - bottoms[i]), Number(p[name]), sumOf);
        return rows.map((i) => (range[i] === 0 ? 0.5 : pressure[i] / range[i]));
      };
      const [fast, medium, slow] = [share('fast'), share('medium'), share('slow')];
      return [rows.map((i) => (100 * (4 * fast[i] + 2 * medium[i] + slow[i])) / 7)];
    },
  },
  {
    name: 'awesome-oscillator',
    definition: awesomeOscillator,
    params: fc.record(crossing),
    batch(bars, p) {
      const prices = pricesOf(bars, 'hl2');
      const slow = rollingOf(prices, Number(p['slow']), meanOf);
      return [rollingOf(prices, Number(p['fast']), meanOf).map((fast, i) => fast - slow[i])];
    },
  },
  {
    name: 'dpo',
    definition: dpo,
    params: fc.record({ period, source }),
    batch(bars, p) {
      const prices = pricesOf(bars, p['source']);
      return [rollingOf(prices, Number(p['period']), meanOf).map((mean, i) => (prices[i - Math.floor(Number(p['period']) / 2) - 1] ?? NaN) - mean)];
    },
  },
]);
