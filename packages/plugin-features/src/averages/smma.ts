import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { ExponentialMean } from '../numeric/exponential-mean.js';
import { TickScale } from '../numeric/tick-scale.js';
import type { PriceSource } from '../numeric/price-source.js';
import { PriceReader, partsOf, period, priceSource } from '../numeric/price-source.js';

/**
 * `smma`: smoothed moving average, also Wilder's or `rma`: an exponential average whose share is 1 / `period`.
 *
 * Unit: price. Range: between the lowest and the highest price so far. Warm-up: `period` bars.
 *
 * Formula: s[t] = s[t − 1] + (p[t] − s[t − 1]) / period; s[period − 1] is the simple mean of the first `period` prices.
 *
 * Source: J. W. Wilder, *New Concepts in Technical Trading Systems* (1978), section III.
 */
export const smma = defineFeature({
  params: z.strictObject({ period: period.describe('Bars; the share is 1 / period.'), source: priceSource.default('close') }),
  outputs: ['smma'],
  ahead: true,
  create: ({ params, instrument }) => new Smma(params.period, params.source, instrument.tickSize),
});

class Smma implements Feature {
  readonly warmupBars: number;
  private readonly source: PriceReader;
  private readonly mean: ExponentialMean;

  constructor(length: number, source: PriceSource, tickSize: number) {
    const parts = partsOf(source);
    this.warmupBars = length;
    const scale = TickScale.of(tickSize, length * parts);
    this.source = PriceReader.of(source, scale);
    this.mean = new ExponentialMean(scale, length, parts, 1 / length);
  }

  update(bars: BarWindow, out: Float64Array): void {
    this.source.read(bars);
    this.mean.push(this.source.sample);
    out[0] = this.mean.value;
  }

  reset(): void {
    this.mean.clear();
  }
}
