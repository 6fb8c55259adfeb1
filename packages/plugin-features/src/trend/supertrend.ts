import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { AverageTrueRange } from '../numeric/average-true-range.js';
import { period } from '../numeric/price-source.js';

/**
 * `supertrend`: a trailing line some average ranges away from price that changes sides when the close crosses it.
 *
 * Outputs: `line` (the lower band in an up-trend, the upper one in a down-trend), `direction` (1 up, −1 down). Unit: price,
 * and 1 or −1 for `direction`. Range: a line below the close has direction 1, one above it −1. Warm-up: `period` + 1 bars.
 *
 * Formula: the bands are (high + low) / 2 ± multiplier × atr(period). The lower band never falls, unless the close before
 * was below it; the upper band never rises, unless the close before was above it. An up-trend ends on a close below the lower
 * band, a down-trend on a close above the upper band; a close on the band changes nothing. The first direction is up where
 * the close is not below (high + low) / 2, and down otherwise. A flip is final once its bar has closed.
 *
 * Source: O. Seban, *Tout le monde mérite d'être riche* (2008).
 */
export const supertrend = defineFeature({
  params: z.strictObject({
    period: period.default(10).describe('Bars of the average true range.'),
    multiplier: z.number().positive().max(100).default(3).describe('Average ranges between the middle and a band.'),
  }),
  outputs: ['line', 'direction'],
  ahead: true,
  create: ({ params }) => new Supertrend(params.period, params.multiplier),
});

class Supertrend implements Feature {
  readonly warmupBars: number;
  private readonly range: AverageTrueRange;
  /** 0 before the first. */
  private direction: -1 | 0 | 1 = 0;
  private upper = NaN;
  private lower = NaN;
  private close = NaN;

  constructor(
    length: number,
    private readonly multiplier: number,
  ) {
    this.warmupBars = length + 1;
    this.range = new AverageTrueRange(length);
  }

  update(bars: BarWindow, out: Float64Array): void {
    this.range.push(bars);
    const middle = (bars.high[bars.index] + bars.low[bars.index]) / 2;
    const close = bars.close[bars.index];
    const distance = this.multiplier * this.range.value;
    out[0] = NaN;
    out[1] = NaN;
    if (distance !== distance) return;

    const upper = middle + distance;
    const lower = middle - distance;
    if (this.direction === 0) {
      this.upper = upper;
      this.lower = lower;
      this.direction = close >= middle ? 1 : -1;
    } else {
      if (upper < this.upper || this.close > this.upper) this.upper = upper;
      if (lower > this.lower || this.close < this.lower) this.lower = lower;
      if (this.direction > 0 ? close < this.lower : close > this.upper) this.direction = this.direction > 0 ? -1 : 1;
    }
    this.close = close;
    out[0] = this.direction > 0 ? this.lower : this.upper;
    out[1] = this.direction;
  }

  reset(): void {
    this.range.clear();
    this.direction = 0;
    this.upper = NaN;
    this.lower = NaN;
    this.close = NaN;
  }
}
