import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { period } from '../numeric/price-source.js';
import { RollingSum } from '../numeric/rolling-sum.js';

/**
 * `volume-ratio`: the bar's volume over the usual: 2 is twice as much as the mean of the bars before.
 *
 * Unit: ratio. Range: ≥ 0; no value where the bars before had no volume. Warm-up: `period` + 1 bars. Needs: volume.
 *
 * Formula: volume / mean of the volumes of the `period` bars before. The bar itself is not in the mean, so that a burst of
 * volume does not hide itself.
 *
 * Source: J. J. Murphy, *Technical Analysis of the Financial Markets* (1999), chapter 7.
 */
export const volumeRatio = defineFeature({
  params: z.strictObject({ period: period.default(20).describe('Bars of the mean, the newest bar not among them.') }),
  outputs: ['volumeRatio'],
  needs: ['volume'],
  ahead: true,
  create: ({ params }) => new VolumeRatio(params.period),
});

class VolumeRatio implements Feature {
  readonly warmupBars: number;
  private readonly sum: RollingSum;

  constructor(private readonly length: number) {
    this.warmupBars = length + 1;
    this.sum = new RollingSum(length);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const before = this.sum.value;
    out[0] = before > 0 ? (bars.volume[bars.index] * this.length) / before : NaN;
    this.sum.push(bars.volume, bars.index);
  }

  reset(): void {
    this.sum.clear();
  }
}
