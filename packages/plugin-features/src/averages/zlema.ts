import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { Sample } from '../numeric/sample.js';
import { ExponentialMean } from '../numeric/exponential-mean.js';
import { TickScale } from '../numeric/tick-scale.js';
import type { PriceSource } from '../numeric/price-source.js';
import { PriceReader, partsOf, period, priceSource } from '../numeric/price-source.js';

/**
 * `zlema`: zero-lag exponential moving average, of prices moved on by their change over the average's own lag.
 *
 * Unit: price. Range: may leave the range of the prices so far. Warm-up: `period` + ⌊(`period` − 1) / 2⌋ bars.
 *
 * Formula: the `ema` of 2 × p[t] − p[t − lag], lag = ⌊(period − 1) / 2⌋, seeded with the simple mean of the first
 * `period` of these.
 *
 * Source: J. F. Ehlers and R. Way, "Zero lag (well, almost)", Technical Analysis of Stocks & Commodities 28 (2010).
 */
export const zlema = defineFeature({
  params: z.strictObject({ period: period.describe('Bars; the share is 2 / (period + 1).'), source: priceSource.default('close') }),
  outputs: ['zlema'],
  ahead: true,
  create: ({ params, instrument }) => new Zlema(params.period, params.source, instrument.tickSize),
});

class Zlema implements Feature {
  readonly warmupBars: number;
  private readonly source: PriceReader;
  private readonly mean: ExponentialMean;
  private readonly moved = new Sample();
  private readonly lag: number;
  private readonly ticks: Float64Array;
  private readonly prices: Float64Array;
  private next = 0;
  private missing: number;

  constructor(length: number, source: PriceSource, tickSize: number) {
    const parts = partsOf(source);
    this.lag = Math.floor((length - 1) / 2);
    this.warmupBars = length + this.lag;
    // 2 p − p reaches three times as far as a price
    const scale = TickScale.of(tickSize, 3 * length * parts);
    this.source = PriceReader.of(source, scale);
    this.mean = new ExponentialMean(scale, length, parts);
    this.ticks = new Float64Array(this.lag + 1);
    this.prices = new Float64Array(this.lag + 1);
    this.missing = this.lag;
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { ticks, prices, moved, next } = this;
    this.source.read(bars);
    const { sample } = this.source;
    ticks[next] = sample.ticks;
    prices[next] = sample.price;
    const after = next === this.lag ? 0 : next + 1;
    this.next = after;
    if (this.missing > 0) {
      this.missing--;
      out[0] = NaN;
      return;
    }
    // the place that is written next holds the oldest
    moved.ticks = 2 * sample.ticks - ticks[after];
    moved.price = 2 * sample.price - prices[after];
    this.mean.push(moved);
    out[0] = this.mean.value;
  }

  reset(): void {
    this.mean.clear();
    this.next = 0;
    this.missing = this.lag;
  }
}
