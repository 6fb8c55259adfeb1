import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { inOrder } from '../numeric/in-order.js';
import { PriceReader, period } from '../numeric/price-source.js';
import { RollingMean } from '../numeric/rolling-mean.js';
import { TickScale } from '../numeric/tick-scale.js';

/**
 * `awesome-oscillator`: Williams' distance of a fast average of the bars' middles from a slow one.
 *
 * Unit: price. Range: unbounded, around 0. Warm-up: `slow` bars.
 *
 * Formula: sma(fast) − sma(slow) of (high + low) / 2. Prices on the tick grid are summed exactly, so averages that
 * are equal on paper have a distance of exactly 0.
 *
 * Source: B. M. Williams, *New Trading Dimensions* (1998), chapter 7.
 */
export const awesomeOscillator = defineFeature({
  params: z
    .strictObject({
      fast: period.default(5).describe('Bars of the fast average; less than `slow`.'),
      slow: period.default(34).describe('Bars of the slow average.'),
    })
    .superRefine(inOrder('fast', 'slow')),
  outputs: ['awesomeOscillator'],
  ahead: true,
  create: ({ params, instrument }) => new AwesomeOscillator(params.fast, params.slow, instrument.tickSize),
});

class AwesomeOscillator implements Feature {
  readonly warmupBars: number;
  private readonly source: PriceReader;
  private readonly fast: RollingMean;
  private readonly slow: RollingMean;

  constructor(fast: number, slow: number, tickSize: number) {
    this.warmupBars = slow;
    const scale = TickScale.of(tickSize, slow * 2);
    this.source = PriceReader.of('hl2', scale);
    this.fast = new RollingMean(scale, fast, 2);
    this.slow = new RollingMean(scale, slow, 2);
  }

  update(bars: BarWindow, out: Float64Array): void {
    this.source.read(bars);
    this.fast.push(this.source.sample);
    this.slow.push(this.source.sample);
    out[0] = this.fast.value - this.slow.value;
  }

  reset(): void {
    this.fast.clear();
    this.slow.clear();
  }
}
