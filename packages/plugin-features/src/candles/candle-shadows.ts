import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';

/**
 * `candle-shadows`: how far a bar went beyond its open and close.
 *
 * Outputs: `upper` (above both), `lower` (below both), `upperShare` (of the bar's range), `lowerShare` (of the bar's range).
 *
 * Unit: price; fractions. Range: ≥ 0; shares from 0 to 1, 0 where the bar has no range. Warm-up: 1 bar.
 *
 * Formula: high − max(open, close); min(open, close) − low; each over high − low.
 *
 * Source: S. Nison, *Japanese Candlestick Charting Techniques* (1991), chapter 3.
 */
export const candleShadows = defineFeature({
  params: z.strictObject({}),
  outputs: ['upper', 'lower', 'upperShare', 'lowerShare'],
  ahead: true,
  create: () => new CandleShadows(),
});

class CandleShadows implements Feature {
  readonly warmupBars = 1;

  update(bars: BarWindow, out: Float64Array): void {
    const i = bars.index;
    const open = bars.open[i];
    const close = bars.close[i];
    const range = bars.high[i] - bars.low[i];
    const upper = bars.high[i] - (close >= open ? close : open);
    const lower = (close >= open ? open : close) - bars.low[i];
    out[0] = upper;
    out[1] = lower;
    out[2] = range === 0 ? 0 : upper / range;
    out[3] = range === 0 ? 0 : lower / range;
  }

  reset(): void {}
}
