import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import type { PriceSource } from '../numeric/price-source.js';
import { partsOf, period, priceSource } from '../numeric/price-source.js';
import { RollingSum } from '../numeric/rolling-sum.js';
import { ValueReader } from '../numeric/value-reader.js';

/**
 * `trima`: triangular moving average, in which the middle of the window counts most.
 *
 * Unit: price. Range: between the lowest and the highest price in the window. Warm-up: `period` bars.
 *
 * Formula: the simple mean, over ⌈n / 2⌉ bars, of simple means over ⌊n / 2⌋ + 1 bars, n = period, as in TA-Lib.
 * Prices on the tick grid are summed as whole ticks and divided once.
 *
 * Source: TA-Lib, *TRIMA*.
 */
export const trima = defineFeature({
  params: z.strictObject({ period: period.describe('Bars.'), source: priceSource.default('close') }),
  outputs: ['trima'],
  ahead: true,
  create: ({ params, instrument }) => new Trima(params.period, params.source, instrument.tickSize),
});

class Trima implements Feature {
  readonly warmupBars: number;
  private readonly reader: ValueReader;
  private readonly inner: RollingSum;
  private readonly outer: RollingSum;
  private readonly cell = new Float64Array(1);
  private readonly divisor: number;
  private readonly innerLength: number;
  /** Prices until the inner sum is full. */
  private missing: number;

  constructor(length: number, source: PriceSource, tickSize: number) {
    const [inner, outer] = [Math.floor(length / 2) + 1, Math.ceil(length / 2)];
    this.warmupBars = length;
    this.divisor = inner * outer * partsOf(source);
    this.reader = ValueReader.of('price', source, tickSize, inner * outer);
    this.innerLength = inner;
    this.missing = inner;
    this.inner = new RollingSum(inner);
    this.outer = new RollingSum(outer);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { reader, inner, outer, cell } = this;
    reader.read(bars);
    inner.push(reader.cell, 0);
    cell[0] = inner.value;
    if (this.missing > 1) this.missing--;
    else outer.push(cell, 0);
    out[0] = reader.scale.price(outer.value, this.divisor);
  }

  reset(): void {
    this.inner.clear();
    this.outer.clear();
    this.missing = this.innerLength;
  }
}
