import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { TickScale } from '../numeric/tick-scale.js';
import type { PriceSource } from '../numeric/price-source.js';
import { PriceReader, partsOf, period, priceSource } from '../numeric/price-source.js';

/**
 * `rsi`: Wilder's relative strength index, the share of the upward moves in all moves.
 *
 * Unit: points. Range: 0 to 100; 50 where there has been no move at all. Warm-up: `period` + 1 bars, because the
 * first bar has no change.
 *
 * Formula: 100 × up / (up + down), where `up` and `down` are Wilder's means of the rises and of the falls:
 * m[t] = (m[t − 1] × (period − 1) + x[t]) / period, seeded with the simple mean of the first `period` changes.
 * Changes between prices on the tick grid are whole ticks, so equal rises and falls give exactly 50.
 *
 * Source: J. W. Wilder, *New Concepts in Technical Trading Systems* (1978), section VI.
 */
export const rsi = defineFeature({
  params: z.strictObject({ period: period.default(14).describe('Changes from bar to bar.'), source: priceSource.default('close') }),
  outputs: ['rsi'],
  ahead: true,
  create: ({ params, instrument }) => new Rsi(params.period, params.source, instrument.tickSize),
});

export class Rsi implements Feature {
  readonly warmupBars: number;
  private readonly source: PriceReader;
  private readonly scale: TickScale;
  private changes = -1;
  private ticks = NaN;
  private price = NaN;
  private up = 0;
  private down = 0;

  constructor(
    private readonly length: number,
    source: PriceSource,
    tickSize: number,
  ) {
    this.warmupBars = length + 1;
    this.scale = TickScale.of(tickSize, partsOf(source));
    this.source = PriceReader.of(source, this.scale);
  }

  update(bars: BarWindow, out: Float64Array): void {
    this.source.read(bars);
    const { ticks, price } = this.source.sample;
    const whole = ticks - this.ticks;
    const change = whole === whole ? whole * this.scale.tickSize : price - this.price;
    this.ticks = ticks;
    this.price = price;

    if (++this.changes === 0) {
      out[0] = NaN;
      return;
    }
    const rise = change > 0 ? change : 0;
    const fall = change < 0 ? -change : 0;
    if (this.changes <= this.length) {
      this.up += rise;
      this.down += fall;
      if (this.changes < this.length) {
        out[0] = NaN;
        return;
      }
      this.up /= this.length;
      this.down /= this.length;
    } else {
      this.up = (this.up * (this.length - 1) + rise) / this.length;
      this.down = (this.down * (this.length - 1) + fall) / this.length;
    }
    const all = this.up + this.down;
    out[0] = all > 0 ? (100 * this.up) / all : 50;
  }

  reset(): void {
    this.changes = -1;
    this.ticks = NaN;
    this.price = NaN;
    this.up = 0;
    this.down = 0;
  }
}
