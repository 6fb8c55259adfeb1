import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { ExponentialMean } from '../numeric/exponential-mean.js';
import { inOrder } from '../numeric/in-order.js';
import { Sample } from '../numeric/sample.js';
import { TickScale } from '../numeric/tick-scale.js';
import type { PriceSource } from '../numeric/price-source.js';
import { PriceReader, partsOf, period, priceSource } from '../numeric/price-source.js';

/**
 * `macd`: moving average convergence/divergence, the distance of a fast exponential average from a slow one.
 *
 * Outputs: `macd` (the distance), `signal` (its exponential average), `histogram` (macd − signal). Unit: price.
 * Range: unbounded, around 0. Warm-up: `slow` + `signal` − 1 bars, for all outputs.
 *
 * Formula: macd = ema(fast) − ema(slow), signal = ema(signal) of macd. Each average is seeded with the simple
 * mean of its own first values, so the fast one starts before the slow one. (TA-Lib starts both at the same
 * bar; the two agree to 1e-9 after about 20 × `slow` bars.)
 *
 * Source: G. Appel, *Technical Analysis: Power Tools for Active Investors* (2005), chapter 8.
 */
export const macd = defineFeature({
  params: z
    .strictObject({
      fast: period.default(12).describe('Bars of the fast average; less than `slow`.'),
      slow: period.default(26).describe('Bars of the slow average.'),
      signal: period.default(9).describe('Bars of the average of the distance.'),
      source: priceSource.default('close'),
    })
    .superRefine(inOrder('fast', 'slow')),
  outputs: ['macd', 'signal', 'histogram'],
  ahead: true,
  create: ({ params, instrument }) => new Macd(params.fast, params.slow, params.signal, params.source, instrument.tickSize),
});

class Macd implements Feature {
  readonly warmupBars: number;
  private readonly source: PriceReader;
  private readonly fast: ExponentialMean;
  private readonly slow: ExponentialMean;
  private readonly signal: ExponentialMean;
  /** A distance of averages has no grid: its ticks stay NaN. */
  private readonly distance = new Sample();

  constructor(fast: number, slow: number, signal: number, source: PriceSource, tickSize: number) {
    const parts = partsOf(source);
    this.warmupBars = slow + signal - 1;
    const scale = TickScale.of(tickSize, slow * parts);
    this.source = PriceReader.of(source, scale);
    this.fast = new ExponentialMean(scale, fast, parts);
    this.slow = new ExponentialMean(scale, slow, parts);
    this.signal = new ExponentialMean(scale, signal, 1);
  }

  update(bars: BarWindow, out: Float64Array): void {
    this.source.read(bars);
    this.fast.push(this.source.sample);
    this.slow.push(this.source.sample);
    this.distance.price = this.fast.value - this.slow.value;
    if (this.slow.value === this.slow.value) this.signal.push(this.distance);
    const signal = this.signal.value;
    out[0] = signal === signal ? this.distance.price : NaN;
    out[1] = signal;
    out[2] = this.distance.price - signal;
  }

  reset(): void {
    this.fast.clear();
    this.slow.clear();
    this.signal.clear();
  }
}
