import { copyBars } from '@keelson/core/series';
import { dataSets, executeTaLib, expectEqual, hasTaLib, listsOf, outputsOf, valuesOf } from '@keelson/test-kit/feature-oracles';
import * as technicalindicators from 'technicalindicators';
import { describe, expect, it } from 'vitest';
import { candlePattern } from './candle-pattern.js';
import { candlePatterns, type CandlePatternName } from './candle-patterns.js';
import { heikinAshi } from './heikin-ashi.js';

/*
 * talib 1.1.6 (TA-Lib) is given prices in ticks: patterns do not depend on the unit, and its running sums then are
 * exact as ours are, so the two agree bar by bar. Off the grid they differ on sizes that are equal on paper.
 *
 * technicalindicators 3.1.0 judges sizes by absolute or relative constants (a doji is |open − close| < 0.001 × price or
 * so) and not by the bars before: nothing to compare. It has no warm-up either.
 */

const TALIB: Readonly<Partial<Record<CandlePatternName, string>>> = {
  doji: 'CDLDOJI', 'dragonfly-doji': 'CDLDRAGONFLYDOJI', 'gravestone-doji': 'CDLGRAVESTONEDOJI', 'long-legged-doji': 'CDLLONGLEGGEDDOJI',
  'spinning-top': 'CDLSPINNINGTOP', 'high-wave': 'CDLHIGHWAVE', marubozu: 'CDLMARUBOZU', 'closing-marubozu': 'CDLCLOSINGMARUBOZU', 'belt-hold': 'CDLBELTHOLD',
  hammer: 'CDLHAMMER', 'hanging-man': 'CDLHANGINGMAN', 'inverted-hammer': 'CDLINVERTEDHAMMER', 'shooting-star': 'CDLSHOOTINGSTAR',
  engulfing: 'CDLENGULFING', harami: 'CDLHARAMI', 'harami-cross': 'CDLHARAMICROSS', piercing: 'CDLPIERCING', 'dark-cloud-cover': 'CDLDARKCLOUDCOVER',
  kicking: 'CDLKICKING', 'doji-star': 'CDLDOJISTAR', 'matching-low': 'CDLMATCHINGLOW', 'homing-pigeon': 'CDLHOMINGPIGEON',
  'morning-star': 'CDLMORNINGSTAR', 'evening-star': 'CDLEVENINGSTAR', 'morning-doji-star': 'CDLMORNINGDOJISTAR', 'evening-doji-star': 'CDLEVENINGDOJISTAR',
  'abandoned-baby': 'CDLABANDONEDBABY', 'three-white-soldiers': 'CDL3WHITESOLDIERS', 'three-black-crows': 'CDL3BLACKCROWS',
  'three-inside': 'CDL3INSIDE', 'three-outside': 'CDL3OUTSIDE', 'three-line-strike': 'CDL3LINESTRIKE',
};
const PENETRATION: Readonly<Partial<Record<CandlePatternName, number>>> = { 'dark-cloud-cover': 0.5, 'morning-star': 0.3, 'evening-star': 0.3, 'morning-doji-star': 0.3, 'evening-doji-star': 0.3, 'abandoned-baby': 0.3 };
/** Whole where the price is on the grid: a few bars of BTC were filled in between ticks. */
const inTicks = (ticks: number): number => (Math.abs(ticks - Math.round(ticks)) < 1e-6 ? Math.round(ticks) : ticks);
const names = Object.keys(candlePatterns) as CandlePatternName[];
const gridded = dataSets.filter(({ name }) => !name.includes('off the grid'));

describe.skipIf(!hasTaLib).each(gridded)('talib, $name', (data) => {
  const ticks = copyBars(data.bars);
  for (const column of [ticks.open, ticks.high, ticks.low, ticks.close]) column.forEach((price, i) => (column[i] = inTicks(price / data.tickSize)));

  it.each(names.filter((name) => TALIB[name] !== undefined))('candle-pattern %s', (pattern) => {
    const penetration = PENETRATION[pattern];
    const theirs = executeTaLib(TALIB[pattern]!, ticks, penetration === undefined ? {} : { optInPenetration: penetration })['outInteger']!;
    const ours = valuesOf(data, candlePattern, { pattern });
    const offset = ticks.length - theirs.length;
    const differing: string[] = [];
    for (let bar = Math.max(offset, ours.findIndex((value) => !Number.isNaN(value))); bar < ticks.length; bar++) {
      const wanted = Math.sign(theirs[bar - offset]!);
      if (ours[bar] !== wanted) differing.push(`bar ${bar}: ${ours[bar]} against ${wanted}`);
    }
    expect(differing.slice(0, 5), `${differing.length} differ`).toEqual([]);
  });
});

describe.skipIf(!hasTaLib)('talib', () => {
  it('has every pattern but the tweezers, and each occurs somewhere in the data', () => {
    expect(names.filter((name) => TALIB[name] === undefined)).toEqual(['tweezers']);
    // gaps between bodies are rare in futures and coins: abandoned babies and kicking are found on few data
    for (const pattern of names) {
      const found = dataSets.some((data) => valuesOf(data, candlePattern, { pattern }).some((value) => value !== 0 && !Number.isNaN(value)));
      expect(found, pattern).toBe(true);
    }
  });
});

describe.each(dataSets)('technicalindicators, $name', (data) => {
  const { bars } = data;

  it('heikin-ashi', () => {
    const theirs = technicalindicators.HeikinAshi.calculate({ ...listsOf(bars), timestamp: Array.from(bars.time) }) as unknown as Readonly<Record<'open' | 'high' | 'low' | 'close', number[]>>;
    const ours = outputsOf(data, heikinAshi);
    (['close', 'open', 'high', 'low'] as const).forEach((name, k) => expectEqual(ours[k] as Float64Array, theirs[name], bars));
  });
});
