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
 * `tsi`: Blau's true strength index, the twice smoothed change of price as a share of its twice smoothed size.
 *
 * Outputs: `tsi` (the index), `signal` (its exponential average). Unit: points. Range: −100 to 100; 0 where price
 * has not moved at all. Warm-up: `long` + `short` + `signal` − 1 bars.
 *
 * Formula: tsi = 100 × ema(short) of ema(long) of m / ema(short) of ema(long) of |m|, with m = p[t] − p[t − 1];
 * signal = ema(signal) of tsi. Each average is seeded with the simple mean of its own first values.
 *
 * Source: W. Blau, *Momentum, Direction, and Divergence* (1995), chapter 1.
 */
export const tsi = defineFeature({
  params: z.strictObject({
    long: period.default(25).describe('Changes that the first average smooths.'),
    short: period.default(13).describe('Values that the second average smooths.'),
    signal: period.default(7).describe('Values of `tsi` that the signal line averages.'),
    source: priceSource.default('close'),
  }),
  outputs: ['tsi', 'signal'],
  ahead: true,
  create: ({ params, instrument }) => new Tsi(params.long, params.short, params.signal, params.source, instrument.tickSize),
});

class Tsi implements Feature {
  readonly warmupBars: number;
  private readonly source: PriceReader;
  private readonly change: ExponentialMean;
  private readonly size: ExponentialMean;
  private readonly smoothChange: ExponentialMean;
  private readonly smoothSize: ExponentialMean;
  private readonly signal: ExponentialMean;
  /** Changes and averages of them have no grid: the ticks stay NaN. */
  private readonly sample = new Sample();
  private before = NaN;

  constructor(
    long: number,
    short: number,
    signal: number,
    source: PriceSource,
    private readonly tickSize: number,
  ) {
    this.warmupBars = long + short + signal - 1;
    const scale = TickScale.of(tickSize, partsOf(source));
    this.source = PriceReader.of(source, scale);
    this.change = new ExponentialMean(scale, long, 1);
    this.size = new ExponentialMean(scale, long, 1);
    this.smoothChange = new ExponentialMean(scale, short, 1);
    this.smoothSize = new ExponentialMean(scale, short, 1);
    this.signal = new ExponentialMean(scale, signal, 1);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { sample, before } = this;
    out[0] = NaN;
    out[1] = NaN;
    this.source.read(bars);
    const { ticks, price } = this.source.sample;
    // in ticks, whole where the price lies on the grid: the unit cancels
    const now = ticks === ticks ? ticks : price / this.tickSize;
    this.before = now;
    const change = now - before;
    if (change !== change) return;
    sample.price = change;
    this.change.push(sample);
    sample.price = Math.abs(change);
    this.size.push(sample);
    sample.price = this.change.value;
    if (sample.price !== sample.price) return;
    this.smoothChange.push(sample);
    sample.price = this.size.value;
    this.smoothSize.push(sample);
    const size = this.smoothSize.value;
    if (size !== size) return;
    sample.price = size > 0 ? (100 * this.smoothChange.value) / size : 0;
    this.signal.push(sample);
    const signal = this.signal.value;
    out[0] = signal === signal ? sample.price : NaN;
    out[1] = signal;
  }

  reset(): void {
    this.change.clear();
    this.size.clear();
    this.smoothChange.clear();
    this.smoothSize.clear();
    this.signal.clear();
    this.before = NaN;
  }
}
