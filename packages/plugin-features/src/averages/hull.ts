import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { LinearSums } from '../numeric/linear-sums.js';
import type { PriceSource } from '../numeric/price-source.js';
import { periodOf, priceSource } from '../numeric/price-source.js';
import { ValueReader } from '../numeric/value-reader.js';

/**
 * `hull`: Hull moving average, a weighted average made fast by doubling its newer half, and smoothed again.
 *
 * Unit: price. Range: may leave the range of the window's prices. Warm-up: `period` + ⌊√period⌋ − 1 bars.
 *
 * Formula: wma(⌊√n⌋) of 2 × wma(⌊n / 2⌋) − wma(n), n = period.
 *
 * Source: A. Hull, "Hull Moving Average" (2005), alanhull.com.
 */
export const hull = defineFeature({
  params: z.strictObject({ period: periodOf(2).describe('Bars.'), source: priceSource.default('close') }),
  outputs: ['hull'],
  ahead: true,
  create: ({ params, instrument }) => new Hull(params.period, params.source, instrument.tickSize),
});

class Hull implements Feature {
  readonly warmupBars: number;
  private readonly reader: ValueReader;
  private readonly half: LinearSums;
  private readonly full: LinearSums;
  private readonly smooth: LinearSums;
  private readonly halfWeights: number;
  private readonly fullWeights: number;
  private readonly smoothWeights: number;
  /** What the smoothing takes in: 2 × half − full, in ticks. */
  private readonly cell = new Float64Array(1);

  constructor(length: number, source: PriceSource, tickSize: number) {
    const [half, smooth] = [Math.floor(length / 2), Math.floor(Math.sqrt(length))];
    this.warmupBars = length + smooth - 1;
    this.halfWeights = (half * (half + 1)) / 2;
    this.fullWeights = (length * (length + 1)) / 2;
    this.smoothWeights = (smooth * (smooth + 1)) / 2;
    this.reader = ValueReader.of('price', source, tickSize, 1);
    this.half = new LinearSums(half);
    this.full = new LinearSums(length);
    this.smooth = new LinearSums(smooth);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { reader, half, full, smooth } = this;
    reader.read(bars);
    half.push(reader.cell, 0);
    full.push(reader.cell, 0);
    if (full.isFull) {
      this.cell[0] = 2 * (half.origin + half.weighted / this.halfWeights) - (full.origin + full.weighted / this.fullWeights);
      smooth.push(this.cell, 0);
    }
    out[0] = smooth.isFull ? reader.scale.price(smooth.origin + smooth.weighted / this.smoothWeights, reader.parts) : NaN;
  }

  reset(): void {
    this.half.clear();
    this.full.clear();
    this.smooth.clear();
  }
}
