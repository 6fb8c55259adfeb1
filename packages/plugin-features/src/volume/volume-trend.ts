import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { LinearSums } from '../numeric/linear-sums.js';

/**
 * `volume-trend`: by what share of its mean volume rises a bar: the slope of the straight line through the newest volumes.
 *
 * Unit: fraction of the mean a bar. Range: −6 / (`period` + 1) to 6 / (`period` + 1); no value where the window has no volume.
 * Warm-up: `period` bars. Needs: volume.
 *
 * Formula: slope / mean, where slope is that of the line of least squares through the volumes of the newest `period` bars.
 *
 * Source: the line of least squares: C. F. Gauss, *Theoria motus corporum coelestium* (1809); volume and trend: J. J. Murphy,
 * *Technical Analysis of the Financial Markets* (1999), chapter 7.
 */
export const volumeTrend = defineFeature({
  params: z.strictObject({ period: z.int().min(2).max(100_000).default(20).describe('Bars of the line; at least 2.') }),
  outputs: ['volumeTrend'],
  needs: ['volume'],
  ahead: true,
  create: ({ params }) => new VolumeTrend(params.period),
});

class VolumeTrend implements Feature {
  readonly warmupBars: number;
  private readonly sums: LinearSums;
  /** Middle of the weights, and the slope for one unit of the weighted sum around it. */
  private readonly middle: number;
  private readonly slopePerUnit: number;

  constructor(private readonly length: number) {
    this.warmupBars = length;
    this.sums = new LinearSums(length);
    this.middle = (length + 1) / 2;
    this.slopePerUnit = 12 / (length * (length * length - 1));
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { sums } = this;
    sums.push(bars.volume, bars.index);
    const mean = sums.origin + sums.sum / this.length;
    out[0] = sums.isFull && mean > 0 ? ((sums.weighted - this.middle * sums.sum) * this.slopePerUnit) / mean : NaN;
  }

  reset(): void {
    this.sums.clear();
  }
}
