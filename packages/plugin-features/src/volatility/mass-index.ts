import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { ExponentialMean } from '../numeric/exponential-mean.js';
import { period } from '../numeric/price-source.js';
import { RollingSum } from '../numeric/rolling-sum.js';
import { Sample } from '../numeric/sample.js';
import { TickScale } from '../numeric/tick-scale.js';

/**
 * `mass-index`: whether bars widen and narrow again, which may foretell a reversal (a rise above 27, then below 26.5).
 *
 * Unit: ratio, summed: `period` where the range stays as it is. Range: ≥ 0. Warm-up: `period` + 2 × `smoothing` − 2 bars.
 *
 * Formula: the sum over `period` bars of e / ee, where e is the exponential mean of high − low over `smoothing` bars and ee
 * the exponential mean of e likewise, each seeded with the simple mean of its first values. The ratio is 1 where ee is 0.
 *
 * Source: D. Dorsey, "The Mass Index", *Technical Analysis of Stocks & Commodities* (June 1992).
 */
export const massIndex = defineFeature({
  params: z.strictObject({
    period: period.default(25).describe('Ratios that are summed.'),
    smoothing: period.default(9).describe('Bars of both exponential means.'),
  }),
  outputs: ['massIndex'],
  ahead: true,
  create: ({ params }) => new MassIndex(params.period, params.smoothing),
});

class MassIndex implements Feature {
  readonly warmupBars: number;
  private readonly sample = new Sample();
  private readonly single: ExponentialMean;
  private readonly double: ExponentialMean;
  private readonly ratio = new Float64Array(1);
  private readonly sum: RollingSum;

  constructor(length: number, smoothing: number) {
    this.warmupBars = length + 2 * smoothing - 2;
    const scale = TickScale.of(1, smoothing);
    this.single = new ExponentialMean(scale, smoothing, 1);
    this.double = new ExponentialMean(scale, smoothing, 1);
    this.sum = new RollingSum(length);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { sample } = this;
    sample.price = bars.high[bars.index] - bars.low[bars.index];
    this.single.push(sample);
    const single = this.single.value;
    if (single === single) {
      sample.price = single;
      this.double.push(sample);
      const double = this.double.value;
      if (double === double) {
        this.ratio[0] = double === 0 ? 1 : single / double;
        this.sum.push(this.ratio, 0);
      }
    }
    out[0] = this.sum.value;
  }

  reset(): void {
    this.single.clear();
    this.double.clear();
    this.sum.clear();
  }
}
