import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { ExponentialMean } from '../numeric/exponential-mean.js';
import { period } from '../numeric/price-source.js';
import { Sample } from '../numeric/sample.js';
import { TickScale } from '../numeric/tick-scale.js';

/**
 * `chaikin-volatility`: by how much the average bar has become wider.
 *
 * Unit: percent. Range: ≥ −100; no value where the average bar of then had no range. Warm-up: `period` + `change` bars.
 *
 * Formula: 100 × (e[t] / e[t − change] − 1), where e is the exponential mean of high − low over `period` bars, seeded with
 * the simple mean of its first `period` values.
 *
 * Source: S. B. Achelis, *Technical Analysis from A to Z* (2000), "Volatility, Chaikin's".
 */
export const chaikinVolatility = defineFeature({
  params: z.strictObject({
    period: period.default(10).describe('Bars of the exponential mean of the range.'),
    change: period.default(10).describe('Bars over which the mean is compared with itself.'),
  }),
  outputs: ['chaikinVolatility'],
  ahead: true,
  create: ({ params }) => new ChaikinVolatility(params.period, params.change),
});

class ChaikinVolatility implements Feature {
  readonly warmupBars: number;
  private readonly range = new Sample();
  private readonly mean: ExponentialMean;
  /** The means of the bars before. */
  private readonly means: Float64Array;
  private next = 0;

  constructor(length: number, change: number) {
    this.warmupBars = length + change;
    this.mean = new ExponentialMean(TickScale.of(1, length), length, 1);
    this.means = new Float64Array(change).fill(NaN);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { means, next } = this;
    this.range.price = bars.high[bars.index] - bars.low[bars.index];
    this.mean.push(this.range);
    const mean = this.mean.value;
    const before = means[next];
    means[next] = mean;
    this.next = next + 1 === means.length ? 0 : next + 1;
    out[0] = before > 0 ? (100 * (mean - before)) / before : NaN;
  }

  reset(): void {
    this.mean.clear();
    this.means.fill(NaN);
    this.next = 0;
  }
}
