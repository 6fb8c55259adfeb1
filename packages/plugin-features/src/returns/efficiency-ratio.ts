import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { Efficiency } from '../numeric/efficiency.js';
import type { PriceSource } from '../numeric/price-source.js';
import { period, priceSource } from '../numeric/price-source.js';
import { ValueReader } from '../numeric/value-reader.js';

/**
 * `efficiency-ratio`: Kaufman's efficiency ratio, how straight price went: the distance covered over the way gone.
 *
 * Unit: fraction. Range: 0 (back to where it began) to 1 (straight on); 0 where price did not move. Warm-up:
 * `period` + 1 bars.
 *
 * Formula: |p[t] − p[t − period]| / (|p[t] − p[t − 1]| + … + |p[t − period + 1] − p[t − period]|).
 *
 * Source: P. J. Kaufman, *Smarter Trading* (1995), chapter 7.
 */
export const efficiencyRatio = defineFeature({
  params: z.strictObject({ period: period.default(10).describe('Changes from bar to bar.'), source: priceSource.default('close') }),
  outputs: ['efficiency-ratio'],
  ahead: true,
  create: ({ params, instrument }) => new EfficiencyRatio(params.period, params.source, instrument.tickSize),
});

class EfficiencyRatio implements Feature {
  readonly warmupBars: number;
  private readonly reader: ValueReader;
  private readonly efficiency: Efficiency;

  constructor(length: number, source: PriceSource, tickSize: number) {
    this.warmupBars = length + 1;
    this.reader = ValueReader.of('price', source, tickSize, 1);
    this.efficiency = new Efficiency(length);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { reader, efficiency } = this;
    reader.read(bars);
    efficiency.push(reader.cell, 0);
    if (!efficiency.isFull) {
      out[0] = NaN;
      return;
    }
    const { distance, length } = efficiency;
    const ratio = length === 0 ? 0 : distance / length;
    out[0] = ratio > 1 ? 1 : ratio;
  }

  reset(): void {
    this.efficiency.clear();
  }
}
