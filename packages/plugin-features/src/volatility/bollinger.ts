import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { RollingMean } from '../numeric/rolling-mean.js';
import { RollingVariance } from '../numeric/rolling-variance.js';
import { TickScale } from '../numeric/tick-scale.js';
import type { PriceSource } from '../numeric/price-source.js';
import { PriceReader, partsOf, period, priceSource } from '../numeric/price-source.js';

/**
 * `bollinger`: a band of some standard deviations around the simple average.
 *
 * Outputs: `middle` (the average), `upper` (the upper edge), `lower` (the lower edge), `width` (the band's width
 * over its middle), `percentB` (where the price stands in the band: 0 at the lower edge, 1 at the upper).
 * Unit: price, and fractions for `width` and `percentB`. Range: `width` ≥ 0 for positive prices; `percentB` is
 * unbounded, and 0.5 where the band has no width. Warm-up: `period` bars.
 *
 * Formula: upper and lower = middle ± deviations × standard deviation; width = (upper − lower) / middle;
 * percentB = (price − lower) / (upper − lower). The standard deviation is the population's: squares over `period`,
 * not `period` − 1. Squares of whole ticks are summed exactly, so a window of equal prices has a width of exactly
 * 0, whatever came before it.
 *
 * Source: J. Bollinger, *Bollinger on Bollinger Bands* (2001), chapters 7 and 8.
 */
export const bollinger = defineFeature({
  params: z.strictObject({
    period: period.default(20).describe('Bars.'),
    deviations: z.number().positive().max(100).default(2).describe('Half the band in standard deviations.'),
    source: priceSource.default('close'),
  }),
  outputs: ['middle', 'upper', 'lower', 'width', 'percentB'],
  ahead: true,
  create: ({ params, instrument }) => new Bollinger(params.period, params.deviations, params.source, instrument.tickSize),
});

class Bollinger implements Feature {
  readonly warmupBars: number;
  private readonly source: PriceReader;
  private readonly parts: number;
  private readonly mean: RollingMean;
  private readonly variance: RollingVariance;
  private readonly spreadPerTick: number;

  constructor(length: number, deviations: number, source: PriceSource, tickSize: number) {
    this.parts = partsOf(source);
    this.warmupBars = length;
    const scale = TickScale.of(tickSize, length * this.parts);
    this.source = PriceReader.of(source, scale);
    this.mean = new RollingMean(scale, length, this.parts);
    this.variance = new RollingVariance(length, tickSize);
    this.spreadPerTick = (deviations * tickSize) / this.parts;
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { sample } = this.source;
    this.source.read(bars);
    this.mean.push(sample);
    this.variance.push(sample);
    const middle = this.mean.value;
    const spread = Math.sqrt(this.variance.value) * this.spreadPerTick;
    out[0] = middle;
    out[1] = middle + spread;
    out[2] = middle - spread;
    out[3] = (2 * spread) / middle;
    // the other way for a spread of NaN, which stays NaN, and of 0
    out[4] = spread > 0 ? (sample.price / this.parts - middle + spread) / (2 * spread) : spread + 0.5;
  }

  reset(): void {
    this.mean.clear();
    this.variance.clear();
  }
}
