import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { RollingMean } from '../numeric/rolling-mean.js';
import { RollingVariance } from '../numeric/rolling-variance.js';
import { Sample } from '../numeric/sample.js';
import { TickScale } from '../numeric/tick-scale.js';

/**
 * `volume-z-score`: by how many standard deviations the bar's volume is above its mean.
 *
 * Unit: standard deviations. Range: −√(`period` − 1) to √(`period` − 1); 0 where all volumes in the window are equal. Warm-up:
 * `period` bars. Needs: volume.
 *
 * Formula: (volume − mean) / deviation, both over the newest `period` bars, the bar itself among them; the deviation is the
 * population's. Volumes of whole lots are summed exactly.
 *
 * Source: R. A. Fisher, *Statistical Methods for Research Workers* (1925), on standard scores.
 */
export const volumeZScore = defineFeature({
  params: z.strictObject({ period: z.int().min(2).max(100_000).default(20).describe('Bars of the mean and of the deviation; at least 2.') }),
  outputs: ['volumeZScore'],
  needs: ['volume'],
  ahead: true,
  create: ({ params, instrument }) => new VolumeZScore(params.period, instrument.lotSize),
});

class VolumeZScore implements Feature {
  readonly warmupBars: number;
  private readonly scale: TickScale;
  private readonly sample = new Sample();
  private readonly mean: RollingMean;
  private readonly variance: RollingVariance;

  constructor(
    length: number,
    private readonly lotSize: number,
  ) {
    this.warmupBars = length;
    this.scale = TickScale.of(lotSize, length);
    this.mean = new RollingMean(this.scale, length, 1);
    this.variance = new RollingVariance(length, lotSize);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { sample } = this;
    sample.price = bars.volume[bars.index];
    this.scale.locate(sample);
    this.mean.push(sample);
    this.variance.push(sample);
    const variance = this.variance.value;
    out[0] = variance === 0 ? 0 : (sample.price - this.mean.value) / (Math.sqrt(variance) * this.lotSize);
  }

  reset(): void {
    this.mean.clear();
    this.variance.clear();
  }
}
