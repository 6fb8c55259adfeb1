import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import type { PriceSource } from '../numeric/price-source.js';
import { PriceReader, partsOf, period, priceSource } from '../numeric/price-source.js';
import { RollingMean } from '../numeric/rolling-mean.js';
import { SampleDelay } from '../numeric/sample-delay.js';
import { TickScale } from '../numeric/tick-scale.js';

/**
 * `dpo`: detrended price oscillator, how far the price of half a cycle ago stood above the average centred on it.
 *
 * Unit: price. Range: unbounded, around 0. Warm-up: `period` bars, or 2 for a period of 1.
 *
 * Formula: p[t − n] − sma(period)[t], with n = ⌊period / 2⌋ + 1. The value belongs to the price n bars ago, as in
 * the source; it is known only now, and nothing after the newest bar enters it.
 *
 * Source: S. B. Achelis, *Technical Analysis from A to Z* (2000), part 2, "Detrended Price Oscillator".
 */
export const dpo = defineFeature({
  params: z.strictObject({
    period: period.default(20).describe('Bars of the average, about the length of the cycle.'),
    source: priceSource.default('close'),
  }),
  outputs: ['dpo'],
  ahead: true,
  create: ({ params, instrument }) => new Dpo(params.period, params.source, instrument.tickSize),
});

class Dpo implements Feature {
  readonly warmupBars: number;
  private readonly parts: number;
  private readonly scale: TickScale;
  private readonly source: PriceReader;
  private readonly before: SampleDelay;
  private readonly mean: RollingMean;

  constructor(length: number, source: PriceSource, tickSize: number) {
    const back = Math.floor(length / 2) + 1;
    this.warmupBars = Math.max(length, back + 1);
    this.parts = partsOf(source);
    this.scale = TickScale.of(tickSize, length * this.parts);
    this.source = PriceReader.of(source, this.scale);
    this.before = new SampleDelay(back);
    this.mean = new RollingMean(this.scale, length, this.parts);
  }

  update(bars: BarWindow, out: Float64Array): void {
    this.source.read(bars);
    this.before.push(this.source.sample);
    this.mean.push(this.source.sample);
    const { ticks, price } = this.before.sample;
    out[0] = (ticks === ticks ? this.scale.price(ticks, this.parts) : price / this.parts) - this.mean.value;
  }

  reset(): void {
    this.before.clear();
    this.mean.clear();
  }
}
