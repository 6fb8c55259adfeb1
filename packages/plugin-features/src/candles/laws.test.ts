import type { BarColumns } from '@keelson/core/domain';
import { sliceBars } from '@keelson/core/series';
import { randomBars } from '@keelson/test-kit/bars';
import { anyPeriod, describeFeatureLaws, meanOf, movingBars, rollingOf, wilderOf } from '@keelson/test-kit/feature-laws';
import { createFeature, runFeature } from '@keelson/test-kit/features';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candlePattern } from './candle-pattern.js';
import { candlePatterns, type CandlePatternName } from './candle-patterns.js';
import { candles } from './index.js';

/** Bars whose prices are whole numbers of the tick 0.01, for formulas that compare sizes. */
const wholeBars = fc.record({ seed: fc.integer(), step: fc.constantFrom(3, 8, 30) }).map(({ seed, step }) => randomBars(seed, 150, { step }));

type Candle = { readonly o: number; readonly h: number; readonly l: number; readonly c: number; readonly body: number; readonly range: number; readonly white: boolean };

function candlesIn({ open, high, low, close, length }: BarColumns): Candle[] {
  const ticks = (column: Float64Array, i: number): number => Math.round(column[i]! * 100);
  return Array.from({ length }, (_, i) => {
    const [o, h, l, c] = [ticks(open, i), ticks(high, i), ticks(low, i), ticks(close, i)];
    return { o, h, l, c, body: Math.abs(c - o), range: h - l, white: c >= o };
  });
}

/** Sizes that the candle at `i` is judged by. */
function sizesAt(list: readonly Candle[], i: number): { readonly mean: number; readonly tiny: number; readonly near: number; readonly equal: number } {
  const before = (bars: number): readonly Candle[] => list.slice(i - bars, i);
  const range = meanOf(before(5).map((candle) => candle.range));
  return { mean: meanOf(before(10).map((candle) => candle.body)), tiny: 0.1 * meanOf(before(10).map((candle) => candle.range)), near: 0.2 * range, equal: 0.05 * range };
}

/** The definitions in words, once more and plainly. */
const PLAIN: Readonly<Partial<Record<CandlePatternName, (list: readonly Candle[], i: number) => number>>> = {
  doji: (list, i) => (list[i]!.body <= sizesAt(list, i).tiny ? 1 : 0),
  hammer: (list, i) => {
    const { o, h, l, c, body } = list[i]!;
    const { mean, tiny } = sizesAt(list, i);
    return body < mean && Math.min(o, c) - l > body && h - Math.max(o, c) < tiny && Math.min(o, c) <= list[i - 1]!.l + sizesAt(list, i - 1).near ? 1 : 0;
  },
  engulfing: (list, i) => {
    const [now, last] = [list[i]!, list[i - 1]!];
    if (now.white === last.white || now.body <= last.body) return 0;
    const covers = now.white ? now.o <= last.c && now.c >= last.o : now.o >= last.c && now.c <= last.o;
    return covers ? (now.white ? 1 : -1) : 0;
  },
  tweezers: (list, i) => {
    const [now, last] = [list[i]!, list[i - 1]!];
    const { mean, equal } = sizesAt(list, i - 1);
    if (now.white === last.white || last.body <= mean) return 0;
    if (now.white) return Math.abs(now.l - last.l) <= equal ? 1 : 0;
    return Math.abs(now.h - last.h) <= equal ? -1 : 0;
  },
  'evening-star': (list, i) => {
    const [now, middle, first] = [list[i]!, list[i - 1]!, list[i - 2]!];
    const sized = first.body > sizesAt(list, i - 2).mean && middle.body <= sizesAt(list, i - 1).mean && now.body > sizesAt(list, i).mean;
    return first.white && !now.white && sized && Math.min(middle.o, middle.c) > first.c && now.c < first.c - 0.3 * first.body ? -1 : 0;
  },
};

const [none, period] = [fc.constant({}), fc.record({ period: anyPeriod })];
const columnOf = (bars: BarColumns, of: (i: number) => number): number[] => Array.from({ length: bars.length }, (_, i) => of(i));
const share = (part: number, range: number): number => (range === 0 ? 0 : part / range);

describeFeatureLaws([
  { name: 'candle-body', definition: candles['candle-body'], params: none, batch: (b) => [columnOf(b, (i) => b.close[i]! - b.open[i]!), columnOf(b, (i) => share(b.close[i]! - b.open[i]!, b.high[i]! - b.low[i]!))] },
  {
    name: 'candle-shadows',
    definition: candles['candle-shadows'],
    params: none,
    batch: (b) => {
      const upper = columnOf(b, (i) => b.high[i]! - Math.max(b.open[i]!, b.close[i]!));
      const lower = columnOf(b, (i) => Math.min(b.open[i]!, b.close[i]!) - b.low[i]!);
      return [upper, lower, ...[upper, lower].map((shadow) => columnOf(b, (i) => share(shadow[i]!, b.high[i]! - b.low[i]!)))];
    },
  },
  {
    name: 'position-in-range',
    definition: candles['position-in-range'],
    params: period,
    batch: (b, p) => {
      const high = rollingOf(Array.from(b.high), Number(p['period']), (window) => Math.max(...window));
      const low = rollingOf(Array.from(b.low), Number(p['period']), (window) => Math.min(...window));
      return [columnOf(b, (i) => (high[i] === low[i] ? 0.5 : (b.close[i]! - low[i]!) / (high[i]! - low[i]!)))];
    },
  },
  {
    name: 'gap',
    definition: candles.gap,
    params: period,
    bars: movingBars,
    batch: (b, p) => {
      const ranges = columnOf(b, (i) => Math.max(b.high[i]! - b.low[i]!, Math.abs(b.high[i]! - b.close[i - 1]!), Math.abs(b.low[i]! - b.close[i - 1]!)));
      const atr = wilderOf(ranges, Number(p['period']));
      const gaps = columnOf(b, (i) => (i < Number(p['period']) + 1 ? NaN : b.open[i]! - b.close[i - 1]!));
      return [gaps, gaps.map((gap, i) => gap / b.close[i - 1]!), gaps.map((gap, i) => gap / atr[i - 1]!)];
    },
  },
  { name: 'inside-bar', definition: candles['inside-bar'], params: none, batch: (b) => [columnOf(b, (i) => (i === 0 ? NaN : insideOf(b, i, i - 1)))] },
  { name: 'outside-bar', definition: candles['outside-bar'], params: none, batch: (b) => [columnOf(b, (i) => (i === 0 ? NaN : insideOf(b, i - 1, i)))] },
  {
    name: 'heikin-ashi',
    definition: candles['heikin-ashi'],
    params: none,
    batch: (b) => {
      const close = columnOf(b, (i) => (b.open[i]! + b.high[i]! + b.low[i]! + b.close[i]!) / 4);
      const open: number[] = [];
      for (let i = 0; i < b.length; i++) open.push(i === 0 ? (b.open[0]! + b.close[0]!) / 2 : (open[i - 1]! + close[i - 1]!) / 2);
      return [close, open, columnOf(b, (i) => Math.max(b.high[i]!, open[i]!, close[i]!)), columnOf(b, (i) => Math.min(b.low[i]!, open[i]!, close[i]!))];
    },
  },
  ...Object.entries(PLAIN).map(([pattern, plain]) => ({
    name: `candle-pattern ${pattern}`,
    definition: candlePattern,
    params: fc.constant({ pattern }),
    bars: wholeBars,
    batch: (b: BarColumns) => {
      const list = candlesIn(b);
      return [columnOf(b, (i) => (i + 1 < 10 + candlePatterns[pattern as CandlePatternName].candles ? NaN : plain(list, i)))];
    },
  })),
]);

function insideOf(b: BarColumns, inner: number, outer: number): number {
  const within = b.high[inner]! <= b.high[outer]! && b.low[inner]! >= b.low[outer]!;
  return within && (b.high[inner] !== b.high[outer] || b.low[inner] !== b.low[outer]) ? 1 : 0;
}

describe('candle patterns', () => {
  const bars = randomBars(9, 20_000);
  const valuesOf = (pattern: string, of = bars): Float64Array => runFeature(createFeature(candlePattern, { pattern }), of)[0] as Float64Array;

  it.each(Object.keys(candlePatterns))('%s depends on no bar beyond its warm-up, however the data begin', (pattern) => {
    const all = valuesOf(pattern);
    const { warmupBars } = createFeature(candlePattern, { pattern });
    for (const start of [1, 777, 15_000]) {
      const rest = valuesOf(pattern, sliceBars(bars, start, bars.length));
      expect(rest.slice(0, warmupBars - 1).every(Number.isNaN)).toBe(true);
      expect(rest.slice(warmupBars - 1)).toEqual(all.slice(start + warmupBars - 1));
    }
  });

  it('turn around with the prices: rising ones become falling ones', () => {
    // 1 − price keeps every distance; a close at the open would change its colour, so there is none
    const list = randomBars(4, 20_000);
    for (let i = 0; i < list.length; i++) if (list.close[i] === list.open[i]) list.close[i] = list.open[i]! + (list.high[i]! > list.open[i]! ? 0.01 : -0.01);
    for (let i = 0; i < list.length; i++) [list.high[i], list.low[i]] = [Math.max(list.high[i]!, list.close[i]!), Math.min(list.low[i]!, list.close[i]!)];
    const turned = { ...list, open: list.open.map((price) => 1_000 - price), close: list.close.map((price) => 1_000 - price), high: list.low.map((price) => 1_000 - price), low: list.high.map((price) => 1_000 - price) };
    const pairs: ReadonlyArray<readonly [string, string]> = [
      ['engulfing', 'engulfing'], ['harami', 'harami'], ['tweezers', 'tweezers'], ['marubozu', 'marubozu'], ['spinning-top', 'spinning-top'], ['belt-hold', 'belt-hold'], ['three-inside', 'three-inside'],
      ['three-outside', 'three-outside'], ['three-line-strike', 'three-line-strike'], ['morning-star', 'evening-star'], ['morning-doji-star', 'evening-doji-star'], ['abandoned-baby', 'abandoned-baby'], ['kicking', 'kicking'],
    ];
    for (const [rising, falling] of pairs) {
      expect(Array.from(valuesOf(falling, turned), (value) => 0 - value), rising).toEqual(Array.from(valuesOf(rising, list), (value) => value + 0));
    }
  });
});
