import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { LinearSums } from '../numeric/linear-sums.js';
import type { PriceSource } from '../numeric/price-source.js';
import { partsOf, period, priceSource } from '../numeric/price-source.js';
import { ValueReader } from '../numeric/value-reader.js';

/**
 * `wma`: weighted moving average, in which the newest price counts `period` times and the oldest once.
 *
 * Unit: price. Range: between the lowest and the highest price in the window. Warm-up: `period` bars.
 *
 * Formula: (n × p[t] + (n − 1) × p[t − 1] + … + p[t − n + 1]) / (n × (n + 1) / 2), n = period. Prices on the tick
 * grid are summed as whole ticks and divided once.
 *
 * Source: J. J. Murphy, *Technical Analysis of the Financial Markets* (1999), chapter 9.
 */
export const wma = defineFeature({
  params: z.strictObject({ period: period.describe('Bars.'), source: priceSource.default('close') }),
  outputs: ['wma'],
  ahead: true,
  create: ({ params, instrument }) => new Wma(params.period, params.source, instrument.tickSize),
});

class Wma implements Feature {
  readonly warmupBars: number;
  private readonly reader: ValueReader;
  private readonly sums: LinearSums;
  private readonly weights: number;
  private readonly divisor: number;

  constructor(length: number, source: PriceSource, tickSize: number) {
    this.warmupBars = length;
    this.weights = (length * (length + 1)) / 2;
    this.divisor = this.weights * partsOf(source);
    this.reader = ValueReader.of('price', source, tickSize, this.weights);
    this.sums = new LinearSums(length);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { reader, sums } = this;
    reader.read(bars);
    sums.push(reader.cell, 0);
    out[0] = sums.isFull ? reader.scale.price(sums.origin * this.weights + sums.weighted, this.divisor) : NaN;
  }

  reset(): void {
    this.sums.clear();
  }
}
