import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { AverageTrueRange } from '../numeric/average-true-range.js';
import { period } from '../numeric/price-source.js';
import { RollingExtreme } from '../numeric/rolling-extreme.js';

/**
 * `chandelier`: LeBeau's trailing stops, hung some average true ranges below the highest high and above the lowest low.
 *
 * Outputs: `long` (the stop of a long), `short` (the stop of a short). Unit: price. Range: `long` lies below the highest
 * high, `short` above the lowest low. Warm-up: `period` + 1 bars.
 *
 * Formula: long = highest high − multiplier × atr, short = lowest low + multiplier × atr, each over `period` bars. The
 * stops hang from the window, not from an entry: they can also move away from price. A stop that never gives way is the
 * tightest one since the entry.
 *
 * Source: A. Elder, *Come Into My Trading Room* (2002), chapter 6, after C. LeBeau.
 */
export const chandelier = defineFeature({
  params: z.strictObject({
    period: period.default(22).describe('Bars of the extremes and of the average true range.'),
    multiplier: z.number().positive().max(100).default(3).describe('Average ranges between the extreme and the stop.'),
  }),
  outputs: ['long', 'short'],
  ahead: true,
  create: ({ params }) => new Chandelier(params.period, params.multiplier),
});

class Chandelier implements Feature {
  readonly warmupBars: number;
  private readonly highest: RollingExtreme;
  private readonly lowest: RollingExtreme;
  private readonly range: AverageTrueRange;

  constructor(
    length: number,
    private readonly multiplier: number,
  ) {
    this.warmupBars = length + 1;
    this.highest = new RollingExtreme('highest', length);
    this.lowest = new RollingExtreme('lowest', length);
    this.range = new AverageTrueRange(length);
  }

  update(bars: BarWindow, out: Float64Array): void {
    this.highest.push(bars.high, bars.index);
    this.lowest.push(bars.low, bars.index);
    this.range.push(bars);
    const distance = this.multiplier * this.range.value;
    out[0] = this.highest.value - distance;
    out[1] = this.lowest.value + distance;
  }

  reset(): void {
    this.highest.clear();
    this.lowest.clear();
    this.range.clear();
  }
}
