import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { PriceReader } from '../numeric/price-source.js';
import { RollingSum } from '../numeric/rolling-sum.js';
import { TickScale } from '../numeric/tick-scale.js';

/**
 * `cci`: Lambert's commodity channel index, how many mean deviations the typical price stands above its average.
 *
 * Unit: points; with the factor 0.015 most values lie between −100 and 100. Range: unbounded, around 0; 0 where
 * the window has no deviation. Warm-up: `period` bars.
 *
 * Formula: (p − mean) / (0.015 × d) with p = (high + low + close) / 3, their mean over `period` bars, and d the
 * mean distance of those prices from that mean. The distances from a mean that moves have no shorter sum: a
 * bar costs one addition for each bar of the period, which is why that is limited to 1,000.
 *
 * Source: D. R. Lambert, "Commodity Channel Index: tool for trading cyclic trends", Commodities (1980).
 */
export const cci = defineFeature({
  params: z.strictObject({ period: z.int().min(1).max(1_000).default(20).describe('Bars of the average and of the deviation.') }),
  outputs: ['cci'],
  ahead: true,
  create: ({ params, instrument }) => new Cci(params.period, instrument.tickSize),
});

class Cci implements Feature {
  readonly warmupBars: number;
  private readonly source: PriceReader;
  private readonly sum: RollingSum;
  /** Typical prices in thirds of a tick, whole where they lie on the grid: the unit cancels. */
  private readonly thirds: Float64Array;
  private next = 0;

  constructor(
    private readonly length: number,
    private readonly tickSize: number,
  ) {
    this.warmupBars = length;
    this.source = PriceReader.of('hlc3', TickScale.of(tickSize, 3));
    this.sum = new RollingSum(length);
    this.thirds = new Float64Array(length);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { thirds, length, next } = this;
    this.source.read(bars);
    const { ticks, price } = this.source.sample;
    const typical = ticks === ticks ? ticks : price / this.tickSize;
    thirds[next] = typical;
    this.sum.push(thirds, next);
    this.next = next + 1 === length ? 0 : next + 1;
    const mean = this.sum.value / length;
    if (mean !== mean) {
      out[0] = NaN;
      return;
    }
    // two sums at once: neither waits for the other
    let deviation = (length & 1) === 1 ? Math.abs(thirds[length - 1] - mean) : 0;
    let others = 0;
    for (let i = 1; i < length; i += 2) {
      deviation += Math.abs(thirds[i - 1] - mean);
      others += Math.abs(thirds[i] - mean);
    }
    deviation += others;
    // prices off the grid that are equal on paper can differ in the last digit
    out[0] = deviation > 1e-15 * length * Math.abs(mean) ? ((typical - mean) * length) / (0.015 * deviation) : 0;
  }

  reset(): void {
    this.sum.clear();
    this.next = 0;
  }
}
