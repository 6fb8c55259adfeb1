import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { RollingMean } from '../numeric/rolling-mean.js';
import { TickScale } from '../numeric/tick-scale.js';
import type { PriceSource } from '../numeric/price-source.js';
import { PriceReader, partsOf, period, priceSource } from '../numeric/price-source.js';

/**
 * `sma`: simple moving average, the mean of the newest `period` prices.
 *
 * Unit: price. Range: between the lowest and the highest price in the window. Warm-up: `period` bars.
 *
 * Formula: (p[t] + … + p[t − period + 1]) / period. Prices on the tick grid are summed as whole ticks and
 * divided once, so the value is the correctly rounded one after any number of bars, and two averages that
 * are equal on paper are equal bit by bit. Prices off the grid are summed in two doubles.
 *
 * Source: J. J. Murphy, *Technical Analysis of the Financial Markets* (1999), chapter 9.
 */
export const sma = defineFeature({
  params: z.strictObject({ period: period.describe('Bars.'), source: priceSource.default('close') }),
  outputs: ['sma'],
  ahead: true,
  create: ({ params, instrument }) => new Sma(params.period, params.source, instrument.tickSize),
});

class Sma implements Feature {
  readonly warmupBars: number;
  private readonly source: PriceReader;
  private readonly mean: RollingMean;

  constructor(length: number, source: PriceSource, tickSize: number) {
    const parts = partsOf(source);
    this.warmupBars = length;
    const scale = TickScale.of(tickSize, length * parts);
    this.source = PriceReader.of(source, scale);
    this.mean = new RollingMean(scale, length, parts);
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
