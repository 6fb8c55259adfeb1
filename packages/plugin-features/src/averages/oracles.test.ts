import { candlesOf, dataSets, endless, executeTaLib, expectEqual, hasTaLib, listsOf, streamOf, valuesOf } from '@keelson/test-kit/feature-oracles';
import * as technicalindicators from 'technicalindicators';
import * as signals from 'trading-signals';
import { describe, expect, it } from 'vitest';
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

/*
 * To 1e-9 relative wherever the definitions agree. Where they do not, and why (also in docs/reference/features.md):
 *
 * technicalindicators 3.1.0
 *   VWAP     never begins anew: compared with one session over all bars
 * trading-signals 8.3.0
 *   EMA      begins with the first price: compared from the bar where the seed is forgotten
 *   DEMA, TEMA, T3, ZLEMA, RMA   likewise
 *   KAMA     has a value one bar earlier, the price itself; the same from then on
 *   VWAP     as technicalindicators
 */

describe.each(dataSets)('technicalindicators, $name', (data) => {
  const { bars } = data;
  const { high, low, close, volume } = listsOf(bars);

  it('sma', () => expectEqual(valuesOf(data, sma, { period: 30 }), technicalindicators.SMA.calculate({ period: 30, values: close }), bars));
  it('ema', () => expectEqual(valuesOf(data, ema, { period: 12 }), technicalindicators.EMA.calculate({ period: 12, values: close }), bars));
  it('wma', () => expectEqual(valuesOf(data, wma, { period: 20 }), technicalindicators.WMA.calculate({ period: 20, values: close }), bars));
  it('smma', () => expectEqual(valuesOf(data, smma, { period: 14 }), technicalindicators.WEMA.calculate({ period: 14, values: close }), bars));
  it('vwap', () => expectEqual(valuesOf(data, vwap, {}, endless), technicalindicators.VWAP.calculate({ high, low, close, volume }), bars, { from: 1 }));
});

describe.skipIf(!hasTaLib).each(dataSets)('talib, $name', (data) => {
  const { bars } = data;
  const theirs = (name: string, options: Record<string, number>) => executeTaLib(name, bars, options)['outReal'] as number[];

  it('sma', () => expectEqual(valuesOf(data, sma, { period: 30 }), theirs('SMA', { optInTimePeriod: 30 }), bars));
  it('ema', () => expectEqual(valuesOf(data, ema, { period: 26 }), theirs('EMA', { optInTimePeriod: 26 }), bars));
  it('wma', () => expectEqual(valuesOf(data, wma, { period: 30 }), theirs('WMA', { optInTimePeriod: 30 }), bars));
  it('dema', () => expectEqual(valuesOf(data, dema, { period: 20 }), theirs('DEMA', { optInTimePeriod: 20 }), bars));
  it('tema', () => expectEqual(valuesOf(data, tema, { period: 20 }), theirs('TEMA', { optInTimePeriod: 20 }), bars));
  it('t3', () => expectEqual(valuesOf(data, t3, { period: 5 }), theirs('T3', { optInTimePeriod: 5, optInVFactor: 0.7 }), bars));
  it.each([9, 10])('trima of %i', (period) => expectEqual(valuesOf(data, trima, { period }), theirs('TRIMA', { optInTimePeriod: period }), bars));
  it('kama', () => expectEqual(valuesOf(data, kama, { period: 10 }), theirs('KAMA', { optInTimePeriod: 10 }), bars));
});

describe.each(dataSets)('trading-signals, $name', (data) => {
  const { bars } = data;
  const { close } = listsOf(bars);

  it('sma', () => expectEqual(valuesOf(data, sma, { period: 10 }), streamOf(new signals.SMA(10), close), bars));
  it('ema', () => expectEqual(valuesOf(data, ema, { period: 12 }), streamOf(new signals.EMA(12), close), bars, { from: 300 }));
  it('wma', () => expectEqual(valuesOf(data, wma, { period: 10 }), streamOf(new signals.WMA(10), close), bars));
  it('smma, as WSMA', () => expectEqual(valuesOf(data, smma, { period: 14 }), streamOf(new signals.WSMA(14), close), bars));
  it('smma, as RMA', () => expectEqual(valuesOf(data, smma, { period: 14 }), streamOf(new signals.RMA(14), close), bars, { from: 600 }));
  it('dema', () => expectEqual(valuesOf(data, dema, { period: 10 }), streamOf(new signals.DEMA(10), close), bars, { from: 300 }));
  it('tema', () => expectEqual(valuesOf(data, tema, { period: 10 }), streamOf(new signals.TEMA(10), close), bars, { from: 300 }));
  it('t3', () => expectEqual(valuesOf(data, t3, { period: 5 }), streamOf(new signals.T3(5), close), bars, { from: 300 }));
  it.each([9, 16])('hull of %i', (period) => expectEqual(valuesOf(data, hull, { period }), streamOf(new signals.HMA(period), close), bars));
  it('kama', () => expectEqual(valuesOf(data, kama, { period: 10 }), streamOf(new signals.KAMA(10), close), bars, { from: 10 }));
  it.each([9, 10])('trima of %i', (period) => expectEqual(valuesOf(data, trima, { period }), streamOf(new signals.TRIMA(period), close), bars));
  it('zlema', () => expectEqual(valuesOf(data, zlema, { period: 10 }), streamOf(new signals.ZLEMA(10), close), bars, { from: 300 }));
  it('alma', () => expectEqual(valuesOf(data, alma), streamOf(new signals.ALMA(9), close), bars));
  it('vwma', () => expectEqual(valuesOf(data, vwma, { period: 20 }), streamOf(new signals.VWMA(20), candlesOf(bars)), bars));
  it('vwap', () => {
    const traded = candlesOf(bars).filter(({ volume }) => volume > 0);
    const ours = valuesOf(data, vwap, {}, endless).filter((_, i) => bars.volume[i] > 0);
    const theirs = streamOf(new signals.VWAP(), traded);
    for (let i = 0; i < traded.length; i++) expect(Math.abs(ours[i] / theirs[i] - 1)).toBeLessThan(1e-9);
    expect(theirs).toHaveLength(traded.length);
  });
});
