import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { ExponentialChain } from '../numeric/exponential-chain.js';
import { TickScale } from '../numeric/tick-scale.js';
import type { PriceSource } from '../numeric/price-source.js';
import { PriceReader, partsOf, period, priceSource } from '../numeric/price-source.js';

/**
 * `dema`: double exponential moving average, which takes away the lag that smoothing twice shows.
 *
 * Unit: price. Range: may leave the range of the prices so far. Warm-up: 2 × (`period` − 1) + 1 bars.
 *
 * Formula: 2 × e1 − e2, where e1 is the `ema` of price and e2 the `ema` of e1, each seeded with the simple mean of
 * its own first `period` values, as in TA-Lib.
 *
 * Source: P. G. Mulloy, "Smoothing data with faster moving averages", Technical Analysis of Stocks & Commodities 12 (1994).
 */
export const dema = defineFeature({
  params: z.strictObject({ period: period.describe('Bars of each average; the share is 2 / (period + 1).'), source: priceSource.default('close') }),
  outputs: ['dema'],
  ahead: true,
  create: ({ params, instrument }) => new Dema(params.period, params.source, instrument.tickSize),
});

class Dema implements Feature {
  readonly warmupBars: number;
  private readonly source: PriceReader;
  private readonly chain: ExponentialChain;

  constructor(length: number, source: PriceSource, tickSize: number) {
    const parts = partsOf(source);
    this.warmupBars = 2 * (length - 1) + 1;
    const scale = TickScale.of(tickSize, length * parts);
    this.source = PriceReader.of(source, scale);
    this.chain = new ExponentialChain(scale, length, parts, 2);
  }

  update(bars: BarWindow, out: Float64Array): void {
    this.source.read(bars);
    this.chain.push(this.source.sample);
    if (!this.chain.isFull) {
      out[0] = NaN;
      return;
    }
    const { values } = this.chain;
    out[0] = 2 * values[0] - values[1];
  }

  reset(): void {
    this.chain.clear();
  }
}
