import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { TickScale } from '../numeric/tick-scale.js';
import { WeightedWindow } from '../numeric/weighted-window.js';
import type { PriceSource } from '../numeric/price-source.js';
import { PriceReader, partsOf, period, priceSource } from '../numeric/price-source.js';

/**
 * `vwma`: volume-weighted moving average, the `vwap` of the newest closes.
 *
 * Unit: price. Range: between the lowest and the highest price in the window; no value where the window has no
 * volume. Warm-up: `period` bars. Needs: volume.
 *
 * Formula: Σ price × volume / Σ volume over `period` bars.
 *
 * Source: B. P. Dormeier, *Investing with Volume Analysis* (2011), chapter 15.
 */
export const vwma = defineFeature({
  params: z.strictObject({ period: period.describe('Bars.'), source: priceSource.default('close') }),
  outputs: ['vwma'],
  needs: ['volume'],
  ahead: true,
  create: ({ params, instrument }) => new Vwma(params.period, params.source, instrument.tickSize),
});

class Vwma implements Feature {
  readonly warmupBars: number;
  private readonly source: PriceReader;
  private readonly window: WeightedWindow;

  constructor(length: number, source: PriceSource, tickSize: number) {
    this.warmupBars = length;
    const scale = TickScale.of(tickSize, partsOf(source));
    this.source = PriceReader.of(source, scale);
    this.window = new WeightedWindow(length, source, scale);
  }

  update(bars: BarWindow, out: Float64Array): void {
    this.source.read(bars);
    this.window.push(this.source.sample, bars.volume, bars.index);
    out[0] = this.window.isFull ? this.window.mean.value : NaN;
  }

  reset(): void {
    this.window.clear();
  }
}
