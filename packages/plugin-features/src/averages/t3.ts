import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { ExponentialChain } from '../numeric/exponential-chain.js';
import { TickScale } from '../numeric/tick-scale.js';
import type { PriceSource } from '../numeric/price-source.js';
import { PriceReader, partsOf, period, priceSource } from '../numeric/price-source.js';

/**
 * `t3`: Tillson's moving average, six exponential averages blended for smoothness with little lag.
 *
 * Unit: price. Range: may leave the range of the prices so far. Warm-up: 6 × (`period` − 1) + 1 bars.
 *
 * Formula: −a³ × e6 + (3a² + 3a³) × e5 − (6a² + 3a + 3a³) × e4 + (1 + 3a + a³ + 3a²) × e3, a = volumeFactor, where
 * e1 is the `ema` of price, e2 that of e1 and so on, each seeded with the simple mean of its own first `period`
 * values, as in TA-Lib.
 *
 * Source: T. Tillson, "Better moving averages", Technical Analysis of Stocks & Commodities 16 (1998).
 */
export const t3 = defineFeature({
  params: z.strictObject({
    period: period.describe('Bars of each average; the share is 2 / (period + 1).'),
    volumeFactor: z.number().min(0).max(1).default(0.7).describe('How much of the lag is taken away: 0 is the plain triple average, 1 the most.'),
    source: priceSource.default('close'),
  }),
  outputs: ['t3'],
  ahead: true,
  create: ({ params, instrument }) => new T3(params.period, params.volumeFactor, params.source, instrument.tickSize),
});

class T3 implements Feature {
  readonly warmupBars: number;
  private readonly source: PriceReader;
  private readonly chain: ExponentialChain;
  private readonly weight6: number;
  private readonly weight5: number;
  private readonly weight4: number;

  constructor(length: number, a: number, source: PriceSource, tickSize: number) {
    const parts = partsOf(source);
    this.warmupBars = 6 * (length - 1) + 1;
    const scale = TickScale.of(tickSize, length * parts);
    this.source = PriceReader.of(source, scale);
    this.chain = new ExponentialChain(scale, length, parts, 6);
    this.weight6 = -(a ** 3);
    this.weight5 = 3 * a ** 2 * (1 + a);
    this.weight4 = -3 * a * (1 + a) ** 2;
  }

  update(bars: BarWindow, out: Float64Array): void {
    this.source.read(bars);
    this.chain.push(this.source.sample);
    if (!this.chain.isFull) {
      out[0] = NaN;
      return;
    }
    const { values } = this.chain;
    const third = values[2];
    // the weights add up to 1: as distances from e3 a still price stays where it is
    out[0] = third + this.weight4 * (values[3] - third) + this.weight5 * (values[4] - third) + this.weight6 * (values[5] - third);
  }

  reset(): void {
    this.chain.clear();
  }
}
