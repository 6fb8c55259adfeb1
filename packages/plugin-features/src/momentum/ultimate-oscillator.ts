import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { BarTicks, CLOSE, HIGH, LOW } from '../numeric/bar-ticks.js';
import { inOrder } from '../numeric/in-order.js';
import { period } from '../numeric/price-source.js';
import { RollingSum } from '../numeric/rolling-sum.js';

/**
 * `ultimate-oscillator`: Williams' share of buying pressure in the true range, over three windows at once.
 *
 * Unit: points. Range: 0 to 100. Warm-up: `slow` + 1 bars, because the first bar has no close before it.
 *
 * Formula: 100 × (4 × s(fast) + 2 × s(medium) + s(slow)) / 7, where s(n) is Σ pressure / Σ range over n bars,
 * pressure = close − min(low, close[t − 1]) and range = max(high, close[t − 1]) − min(low, close[t − 1]). A window
 * without any range counts as one half (TA-Lib: 0).
 *
 * Source: L. Williams, "The Ultimate Oscillator", Technical Analysis of Stocks & Commodities 3 (1985).
 */
export const ultimateOscillator = defineFeature({
  params: z
    .strictObject({
      fast: period.default(7).describe('Bars of the first window, which counts four times.'),
      medium: period.default(14).describe('Bars of the second window, which counts twice; more than `fast`.'),
      slow: period.default(28).describe('Bars of the third window; more than `medium`.'),
    })
    .superRefine(inOrder('fast', 'medium', 'slow')),
  outputs: ['ultimateOscillator'],
  ahead: true,
  create: ({ params, instrument }) => new UltimateOscillator(params.fast, params.medium, params.slow, instrument.tickSize),
});

class UltimateOscillator implements Feature {
  readonly warmupBars: number;
  private readonly bar: BarTicks;
  private readonly fast: Share;
  private readonly medium: Share;
  private readonly slow: Share;
  /** Pressure and range of the newest bar, in ticks. */
  private readonly newest = new Float64Array(2);
  private previousClose = NaN;

  constructor(fast: number, medium: number, slow: number, tickSize: number) {
    this.warmupBars = slow + 1;
    this.bar = BarTicks.of(tickSize);
    this.fast = new Share(fast);
    this.medium = new Share(medium);
    this.slow = new Share(slow);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { newest, previousClose } = this;
    const { values } = this.bar;
    this.bar.read(bars);
    const close = values[CLOSE];
    this.previousClose = close;
    out[0] = NaN;
    if (previousClose !== previousClose) return;
    const low = values[LOW] < previousClose ? values[LOW] : previousClose;
    const high = values[HIGH] > previousClose ? values[HIGH] : previousClose;
    newest[0] = close - low;
    newest[1] = high - low;
    this.fast.push(newest);
    this.medium.push(newest);
    this.slow.push(newest);
    out[0] = (100 * (4 * this.fast.value + 2 * this.medium.value + this.slow.value)) / 7;
  }

  reset(): void {
    this.fast.clear();
    this.medium.clear();
    this.slow.clear();
    this.previousClose = NaN;
  }
}

/** The part of a rolling sum in another one. */
class Share {
  value = NaN;
  private readonly part: RollingSum;
  private readonly whole: RollingSum;

  constructor(length: number) {
    this.part = new RollingSum(length);
    this.whole = new RollingSum(length);
  }

  /** @param newest the part, then the whole */
  push(newest: Float64Array): void {
    this.part.push(newest, 0);
    this.whole.push(newest, 1);
    const whole = this.whole.value;
    this.value = whole > 0 ? this.part.value / whole : whole + 0.5;
  }

  clear(): void {
    this.value = NaN;
    this.part.clear();
    this.whole.clear();
  }
}
