import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { ExponentialMean } from '../numeric/exponential-mean.js';
import type { PriceSource } from '../numeric/price-source.js';
import { PriceReader, partsOf, period, priceSource } from '../numeric/price-source.js';
import { Sample } from '../numeric/sample.js';
import { TickScale } from '../numeric/tick-scale.js';

/**
 * `trix`: by how many percent a triple exponential average moves in one bar.
 *
 * Outputs: `trix` (the change in percent), `signal` (its exponential average). Unit: percent. Range: unbounded,
 * around 0. Warm-up: 3 × `period` + `signal` − 2 bars.
 *
 * Formula: trix = 100 × (e[t] − e[t − 1]) / e[t − 1], with e = ema(period) of ema(period) of ema(period) of the
 * price; signal = ema(signal) of trix. Each average is seeded with the simple mean of its own first values. No
 * value where e[t − 1] is 0.
 *
 * Source: J. K. Hutson, "Good Trix", Technical Analysis of Stocks & Commodities 1 (1983).
 */
export const trix = defineFeature({
  params: z.strictObject({
    period: period.default(15).describe('Bars of each of the three averages.'),
    signal: period.default(9).describe('Values of `trix` that the signal line averages.'),
    source: priceSource.default('close'),
  }),
  outputs: ['trix', 'signal'],
  ahead: true,
  create: ({ params, instrument }) => new Trix(params.period, params.signal, params.source, instrument.tickSize),
});

class Trix implements Feature {
  readonly warmupBars: number;
  private readonly source: PriceReader;
  private readonly first: ExponentialMean;
  private readonly second: ExponentialMean;
  private readonly third: ExponentialMean;
  private readonly signal: ExponentialMean;
  /** An average has no grid: its ticks stay NaN. */
  private readonly sample = new Sample();

  constructor(length: number, signal: number, source: PriceSource, tickSize: number) {
    const parts = partsOf(source);
    this.warmupBars = 3 * length + signal - 2;
    const scale = TickScale.of(tickSize, length * parts);
    this.source = PriceReader.of(source, scale);
    this.first = new ExponentialMean(scale, length, parts);
    this.second = new ExponentialMean(scale, length, 1);
    this.third = new ExponentialMean(scale, length, 1);
    this.signal = new ExponentialMean(scale, signal, 1);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { sample } = this;
    out[0] = NaN;
    out[1] = NaN;
    this.source.read(bars);
    this.first.push(this.source.sample);
    sample.price = this.first.value;
    if (sample.price !== sample.price) return;
    this.second.push(sample);
    sample.price = this.second.value;
    if (sample.price !== sample.price) return;
    const before = this.third.value;
    this.third.push(sample);
    const change = (100 * (this.third.value - before)) / before;
    // neither NaN nor infinite, which the signal line would never forget
    if (change - change !== 0) return;
    sample.price = change;
    this.signal.push(sample);
    const signal = this.signal.value;
    out[0] = signal === signal ? change : NaN;
    out[1] = signal;
  }

  reset(): void {
    this.first.clear();
    this.second.clear();
    this.third.clear();
    this.signal.clear();
  }
}
