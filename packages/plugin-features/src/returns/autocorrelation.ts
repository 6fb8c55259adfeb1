import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import type { PriceSource } from '../numeric/price-source.js';
import { period, periodOf, priceSource } from '../numeric/price-source.js';
import { RollingCorrelation } from '../numeric/rolling-correlation.js';
import type { SeriesKind } from '../numeric/value-reader.js';
import { ValueReader, seriesKind } from '../numeric/value-reader.js';

/**
 * `autocorrelation`: correlation of returns or prices with those `lag` bars before: positive where moves go on,
 * negative where they turn.
 *
 * Unit: none. Range: −1 to 1; no value where all values of a window are equal. Warm-up: `period` + `lag` bars, one
 * more for returns.
 *
 * Formula: the correlation (Pearson's) of the `period` pairs x[t], x[t − lag] to x[t − period + 1],
 * x[t − period + 1 − lag], each window about its own mean.
 *
 * Source: G. E. P. Box and G. M. Jenkins, *Time Series Analysis: Forecasting and Control* (1970), chapter 2.
 */
export const autocorrelation = defineFeature({
  params: z.strictObject({
    period: periodOf(3).default(50).describe('Pairs.'),
    lag: period.default(1).describe('Bars between the two of a pair.'),
    of: seriesKind.default('return'),
    source: priceSource.default('close'),
  }),
  outputs: ['autocorrelation'],
  ahead: true,
  create: ({ params, instrument }) => new Autocorrelation(params.period, params.lag, params.of, params.source, instrument.tickSize),
});

class Autocorrelation implements Feature {
  readonly warmupBars: number;
  private readonly reader: ValueReader;
  private readonly correlation: RollingCorrelation;
  private readonly earlier: Float64Array;
  private next = 0;
  private missing: number;

  constructor(
    length: number,
    private readonly lag: number,
    of: SeriesKind,
    source: PriceSource,
    tickSize: number,
  ) {
    this.reader = ValueReader.of(of, source, tickSize, 1);
    this.warmupBars = length + lag + this.reader.lag;
    this.correlation = new RollingCorrelation(length);
    this.earlier = new Float64Array(lag);
    this.missing = lag;
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { reader, correlation, earlier, next } = this;
    if (reader.read(bars)) {
      if (this.missing > 0) this.missing--;
      else correlation.push(reader.cell, 0, earlier, next);
      earlier[next] = reader.cell[0];
      this.next = next + 1 === this.lag ? 0 : next + 1;
    }
    out[0] = correlation.value;
  }

  reset(): void {
    this.reader.clear();
    this.correlation.clear();
    this.next = 0;
    this.missing = this.lag;
  }
}
