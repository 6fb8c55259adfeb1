import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { BarTicks, CLOSE, HIGH, LOW } from '../numeric/bar-ticks.js';
import { period } from '../numeric/price-source.js';
import { RollingRange } from '../numeric/rolling-range.js';

/**
 * `williams-r`: Williams' %R, how far the close stands below the top of the range of the newest bars.
 *
 * Unit: points. Range: −100 to 0; −50 where the range has no height (TA-Lib: 0). Warm-up: `period` bars.
 *
 * Formula: −100 × (highest high − close) / (highest high − lowest low).
 *
 * Source: L. Williams, *How I Made One Million Dollars Last Year Trading Commodities* (1973).
 */
export const williamsR = defineFeature({
  params: z.strictObject({ period: period.default(14).describe('Bars of the range.') }),
  outputs: ['williamsR'],
  ahead: true,
  create: ({ params, instrument }) => new WilliamsR(params.period, instrument.tickSize),
});

class WilliamsR implements Feature {
  readonly warmupBars: number;
  private readonly bar: BarTicks;
  private readonly range: RollingRange;

  constructor(length: number, tickSize: number) {
    this.warmupBars = length;
    this.bar = BarTicks.of(tickSize);
    this.range = new RollingRange(length);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { values } = this.bar;
    this.bar.read(bars);
    this.range.push(values, HIGH, values, LOW);
    const { highest } = this.range;
    const range = highest - this.range.lowest;
    // the other way for a range of NaN, which stays NaN, and of 0
    out[0] = range > 0 ? (100 * (values[CLOSE] - highest)) / range : range - 50;
  }

  reset(): void {
    this.range.clear();
  }
}
