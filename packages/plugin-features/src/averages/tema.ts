import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { ExponentialChain } from '../numeric/exponential-chain.js';
import { TickScale } from '../numeric/tick-scale.js';
import type { PriceSource } from '../numeric/price-source.js';
import { PriceReader, partsOf, period, priceSource } from '../numeric/price-source.js';

/**
 * `tema`: triple exponential moving average, which takes away the lag that smoothing three times shows.
 *
 * Unit: price. Range: may leave the range of the prices so far. Warm-up: 3 × (`period` − 1) + 1 bars.
 *
 * Formula: 3 × e1 − 3 × e2 + e3, where e1 is the `ema` of price, e2 that of e1 and e3 that of e2, each seeded with
 * the simple mean of its own first `period` values, as in TA-Lib.
 *
 * Source: P. G. Mulloy, "Smoothing data with less lag", Technical Analysis of Stocks & Commodities 12 (1994).
 */
export const tema = defineFeature({
  params: z.strictObject({ period: period.describe('Bars of each average; the share is 2 / (period + 1).'), source: priceSource.default('close') }),
  outputs: ['tema'],
  ahead: true,
  create: ({ params, instrument }) => new Tema(params.period, params.source, instrument.tickSize),
});

class Tema implements Feature {
  readonly warmupBars: number;
  private readonly source: PriceReader;
  private readonly chain: ExponentialChain;

  constructor(length: number, source: PriceSource, tickSize: number) {
    const parts = partsOf(source);
    this.warmupBars = 3 * (length - 1) + 1;
    const scale = TickScale.of(tickSize, length * parts);
    this.source = PriceReader.of(source, scale);
    this.chain = new ExponentialChain(scale, length, parts, 3);
  }

  update(bars: BarWindow, out: Float64Array): void {
    this.source.read(bars);
    this.chain.push(this.source.sample);
    if (!this.chain.isFull) {
      out[0] = NaN;
      return;
    }
    const { values } = this.chain;
    out[0] = 3 * (values[0] - values[1]) + values[2];
  }

  reset(): void {
    this.chain.clear();
  }
}
