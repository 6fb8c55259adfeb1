import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { period } from '../numeric/price-source.js';
import { RollingExtreme } from '../numeric/rolling-extreme.js';

/**
 * `position-in-range`: where the close stands between the low and the high of the newest `period` bars.
 *
 * Unit: a fraction. Range: 0 (at the low) to 1 (at the high); 0.5 where there is no range. Warm-up: `period` bars.
 *
 * Formula: (close − lowest low) / (highest high − lowest low). With `period` 1, the bar's own range.
 *
 * Source: the internal bar strength for `period` 1; G. C. Lane's %K for longer ones, "Lane's Stochastics", *Technical
 * Analysis of Stocks & Commodities* 2 (1984).
 */
export const positionInRange = defineFeature({
  params: z.strictObject({ period: period.default(1).describe('Bars of the range.') }),
  outputs: ['position'],
  ahead: true,
  create: ({ params }) => new PositionInRange(params.period),
});

class PositionInRange implements Feature {
  readonly warmupBars: number;
  private readonly highest: RollingExtreme;
  private readonly lowest: RollingExtreme;

  constructor(length: number) {
    this.warmupBars = length;
    this.highest = new RollingExtreme('highest', length);
    this.lowest = new RollingExtreme('lowest', length);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { highest, lowest } = this;
    highest.push(bars.high, bars.index);
    lowest.push(bars.low, bars.index);
    const range = highest.value - lowest.value;
    out[0] = range === 0 ? 0.5 : (bars.close[bars.index] - lowest.value) / range;
  }

  reset(): void {
    this.highest.clear();
    this.lowest.clear();
  }
}
