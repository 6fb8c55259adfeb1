import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';

/**
 * `candle-body`: how far a bar closed from its open.
 *
 * Outputs: `body` (close − open), `share` (of the bar's range).
 *
 * Unit: price; a fraction. Range: `share` from −1 to 1; 0 where the bar has no range. Warm-up: 1 bar.
 *
 * Formula: close − open; (close − open) / (high − low).
 *
 * Source: S. Nison, *Japanese Candlestick Charting Techniques* (1991), chapter 3.
 */
export const candleBody = defineFeature({
  params: z.strictObject({}),
  outputs: ['body', 'share'],
  ahead: true,
  create: () => new CandleBody(),
});

class CandleBody implements Feature {
  readonly warmupBars = 1;

  update(bars: BarWindow, out: Float64Array): void {
    const i = bars.index;
    const body = bars.close[i] - bars.open[i];
    const range = bars.high[i] - bars.low[i];
    out[0] = body;
    out[1] = range === 0 ? 0 : body / range;
  }

  reset(): void {}
}
