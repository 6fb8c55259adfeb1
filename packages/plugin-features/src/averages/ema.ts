import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { ExponentialMean } from '../numeric/exponential-mean.js';
import { TickScale } from '../numeric/tick-scale.js';
import type { PriceSource } from '../numeric/price-source.js';
import { PriceReader, partsOf, period, priceSource } from '../numeric/price-source.js';

/**
 * `ema`: exponential moving average, each bar moving it by the same share of the distance to the price.
 *
 * Unit: price. Range: between the lowest and the highest price so far. Warm-up: `period` bars.
 *
 * Formula: e[t] = e[t − 1] + 2 / (period + 1) × (p[t] − e[t − 1]); e[period − 1] is the simple mean of the
 * first `period` prices, as in TA-Lib.
 *
 * Source: J. J. Murphy, *Technical Analysis of the Financial Markets* (1999), chapter 9.
 */
export const ema = defineFeature({
  params: z.strictObject({ period: period.describe('Bars; the share is 2 / (period + 1).'), source: priceSource.default('close') }),
  outputs: ['ema'],
  ahead: true,
  create: ({ params, instrument }) => new Ema(params.period, params.source, instrument.tickSize),
});

class Ema implements Feature {
  readonly warmupBars: number;
  private readonly source: PriceReader;
  private readonly mean: ExponentialMean;

  constructor(length: number, source: PriceSource, tickSize: number) {
    const parts = partsOf(source);
    this.warmupBars = length;
    const scale = TickScale.of(tickSize, length * parts);
    this.source = PriceReader.of(source, scale);
    this.mean = new ExponentialMean(scale, length, parts);
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
