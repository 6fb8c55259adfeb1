import { candlesOf, dataSets, executeTaLib, expectEqual, hasTaLib, listsOf, streamOf, valuesOf } from '@keelson/test-kit/feature-oracles';
import * as technicalindicators from 'technicalindicators';
import * as signals from 'trading-signals';
import { describe, expect, it } from 'vitest';
import { accumulationDistribution } from './accumulation-distribution.js';
import { chaikinMoneyFlow } from './chaikin-money-flow.js';
import { chaikinOscillator } from './chaikin-oscillator.js';
import { easeOfMovement } from './ease-of-movement.js';
import { forceIndex } from './force-index.js';
import { obv } from './obv.js';
import { priceVolumeTrend } from './price-volume-trend.js';
import { negativeVolumeIndex, positiveVolumeIndex } from './volume-index.js';
import { volumeRatio } from './volume-ratio.js';
import { volumeTrend } from './volume-trend.js';

/*
 * To 1e-9 relative wherever the definitions agree; sums that cross zero are compared to 1e-9 of what was summed. Where
 * definitions do not agree, and why (also in docs/reference/features.md):
 *
 * technicalindicators 3.1.0
 *   OBV         counts from 0 on bar 1; ours from the volume of bar 0: compared with that added
 *   ADL         rounds to whole numbers, and takes the whole volume of a bar without a range as accumulated; ours takes
 *               none of it: compared up to the first such bar
 * talib 1.1.6 (TA-Lib)
 *   ADOSC       takes the distance of averages of a long sum, which costs digits: compared to 1e-9 of the sum
 * trading-signals 8.3.0
 *   OBV         counts from 0 on bar 0: compared with the volume of bar 0 added
 *   ADOSC       exponential means from the first value on, as ours: compared to 1e-9 of the sum
 *   FI          an exponential mean from the first value on: compared from the bar where that is forgotten
 *   CMF         0 where the window has no volume; ours has no value there
 */

/** Size of what a running sum adds up, up to each bar: its rounding is a share of that. */
const sizeOf = (terms: ArrayLike<number>): number => Array.from(terms).reduce((sum, term) => sum + Math.abs(term), 0);

describe.each(dataSets)('technicalindicators, $name', (data) => {
  const { bars } = data;
  const { high, low, close, volume } = listsOf(bars);
  const all = sizeOf(volume);

  it('obv', () => expectEqual(valuesOf(data, obv), technicalindicators.OBV.calculate({ close, volume }).map((value) => value + (volume[0] as number)), bars, { from: 1, absolute: 1e-9 * all }));
  it('accumulation-distribution', () => {
    const still = high.findIndex((value, i) => value === low[i]);
    const end = still < 0 ? bars.length : still;
    const theirs = technicalindicators.ADL.calculate({ high, low, close, volume });
    const ours = valuesOf(data, accumulationDistribution);
    expect(end).toBeGreaterThan(0);
    for (let i = 0; i < end; i++) expect(Math.abs(ours[i] - (theirs[i] as number))).toBeLessThan(0.5 + 1e-9 * all);
  });
  it('force-index', () => expectEqual(valuesOf(data, forceIndex), technicalindicators.ForceIndex.calculate({ close, volume, period: 13 }), bars, { absolute: 1e-12 * all }));
});

describe.skipIf(!hasTaLib).each(dataSets)('talib, $name', (data) => {
  const { bars } = data;
  const all = sizeOf(bars.volume);

  it('obv', () => expectEqual(valuesOf(data, obv), executeTaLib('OBV', bars)['outReal'] as number[], bars, { absolute: 1e-13 * all }));
  it('accumulation-distribution', () => expectEqual(valuesOf(data, accumulationDistribution), executeTaLib('AD', bars)['outReal'] as number[], bars, { absolute: 1e-12 * all }));
  it('chaikin-oscillator', () => {
    const theirs = executeTaLib('ADOSC', bars, { optInFastPeriod: 3, optInSlowPeriod: 10 })['outReal'] as number[];
    expectEqual(valuesOf(data, chaikinOscillator), theirs, bars, { absolute: 1e-12 * all });
  });
  it('volume-trend', () => {
    const slope = executeTaLib('LINEARREG_SLOPE', bars, { inReal: listsOf(bars).volume, optInTimePeriod: 20 })['outReal'] as number[];
    const mean = executeTaLib('SMA', bars, { inReal: listsOf(bars).volume, optInTimePeriod: 20 })['outReal'] as number[];
    const theirs = slope.map((value, i) => value / (mean[i] as number));
    expectEqual(valuesOf(data, volumeTrend), theirs, bars, { from: 19, absolute: 1e-9, skip: (bar) => bars.volume.subarray(bar - 19, bar + 1).every((value) => value === 0) });
  });
});

describe.each(dataSets)('trading-signals, $name', (data) => {
  const { bars } = data;
  const candles = candlesOf(bars);
  const all = sizeOf(bars.volume);

  it('obv', () => expectEqual(valuesOf(data, obv), streamOf(new signals.OBV(2), candles).map((value) => value + bars.volume[0]), bars, { from: 1, absolute: 1e-12 * all }));
  it('accumulation-distribution', () => expectEqual(valuesOf(data, accumulationDistribution), streamOf(new signals.AD(), candles), bars, { absolute: 1e-12 * all }));
  it('chaikin-oscillator', () => expectEqual(valuesOf(data, chaikinOscillator), streamOf(new signals.ADOSC(), candles), bars, { absolute: 1e-12 * all }));
  it('chaikin-money-flow', () => {
    const empty = (bar: number): boolean => bars.volume.subarray(Math.max(0, bar - 20), bar + 1).every((value) => value === 0);
    expectEqual(valuesOf(data, chaikinMoneyFlow), streamOf(new signals.CMF(21), candles), bars, { from: 20, absolute: 1e-9, skip: empty });
  });
  it('force-index', () => expectEqual(valuesOf(data, forceIndex), streamOf(new signals.ForceIndex(13), candles), bars, { from: 300, absolute: 1e-12 * all }));
  it('ease-of-movement', () => {
    const theirs = streamOf(new signals.EMV(14), candles);
    expectEqual(valuesOf(data, easeOfMovement), theirs, bars, { absolute: 1e-12 * Math.max(...theirs.map(Math.abs)) });
  });
  it('price-volume-trend', () => expectEqual(valuesOf(data, priceVolumeTrend), streamOf(new signals.PVT(), candles), bars, { absolute: 1e-12 * all }));
  it('negative-volume-index', () => expectEqual(valuesOf(data, negativeVolumeIndex), streamOf(new signals.NVI(), candles), bars));
  it('positive-volume-index', () => expectEqual(valuesOf(data, positiveVolumeIndex), streamOf(new signals.PVI(), candles), bars));
  it('volume-ratio', () => {
    // one by one: theirs has no result where the bars before had no volume
    const theirs = new signals.RVOL(20);
    const ours = valuesOf(data, volumeRatio);
    let compared = 0;
    for (let i = 0; i < Math.min(bars.length, 5_000); i++) {
      const expected = theirs.update(bars.volume[i], false);
      if (expected === null) expect(ours[i]).toBeNaN();
      else expect(Math.abs(ours[i] - expected)).toBeLessThanOrEqual(1e-9 * expected);
      if (expected !== null) compared++;
    }
    expect(compared).toBeGreaterThan(1_000);
  });
});
