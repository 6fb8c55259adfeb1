import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { ExponentialMean } from '../numeric/exponential-mean.js';
import { inOrder } from '../numeric/in-order.js';
import type { PriceSource } from '../numeric/price-source.js';
import { PriceReader, partsOf, period, priceSource } from '../numeric/price-source.js';
import { Sample } from '../numeric/sample.js';
import { TickScale } from '../numeric/tick-scale.js';

/**
 * `ppo`: percentage price oscillator, `macd` in percent of the slow average, so that instruments compare.
 *
 * Outputs: `ppo` (the distance in percent), `signal` (its exponential average), `histogram` (ppo − signal).
 * Unit: percent. Range: unbounded, around 0. Warm-up: `slow` + `signal` − 1 bars.
 *
 * Formula: ppo = 100 × (ema(fast) − ema(slow)) / ema(slow), signal = ema(signal) of ppo. Averages are seeded as
 * those of `macd`. No value where the slow average is 0.
 *
 * Source: G. Appel, *Technical Analysis: Power Tools for Active Investors* (2005), chapter 8.
 */
export const ppo = defineFeature({
  params: z
    .strictObject({
      fast: period.default(12).describe('Bars of the fast average; less than `slow`.'),
      slow: period.default(26).describe('Bars of the slow average.'),
      signal: period.default(9).describe('Values of `ppo` that the signal line averages.'),
      source: priceSource.default('close'),
    })
    .superRefine(inOrder('fast', 'slow')),
  outputs: ['ppo', 'signal', 'histogram'],
  ahead: true,
  create: ({ params, instrument }) => new Ppo(params.fast, params.slow, params.signal, params.source, instrument.tickSize),
});

class Ppo implements Feature {
  readonly warmupBars: number;
  private readonly source: PriceReader;
  private readonly fast: ExponentialMean;
  private readonly slow: ExponentialMean;
  private readonly signal: ExponentialMean;
  /** A percentage has no grid: its ticks stay NaN. */
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
    const slow = this.slow.value;
    const distance = (100 * (this.fast.value - slow)) / slow;
    out[0] = NaN;
    out[1] = NaN;
    out[2] = NaN;
    // neither NaN nor infinite, which the signal line would never forget
    if (distance - distance !== 0) return;
    this.distance.price = distance;
    this.signal.push(this.distance);
    const signal = this.signal.value;
    if (signal !== signal) return;
    out[0] = distance;
    out[1] = signal;
    out[2] = distance - signal;
  }

  reset(): void {
    this.fast.clear();
    this.slow.clear();
    this.signal.clear();
  }
}
