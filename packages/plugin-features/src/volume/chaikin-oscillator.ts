import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { inOrder } from '../numeric/in-order.js';
import { period } from '../numeric/price-source.js';
import { closeLocation } from './close-location.js';

/**
 * `chaikin-oscillator`: momentum of accumulation and distribution, a fast average of the line less a slow one.
 *
 * Unit: volume. Range: unbounded, around 0. Warm-up: `slow` bars. Needs: volume.
 *
 * Formula: ema(fast) − ema(slow) of `accumulation-distribution`, both seeded with its value on the first bar, as in TA-Lib.
 * What is kept is each average's distance from the line, d[t] = (1 − 2 / (period + 1)) × (d[t − 1] − change of the line): the
 * line itself, however long, takes no digits.
 *
 * Source: M. Chaikin; S. B. Achelis, *Technical Analysis from A to Z* (2000), "Chaikin Oscillator".
 */
export const chaikinOscillator = defineFeature({
  params: z
    .strictObject({
      fast: period.default(3).describe('Bars of the fast average; less than `slow`.'),
      slow: period.default(10).describe('Bars of the slow average.'),
    })
    .superRefine(inOrder('fast', 'slow')),
  outputs: ['chaikinOscillator'],
  needs: ['volume'],
  ahead: true,
  create: ({ params }) => new ChaikinOscillator(params.fast, params.slow),
});

class ChaikinOscillator implements Feature {
  readonly warmupBars: number;
  private readonly fastKept: number;
  private readonly slowKept: number;
  /** Distances of the averages from the line. */
  private fast = 0;
  private slow = 0;
  private bars = 0;

  constructor(fast: number, slow: number) {
    this.warmupBars = slow;
    this.fastKept = 1 - 2 / (fast + 1);
    this.slowKept = 1 - 2 / (slow + 1);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const i = bars.index;
    if (this.bars > 0) {
      const change = closeLocation(bars.high[i], bars.low[i], bars.close[i]) * bars.volume[i];
      this.fast = this.fastKept * (this.fast - change);
      this.slow = this.slowKept * (this.slow - change);
    }
    if (this.bars < this.warmupBars) this.bars++;
    out[0] = this.bars === this.warmupBars ? this.fast - this.slow : NaN;
  }

  reset(): void {
    this.fast = 0;
    this.slow = 0;
    this.bars = 0;
  }
}
