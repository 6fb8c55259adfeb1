import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';

/**
 * `inside-bar`: whether a bar stays within the range of the one before.
 *
 * Unit: none. Range: 1 or 0. Warm-up: 2 bars.
 *
 * Formula: 1 where high ≤ high[t − 1] and low ≥ low[t − 1], one of the two strictly. So two bars of the same range are
 * neither inside nor outside.
 *
 * Source: T. Crabel, *Day Trading with Short Term Price Patterns and Opening Range Breakout* (1990).
 */
export const insideBar = defineFeature({
  params: z.strictObject({}),
  outputs: ['inside'],
  ahead: true,
  create: () => new InsideBar(1),
});

/**
 * `outside-bar`: whether a bar goes beyond the range of the one before on both sides.
 *
 * Unit: none. Range: 1 or 0. Warm-up: 2 bars.
 *
 * Formula: 1 where high ≥ high[t − 1] and low ≤ low[t − 1], one of the two strictly.
 *
 * Source: T. Crabel, *Day Trading with Short Term Price Patterns and Opening Range Breakout* (1990).
 */
export const outsideBar = defineFeature({
  params: z.strictObject({}),
  outputs: ['outside'],
  ahead: true,
  create: () => new InsideBar(-1),
});

class InsideBar implements Feature {
  readonly warmupBars = 2;
  private high = NaN;
  private low = NaN;

  /** @param sign 1 for inside, −1 for outside */
  constructor(private readonly sign: 1 | -1) {}

  update(bars: BarWindow, out: Float64Array): void {
    const { sign } = this;
    const high = bars.high[bars.index];
    const low = bars.low[bars.index];
    const above = sign * (high - this.high);
    const below = sign * (this.low - low);
    if (above !== above || below !== below) out[0] = NaN;
    else out[0] = above <= 0 && below <= 0 && above + below < 0 ? 1 : 0;
    this.high = high;
    this.low = low;
  }

  reset(): void {
    this.high = NaN;
    this.low = NaN;
  }
}
