import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import type { PriceSource } from '../numeric/price-source.js';
import { priceSource } from '../numeric/price-source.js';
import { ValueReader } from '../numeric/value-reader.js';

/**
 * `alma`: Arnaud Legoux moving average, with weights along a bell whose peak stands near the newest price.
 *
 * Unit: price. Range: between the lowest and the highest price in the window. Warm-up: `period` bars.
 *
 * Formula: Σ w[i] × p[t − n + 1 + i] / Σ w[i], w[i] = exp(−(i − offset × (n − 1))² / (2 × (n / sigma)²)),
 * i from 0 to n − 1, n = period.
 *
 * A bar costs `period` multiplications, not one step: weights along a bell cannot be moved on. So the period is
 * at most 1,000.
 *
 * Source: A. Legoux and D. Kouzis-Loukas, "ALMA: Arnaud Legoux Moving Average" (2009).
 */
export const alma = defineFeature({
  params: z.strictObject({
    period: z.int().min(1).max(1_000).default(9).describe('Bars.'),
    offset: z.number().min(0).max(1).default(0.85).describe('Where the peak stands: 0 at the oldest bar, 1 at the newest.'),
    sigma: z.number().positive().max(100).default(6).describe('How narrow the bell is: the period over its standard deviation.'),
    source: priceSource.default('close'),
  }),
  outputs: ['alma'],
  ahead: true,
  create: ({ params, instrument }) => new Alma(params.period, params.offset, params.sigma, params.source, instrument.tickSize),
});

class Alma implements Feature {
  readonly warmupBars: number;
  private readonly reader: ValueReader;
  private readonly weights: Float64Array;
  private readonly total: number;
  /** Every value twice, `period` places apart, so that each window lies in one piece. */
  private readonly values: Float64Array;
  private next = 0;
  private missing: number;

  constructor(
    private readonly length: number,
    offset: number,
    sigma: number,
    source: PriceSource,
    tickSize: number,
  ) {
    this.warmupBars = length;
    this.reader = ValueReader.of('price', source, tickSize, 1);
    const [peak, width] = [offset * (length - 1), length / sigma];
    this.weights = Float64Array.from({ length }, (_, i) => Math.exp(-((i - peak) ** 2) / (2 * width ** 2)));
    this.total = this.weights.reduce((sum, weight) => sum + weight, 0);
    this.values = new Float64Array(2 * length);
    this.missing = length;
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { reader, values, weights, length, next } = this;
    reader.read(bars);
    const value = reader.cell[0];
    values[next] = value;
    values[next + length] = value;
    const oldest = next + 1 === length ? 0 : next + 1;
    this.next = oldest;
    if (this.missing > 0 && --this.missing > 0) {
      out[0] = NaN;
      return;
    }
    // as distances from the newest price a still price stays where it is
    let sum = 0;
    for (let i = 0; i < length; i++) sum += weights[i] * (values[oldest + i] - value);
    out[0] = reader.scale.price(value + sum / this.total, reader.parts);
  }

  reset(): void {
    this.next = 0;
    this.missing = this.length;
  }
}
