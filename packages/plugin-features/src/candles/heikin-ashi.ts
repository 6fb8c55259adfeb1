import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';

/**
 * `heikin-ashi`: bars smoothed by their own middle, whose colour changes less often than that of the bars.
 *
 * Outputs: `close` (the middle of the bar), `open` (the middle of the smoothed bar before), `high` (highest of the bar and
 * these two), `low` (lowest).
 *
 * Unit: price. Range: `low` ≤ `open`, `close` ≤ `high`. Warm-up: 1 bar; the first open is forgotten by half on each bar.
 *
 * Formula: close = (o + h + l + c) / 4; open[t] = (open[t − 1] + close[t − 1]) / 2, the first one (o + c) / 2; high =
 * max(h, open, close), low = min(l, open, close). These are no prices that anyone traded at.
 *
 * Source: D. Valcu, "Using The Heikin-Ashi Technique", *Technical Analysis of Stocks & Commodities* 22 (2004).
 */
export const heikinAshi = defineFeature({
  params: z.strictObject({}),
  outputs: ['close', 'open', 'high', 'low'],
  ahead: true,
  create: () => new HeikinAshi(),
});

class HeikinAshi implements Feature {
  readonly warmupBars = 1;
  private nextOpen = NaN;

  update(bars: BarWindow, out: Float64Array): void {
    const i = bars.index;
    const high = bars.high[i];
    const low = bars.low[i];
    const close = (bars.open[i] + high + low + bars.close[i]) / 4;
    const before = this.nextOpen;
    const open = before === before ? before : (bars.open[i] + bars.close[i]) / 2;
    out[0] = close;
    out[1] = open;
    out[2] = Math.max(high, open, close);
    out[3] = Math.min(low, open, close);
    this.nextOpen = (open + close) / 2;
  }

  reset(): void {
    this.nextOpen = NaN;
  }
}
