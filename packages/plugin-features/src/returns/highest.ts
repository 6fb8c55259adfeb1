import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { TickScale } from '../numeric/tick-scale.js';
import type { PriceSource } from '../numeric/price-source.js';
import { PriceReader, partsOf, period, priceSource } from '../numeric/price-source.js';
import { RollingExtreme } from '../numeric/rolling-extreme.js';

/**
 * `highest`: highest price of the newest bars.
 *
 * Outputs: `highest` (the price), `age` (bars since it, the newest of equal ones). Unit: price, and bars for `age`.
 * Range: `age` from 0 to `period` − 1. Warm-up: `period` bars.
 *
 * Formula: max(p[t], …, p[t − period + 1]).
 *
 * Source: TA-Lib, *MAX*.
 */
export const highest = defineFeature({
  params: z.strictObject({ period: period.default(20).describe('Bars.'), source: priceSource.default('high') }),
  outputs: ['highest', 'age'],
  ahead: true,
  create: ({ params, instrument }) => new Extreme('highest', params.period, params.source, instrument.tickSize),
});

/**
 * `lowest`: lowest price of the newest bars.
 *
 * Outputs: `lowest` (the price), `age` (bars since it, the newest of equal ones). Unit: price, and bars for `age`.
 * Range: `age` from 0 to `period` − 1. Warm-up: `period` bars.
 *
 * Formula: min(p[t], …, p[t − period + 1]).
 *
 * Source: TA-Lib, *MIN*.
 */
export const lowest = defineFeature({
  params: z.strictObject({ period: period.default(20).describe('Bars.'), source: priceSource.default('low') }),
  outputs: ['lowest', 'age'],
  ahead: true,
  create: ({ params, instrument }) => new Extreme('lowest', params.period, params.source, instrument.tickSize),
});

class Extreme implements Feature {
  readonly warmupBars: number;
  private readonly source: PriceReader;
  private readonly scale: TickScale;
  private readonly parts: number;
  private readonly extreme: RollingExtreme;
  private readonly cell = new Float64Array(1);

  constructor(kind: 'highest' | 'lowest', length: number, source: PriceSource, tickSize: number) {
    this.warmupBars = length;
    this.parts = partsOf(source);
    this.scale = TickScale.of(tickSize, this.parts);
    this.source = PriceReader.of(source, this.scale);
    this.extreme = new RollingExtreme(kind, length);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { parts, source, extreme } = this;
    source.read(bars);
    const { ticks, price } = source.sample;
    if (parts === 1) this.cell[0] = price;
    else this.cell[0] = ticks === ticks ? this.scale.price(ticks, parts) : price / parts;
    extreme.push(this.cell, 0);
    out[0] = extreme.value;
    out[1] = extreme.value === extreme.value ? extreme.age : NaN;
  }

  reset(): void {
    this.extreme.clear();
  }
}
