import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { Efficiency } from '../numeric/efficiency.js';
import { inOrder } from '../numeric/in-order.js';
import type { PriceSource } from '../numeric/price-source.js';
import { period, priceSource } from '../numeric/price-source.js';
import { ValueReader } from '../numeric/value-reader.js';

/**
 * `kama`: Kaufman's adaptive moving average, fast where price goes straight and slow where it goes to and fro.
 *
 * Unit: price. Range: between the lowest and the highest price so far. Warm-up: `period` + 1 bars.
 *
 * Formula: k[t] = k[t − 1] + c² × (p[t] − k[t − 1]), c = e × (2 / (fast + 1) − 2 / (slow + 1)) + 2 / (slow + 1),
 * where e is the `efficiency-ratio` over `period`, and 1 where price did not move. It begins with the price before
 * the first value, as in TA-Lib.
 *
 * Source: P. J. Kaufman, *Smarter Trading* (1995), chapter 7.
 */
export const kama = defineFeature({
  params: z
    .strictObject({
      period: period.default(10).describe('Changes that the efficiency is of.'),
      fast: period.default(2).describe('Bars of the average where price goes straight; less than `slow`.'),
      slow: period.default(30).describe('Bars of the average where it goes to and fro.'),
      source: priceSource.default('close'),
    })
    .superRefine(inOrder('fast', 'slow')),
  outputs: ['kama'],
  ahead: true,
  create: ({ params, instrument }) => new Kama(params.period, params.fast, params.slow, params.source, instrument.tickSize),
});

class Kama implements Feature {
  readonly warmupBars: number;
  private readonly reader: ValueReader;
  private readonly efficiency: Efficiency;
  private readonly slowest: number;
  private readonly range: number;
  /** In the units of the reader; before the first value the newest price. */
  private mean = NaN;

  constructor(length: number, fast: number, slow: number, source: PriceSource, tickSize: number) {
    this.warmupBars = length + 1;
    this.reader = ValueReader.of('price', source, tickSize, 1);
    this.efficiency = new Efficiency(length);
    this.slowest = 2 / (slow + 1);
    this.range = 2 / (fast + 1) - this.slowest;
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { reader, efficiency } = this;
    reader.read(bars);
    const price = reader.cell[0];
    efficiency.push(reader.cell, 0);
    if (!efficiency.isFull) {
      this.mean = price;
      out[0] = NaN;
      return;
    }
    const ratio = efficiency.length > 0 ? efficiency.distance / efficiency.length : 1;
    const share = ratio * this.range + this.slowest;
    this.mean += share * share * (price - this.mean);
    out[0] = reader.scale.price(this.mean, reader.parts);
  }

  reset(): void {
    this.efficiency.clear();
    this.mean = NaN;
  }
}
