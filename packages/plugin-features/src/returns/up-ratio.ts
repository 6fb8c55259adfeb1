import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import type { PriceSource } from '../numeric/price-source.js';
import { period, priceSource } from '../numeric/price-source.js';
import { ValueReader } from '../numeric/value-reader.js';

/**
 * `up-ratio`: share of the newest bars that closed above the bar before; in percent known as the psychological line.
 *
 * Unit: fraction. Range: 0 to 1. Warm-up: `period` + 1 bars.
 *
 * Formula: (number of i from 0 to period − 1 with p[t − i] > p[t − i − 1]) / period.
 *
 * Source: trading-signals, *PSL*.
 */
export const upRatio = defineFeature({
  params: z.strictObject({ period: period.default(20).describe('Changes from bar to bar.'), source: priceSource.default('close') }),
  outputs: ['up-ratio'],
  ahead: true,
  create: ({ params, instrument }) => new UpRatio(params.period, params.source, instrument.tickSize),
});

class UpRatio implements Feature {
  readonly warmupBars: number;
  private readonly reader: ValueReader;
  private readonly rises: Uint8Array;
  private previous = NaN;
  private count = 0;
  private next = 0;
  private missing: number;

  constructor(
    private readonly length: number,
    source: PriceSource,
    tickSize: number,
  ) {
    this.warmupBars = length + 1;
    this.reader = ValueReader.of('price', source, tickSize, 1);
    this.rises = new Uint8Array(length);
    this.missing = length + 1;
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { reader, rises, next, length } = this;
    reader.read(bars);
    const price = reader.cell[0];
    if (this.missing <= length) {
      const rise = price > this.previous ? 1 : 0;
      this.count += rise - (rises[next] as number);
      rises[next] = rise;
      this.next = next + 1 === length ? 0 : next + 1;
    }
    this.previous = price;
    if (this.missing > 0 && --this.missing > 0) out[0] = NaN;
    else out[0] = this.count / length;
  }

  reset(): void {
    this.rises.fill(0);
    this.previous = NaN;
    this.count = 0;
    this.next = 0;
    this.missing = this.length + 1;
  }
}
