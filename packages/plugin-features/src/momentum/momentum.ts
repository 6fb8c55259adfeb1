import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import type { PriceSource } from '../numeric/price-source.js';
import { PriceReader, partsOf, period, priceSource } from '../numeric/price-source.js';
import { SampleDelay } from '../numeric/sample-delay.js';
import { TickScale } from '../numeric/tick-scale.js';

/**
 * `momentum`: how far the price stands above the one some bars ago.
 *
 * Unit: price. Range: unbounded, around 0. Warm-up: `period` + 1 bars.
 *
 * Formula: p[t] − p[t − period]. The distance between prices on the tick grid is a whole number of ticks, so
 * distances that are equal on paper are equal.
 *
 * Source: J. J. Murphy, *Technical Analysis of the Financial Markets* (1999), chapter 10.
 */
export const momentumFeature = defineFeature({
  params: z.strictObject({
    period: period.default(10).describe('Bars to look back.'),
    source: priceSource.default('close'),
  }),
  outputs: ['momentum'],
  ahead: true,
  create: ({ params, instrument }) => new Momentum(params.period, params.source, instrument.tickSize),
});

class Momentum implements Feature {
  readonly warmupBars: number;
  private readonly parts: number;
  private readonly scale: TickScale;
  private readonly source: PriceReader;
  private readonly before: SampleDelay;

  constructor(length: number, source: PriceSource, tickSize: number) {
    this.warmupBars = length + 1;
    this.parts = partsOf(source);
    this.scale = TickScale.of(tickSize, this.parts);
    this.source = PriceReader.of(source, this.scale);
    this.before = new SampleDelay(length);
  }

  update(bars: BarWindow, out: Float64Array): void {
    this.source.read(bars);
    const { sample } = this.source;
    this.before.push(sample);
    const before = this.before.sample;
    const whole = sample.ticks - before.ticks;
    out[0] = whole === whole ? this.scale.price(whole, this.parts) : (sample.price - before.price) / this.parts;
  }

  reset(): void {
    this.before.clear();
  }
}
