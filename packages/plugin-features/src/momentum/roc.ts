import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import type { PriceSource } from '../numeric/price-source.js';
import { PriceReader, partsOf, period, priceSource } from '../numeric/price-source.js';
import { SampleDelay } from '../numeric/sample-delay.js';
import { TickScale } from '../numeric/tick-scale.js';

/**
 * `roc`: rate of change, how many percent the price stands above the one some bars ago.
 *
 * Unit: percent. Range: ≥ −100 for positive prices. Warm-up: `period` + 1 bars. No value where the price then
 * was 0.
 *
 * Formula: 100 × (p[t] − p[t − period]) / p[t − period].
 *
 * Source: J. J. Murphy, *Technical Analysis of the Financial Markets* (1999), chapter 10.
 */
export const roc = defineFeature({
  params: z.strictObject({
    period: period.default(10).describe('Bars to look back.'),
    source: priceSource.default('close'),
  }),
  outputs: ['roc'],
  ahead: true,
  create: ({ params, instrument }) => new Roc(params.period, params.source, instrument.tickSize),
});

class Roc implements Feature {
  readonly warmupBars: number;
  private readonly source: PriceReader;
  private readonly before: SampleDelay;

  constructor(length: number, source: PriceSource, tickSize: number) {
    this.warmupBars = length + 1;
    this.source = PriceReader.of(source, TickScale.of(tickSize, partsOf(source)));
    this.before = new SampleDelay(length);
  }

  update(bars: BarWindow, out: Float64Array): void {
    this.source.read(bars);
    const { sample } = this.source;
    this.before.push(sample);
    const before = this.before.sample;
    const whole = sample.ticks - before.ticks;
    if (whole === whole) out[0] = before.ticks === 0 ? NaN : (100 * whole) / before.ticks;
    else out[0] = before.price === 0 ? NaN : (100 * (sample.price - before.price)) / before.price;
  }

  reset(): void {
    this.before.clear();
  }
}
