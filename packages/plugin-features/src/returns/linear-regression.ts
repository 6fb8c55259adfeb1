import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { LinearSums } from '../numeric/linear-sums.js';
import type { PriceSource } from '../numeric/price-source.js';
import { periodOf, priceSource } from '../numeric/price-source.js';
import { RollingVariance } from '../numeric/rolling-variance.js';
import { ValueReader } from '../numeric/value-reader.js';

/**
 * `linear-regression`: the straight line that lies closest to the newest prices.
 *
 * Outputs: `value` (the line at the newest bar), `slope` (its rise per bar), `intercept` (the line at the oldest bar
 * of the window), `forecast` (the line one bar ahead), `r2` (the share of the variance that the line explains).
 * Unit: price, price per bar for `slope`, fraction for `r2`. Range: `r2` from 0 to 1, without value where all prices
 * are equal. Warm-up: `period` bars.
 *
 * Formula: least squares of p over x = 0 (oldest) to n − 1 (newest), n = period:
 * slope = Σ (x − mean x) × p / Σ (x − mean x)²; intercept = mean p − slope × (n − 1) / 2;
 * r2 = slope² × variance of x / variance of p.
 *
 * Source: N. R. Draper and H. Smith, *Applied Regression Analysis* (1966), chapter 1.
 */
export const linearRegression = defineFeature({
  params: z.strictObject({ period: periodOf(2).default(14).describe('Bars.'), source: priceSource.default('close') }),
  outputs: ['value', 'slope', 'intercept', 'forecast', 'r2'],
  ahead: true,
  create: ({ params, instrument }) => new LinearRegression(params.period, params.source, instrument.tickSize),
});

class LinearRegression implements Feature {
  readonly warmupBars: number;
  private readonly reader: ValueReader;
  private readonly sums: LinearSums;
  private readonly variance: RollingVariance;
  private readonly spread: number;
  private readonly half: number;

  constructor(
    private readonly length: number,
    source: PriceSource,
    tickSize: number,
  ) {
    this.warmupBars = length;
    this.reader = ValueReader.of('price', source, tickSize, 1);
    this.sums = new LinearSums(length);
    this.variance = new RollingVariance(length, tickSize);
    // the variance of x, and how far its ends are from its mean
    this.spread = (length * length - 1) / 12;
    this.half = (length - 1) / 2;
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { reader, sums, variance, length, half } = this;
    const { scale, parts } = reader;
    reader.read(bars);
    sums.push(reader.cell, 0);
    variance.push(reader.sample);
    if (!sums.isFull) {
      out[0] = out[1] = out[2] = out[3] = out[4] = NaN;
      return;
    }
    const slope = (sums.weighted - ((length + 1) / 2) * sums.sum) / (length * this.spread);
    const middle = sums.origin + sums.sum / length;
    out[0] = scale.price(middle + slope * half, parts);
    out[1] = scale.price(slope, parts);
    out[2] = scale.price(middle - slope * half, parts);
    out[3] = scale.price(middle + slope * (half + 1), parts);
    const explained = (slope * slope * this.spread) / variance.value;
    out[4] = explained > 1 ? 1 : explained;
  }

  reset(): void {
    this.sums.clear();
    this.variance.clear();
  }
}
