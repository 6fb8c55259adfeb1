import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { BarTicks, CLOSE, HIGH, LOW } from '../numeric/bar-ticks.js';
import { period } from '../numeric/price-source.js';

/**
 * `adx`: Wilder's average directional index, how strong a trend is, with the two lines that say where it goes.
 *
 * Outputs: `adx` (the strength, up or down), `plusDi` (the upward movement's share of the true range), `minusDi` (the
 * downward one's). Unit: points. Range: 0 to 100. Warm-up: 2 × `period` bars, for all outputs.
 *
 * Formula: a bar's upward movement is high − high[t − 1] where that is positive and larger than low[t − 1] − low, the
 * downward one its mirror image; where both are equal, neither counts. Movements and true ranges are summed over the first
 * `period` − 1 bars and then smoothed as s[t] = s[t − 1] − s[t − 1] / period + x[t]; plusDi = 100 × up / range, minusDi =
 * 100 × down / range, dx = 100 × |plusDi − minusDi| / (plusDi + minusDi). The index is Wilder's mean of dx, seeded with the
 * simple mean of the first `period`, all as in TA-Lib. Where nothing moved, plusDi and minusDi are 0, dx counts as 0 in the
 * seed, and the index stays as it is afterwards.
 *
 * Movements between prices on the tick grid are whole ticks, so those that are equal on paper are equal.
 *
 * Source: J. W. Wilder, *New Concepts in Technical Trading Systems* (1978), section IV.
 */
export const adx = defineFeature({
  params: z.strictObject({ period: period.default(14).describe('Bars of each smoothing.') }),
  outputs: ['adx', 'plusDi', 'minusDi'],
  ahead: true,
  create: ({ params, instrument }) => new Adx(params.period, instrument.tickSize),
});

class Adx implements Feature {
  readonly warmupBars: number;
  private readonly bar: BarTicks;
  private changes = -1;
  private high = NaN;
  private low = NaN;
  private close = NaN;
  private up = 0;
  private down = 0;
  private range = 0;
  private mean = 0;

  constructor(
    private readonly length: number,
    tickSize: number,
  ) {
    this.warmupBars = 2 * length;
    this.bar = BarTicks.of(tickSize);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { length } = this;
    const { values } = this.bar;
    this.bar.read(bars);
    const { high, low, close } = this;
    this.high = values[HIGH];
    this.low = values[LOW];
    this.close = values[CLOSE];
    out[0] = NaN;
    out[1] = NaN;
    out[2] = NaN;
    if (++this.changes === 0) return;

    const rise = this.high - high;
    const fall = low - this.low;
    if (this.changes >= length) {
      this.up -= this.up / length;
      this.down -= this.down / length;
      this.range -= this.range / length;
    }
    if (rise > 0 && rise > fall) this.up += rise;
    if (fall > 0 && fall > rise) this.down += fall;
    this.range += (this.high > close ? this.high : close) - (this.low < close ? this.low : close);
    if (this.changes < length) return;

    const plusDi = this.range > 0 ? (100 * this.up) / this.range : 0;
    const minusDi = this.range > 0 ? (100 * this.down) / this.range : 0;
    const both = plusDi + minusDi;
    const dx = both > 0 ? (100 * Math.abs(plusDi - minusDi)) / both : NaN;
    if (this.changes >= 2 * length) {
      if (dx === dx) this.mean = (this.mean * (length - 1) + dx) / length;
    } else {
      if (dx === dx) this.mean += dx;
      if (this.changes < 2 * length - 1) return;
      this.mean /= length;
    }
    out[0] = this.mean;
    out[1] = plusDi;
    out[2] = minusDi;
  }

  reset(): void {
    this.changes = -1;
    this.high = NaN;
    this.low = NaN;
    this.close = NaN;
    this.up = 0;
    this.down = 0;
    this.range = 0;
    this.mean = 0;
  }
}
