import { candlesOf, dataSets, endless, executeTaLib, expectEqual, hasTaLib, listsOf, streamOf, valuesOf } from '@keelson/test-kit/feature-oracles';
import * as technicalindicators from 'technicalindicators';
import * as signals from 'trading-signals';
import { describe, expect, it } from 'vitest';
import { ema } from './ema.js';
import { sma } from './sma.js';
import { vwap } from './vwap.js';

/*
 * To 1e-9 relative wherever the definitions agree. Where they do not, and why (also in docs/reference/features.md):
 *
 * technicalindicators 3.1.0
 *   VWAP     never begins anew: compared with one session over all bars
 * trading-signals 8.3.0
 *   EMA      begins with the first price: compared from the bar where the seed is forgotten
 *   VWAP     as technicalindicators
 */

describe.each(dataSets)('technicalindicators, $name', (data) => {
  const { bars } = data;
  const { high, low, close, volume } = listsOf(bars);

  it('sma', () => expectEqual(valuesOf(data, sma, { period: 30 }), technicalindicators.SMA.calculate({ period: 30, values: close }), bars));
  it('ema', () => expectEqual(valuesOf(data, ema, { period: 12 }), technicalindicators.EMA.calculate({ period: 12, values: close }), bars));
  it('vwap', () => expectEqual(valuesOf(data, vwap, {}, endless), technicalindicators.VWAP.calculate({ high, low, close, volume }), bars, { from: 1 }));
});

describe.skipIf(!hasTaLib).each(dataSets)('talib, $name', (data) => {
  const { bars } = data;

  it('sma', () => expectEqual(valuesOf(data, sma, { period: 30 }), executeTaLib('SMA', bars, { optInTimePeriod: 30 })['outReal'] as number[], bars));
  it('ema', () => expectEqual(valuesOf(data, ema, { period: 26 }), executeTaLib('EMA', bars, { optInTimePeriod: 26 })['outReal'] as number[], bars));
});

describe.each(dataSets)('trading-signals, $name', (data) => {
  const { bars } = data;
  const { close } = listsOf(bars);

  it('sma', () => expectEqual(valuesOf(data, sma, { period: 10 }), streamOf(new signals.SMA(10), close), bars));
  it('ema', () => expectEqual(valuesOf(data, ema, { period: 12 }), streamOf(new signals.EMA(12), close), bars, { from: 300 }));
  it('vwap', () => {
    const traded = candlesOf(bars).filter(({ volume }) => volume > 0);
    const ours = valuesOf(data, vwap, {}, endless).filter((_, i) => bars.volume[i] > 0);
    const theirs = streamOf(new signals.VWAP(), traded);
    for (let i = 0; i < traded.length; i++) expect(Math.abs(ours[i] / theirs[i] - 1)).toBeLessThan(1e-9);
    expect(theirs).toHaveLength(traded.length);
  });
});
