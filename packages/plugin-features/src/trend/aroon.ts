import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { period } from '../numeric/price-source.js';
import { RollingExtreme } from '../numeric/rolling-extreme.js';

/**
 * `aroon`: how fresh the newest high and the newest low are.
 *
 * Outputs: `oscillator` (up − down), `up` (100 on the bar of a new high, 0 when it is `period` bars old), `down` (the same
 * for the low). Unit: points. Range: 0 to 100, and −100 to 100 for `oscillator`. Warm-up: `period` + 1 bars.
 *
 * Formula: up = 100 × (period − bars since the highest high) / period over the newest `period` + 1 bars, down likewise
 * with the lowest low. Among equal highs or lows the newest counts, as in TA-Lib: a market that stands still is at 100 with
 * both.
 *
 * Source: T. S. Chande, "A time price oscillator", Technical Analysis of Stocks & Commodities 13 (1995).
 */
export const aroon = defineFeature({
  params: z.strictObject({ period: period.default(25).describe('Age of a high or a low, in bars, that counts as 0.') }),
  outputs: ['oscillator', 'up', 'down'],
  ahead: true,
  create: ({ params }) => new Aroon(params.period),
});

class Aroon implements Feature {
  readonly warmupBars: number;
  private readonly highest: RollingExtreme;
  private readonly lowest: RollingExtreme;

  constructor(private readonly length: number) {
    this.warmupBars = length + 1;
    this.highest = new RollingExtreme('highest', length + 1);
    this.lowest = new RollingExtreme('lowest', length + 1);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { highest, lowest, length } = this;
    highest.push(bars.high, bars.index);
    lowest.push(bars.low, bars.index);
    const up = highest.value === highest.value ? (100 * (length - highest.age)) / length : NaN;
    const down = lowest.value === lowest.value ? (100 * (length - lowest.age)) / length : NaN;
    out[0] = up - down;
    out[1] = up;
    out[2] = down;
  }

  reset(): void {
    this.highest.clear();
    this.lowest.clear();
  }
}
