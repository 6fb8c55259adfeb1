import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { period } from '../numeric/price-source.js';
import { RollingExtreme } from '../numeric/rolling-extreme.js';

/**
 * `donchian`: the channel between the highest high and the lowest low of the newest bars.
 *
 * Outputs: `middle` (the middle of the channel), `upper` (the highest high), `lower` (the lowest low), `width` (upper − lower
 * as a fraction of the middle), `position` (where the close stands: 0 at the lower edge, 1 at the upper). Unit: price, and
 * fractions for `width` and `position`. Range: `width` ≥ 0 for positive prices; `position` is from 0 to 1, unbounded with
 * `present: false`, and 0.5 where the channel has no width. Warm-up: `period` bars, or `period` + 1 with `present: false`.
 *
 * Formula: upper = highest high, lower = lowest low, middle = (upper + lower) / 2. With `present: false` the channel is that
 * of the `period` bars before the newest one, so that a bar that breaks out stands outside of it: with the newest bar in the
 * channel no close is ever above its upper edge.
 *
 * Source: R. D. Donchian, "Trend-following methods in commodity price analysis", Commodity Year Book (1957).
 */
export const donchian = defineFeature({
  params: z.strictObject({
    period: period.default(20).describe('Bars of the channel.'),
    present: z.boolean().default(true).describe('Whether the newest bar belongs to the channel; `false` to see it break out.'),
  }),
  outputs: ['middle', 'upper', 'lower', 'width', 'position'],
  ahead: true,
  create: ({ params }) => new Donchian(params.period, params.present),
});

class Donchian implements Feature {
  readonly warmupBars: number;
  private readonly highest: RollingExtreme;
  private readonly lowest: RollingExtreme;

  constructor(
    length: number,
    private readonly present: boolean,
  ) {
    this.warmupBars = present ? length : length + 1;
    this.highest = new RollingExtreme('highest', length);
    this.lowest = new RollingExtreme('lowest', length);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { highest, lowest } = this;
    if (this.present) this.take(bars);
    const upper = highest.value;
    const lower = lowest.value;
    const middle = (upper + lower) / 2;
    const height = upper - lower;
    out[0] = middle;
    out[1] = upper;
    out[2] = lower;
    out[3] = height / middle;
    // the other way for a height of NaN, which stays NaN, and of 0
    out[4] = height > 0 ? (bars.close[bars.index] - lower) / height : height + 0.5;
    if (!this.present) this.take(bars);
  }

  reset(): void {
    this.highest.clear();
    this.lowest.clear();
  }

  private take(bars: BarWindow): void {
    this.highest.push(bars.high, bars.index);
    this.lowest.push(bars.low, bars.index);
  }
}
