import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { AverageTrueRange } from '../numeric/average-true-range.js';
import { ExponentialMean } from '../numeric/exponential-mean.js';
import type { PriceSource } from '../numeric/price-source.js';
import { PriceReader, partsOf, period, priceSource } from '../numeric/price-source.js';
import { TickScale } from '../numeric/tick-scale.js';

/**
 * `keltner`: a channel of some average true ranges around the exponential average.
 *
 * Outputs: `middle` (the average), `upper` (middle + multiplier × range), `lower` (middle − multiplier × range), `position`
 * (where the price stands: 0 at the lower edge, 1 at the upper). Unit: price, and a fraction for `position`. Range:
 * `position` is unbounded, and 0.5 where the channel has no width. Warm-up: max(`period`, `rangePeriod` + 1) bars.
 *
 * Formula: middle = ema(period), range = atr(rangePeriod). This is the channel as L. B. Raschke has it; Keltner's own took
 * the simple average of hlc3 and of the bars' heights over ten days.
 *
 * Source: C. W. Keltner, *How To Make Money in Commodities* (1960); L. B. Raschke and L. A. Connors, *Street Smarts* (1995).
 */
export const keltner = defineFeature({
  params: z.strictObject({
    period: period.default(20).describe('Bars of the exponential average.'),
    rangePeriod: period.default(10).describe('Bars of the average true range.'),
    multiplier: z.number().positive().max(100).default(2).describe('Average ranges between the middle and an edge.'),
    source: priceSource.default('close'),
  }),
  outputs: ['middle', 'upper', 'lower', 'position'],
  ahead: true,
  create: ({ params, instrument }) => new Keltner(params.period, params.rangePeriod, params.multiplier, params.source, instrument.tickSize),
});

class Keltner implements Feature {
  readonly warmupBars: number;
  private readonly source: PriceReader;
  private readonly parts: number;
  private readonly mean: ExponentialMean;
  private readonly range: AverageTrueRange;

  constructor(
    length: number,
    rangeLength: number,
    private readonly multiplier: number,
    source: PriceSource,
    tickSize: number,
  ) {
    this.parts = partsOf(source);
    this.warmupBars = Math.max(length, rangeLength + 1);
    const scale = TickScale.of(tickSize, length * this.parts);
    this.source = PriceReader.of(source, scale);
    this.mean = new ExponentialMean(scale, length, this.parts);
    this.range = new AverageTrueRange(rangeLength);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { sample } = this.source;
    this.source.read(bars);
    this.mean.push(sample);
    this.range.push(bars);
    const spread = this.multiplier * this.range.value;
    const middle = this.mean.value;
    if (middle === middle && spread === spread) {
      out[0] = middle;
      out[1] = middle + spread;
      out[2] = middle - spread;
      out[3] = spread > 0 ? (sample.price / this.parts - middle + spread) / (2 * spread) : 0.5;
    } else {
      out.fill(NaN);
    }
  }

  reset(): void {
    this.mean.clear();
    this.range.clear();
  }
}
