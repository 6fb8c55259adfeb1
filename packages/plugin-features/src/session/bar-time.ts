import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';

/**
 * `bar-time`: when the newest closed bar opened. Asked for of another instrument or timeframe it says how old that series
 * is: two series stand at the same moment when their times are equal.
 *
 * Unit: milliseconds since 1970-01-01 UTC. Range: above 0. Warm-up: 1 bar.
 *
 * Formula: the bar's own time.
 *
 * Source: none; it is a field of the bar.
 */
export const barTime = defineFeature({
  params: z.strictObject({}),
  outputs: ['bar-time'],
  ahead: true,
  create: () => new BarTime(),
});

class BarTime implements Feature {
  readonly warmupBars = 1;

  update(bars: BarWindow, out: Float64Array): void {
    out[0] = bars.time[bars.index];
  }

  reset(): void {}
}
