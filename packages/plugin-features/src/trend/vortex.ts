import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { BarTicks, CLOSE, HIGH, LOW } from '../numeric/bar-ticks.js';
import { period } from '../numeric/price-source.js';
import { RollingSum } from '../numeric/rolling-sum.js';

/**
 * `vortex`: how far highs reach from the lows before them, and lows from the highs before them, in true ranges.
 *
 * Outputs: `difference` (plus − minus), `plus` (the upward reach), `minus` (the downward reach). Unit: a ratio. Range: ≥ 0
 * for `plus` and `minus`, around 1; both are 1 where there is no true range. Warm-up: `period` + 1 bars.
 *
 * Formula: plus = Σ |high − low[t − 1]| / Σ range, minus = Σ |low − high[t − 1]| / Σ range, over `period` bars, with the true
 * range max(high, close[t − 1]) − min(low, close[t − 1]). Distances between prices on the tick grid are whole ticks, so
 * reaches that are equal on paper are equal.
 *
 * Source: E. Botes and D. Siepman, "The Vortex Indicator", Technical Analysis of Stocks & Commodities 28 (2010).
 */
export const vortex = defineFeature({
  params: z.strictObject({ period: period.default(14).describe('Bars that are summed.') }),
  outputs: ['difference', 'plus', 'minus'],
  ahead: true,
  create: ({ params, instrument }) => new Vortex(params.period, instrument.tickSize),
});

class Vortex implements Feature {
  readonly warmupBars: number;
  private readonly bar: BarTicks;
  private readonly plus: RollingSum;
  private readonly minus: RollingSum;
  private readonly range: RollingSum;
  /** Reach up, reach down and range of the newest bar, in ticks. */
  private readonly newest = new Float64Array(3);
  private high = NaN;
  private low = NaN;
  private close = NaN;

  constructor(length: number, tickSize: number) {
    this.warmupBars = length + 1;
    this.bar = BarTicks.of(tickSize);
    this.plus = new RollingSum(length);
    this.minus = new RollingSum(length);
    this.range = new RollingSum(length);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { newest, high, low, close } = this;
    const { values } = this.bar;
    this.bar.read(bars);
    this.high = values[HIGH];
    this.low = values[LOW];
    this.close = values[CLOSE];
    out[0] = NaN;
    out[1] = NaN;
    out[2] = NaN;
    if (close !== close) return;
    newest[0] = Math.abs(this.high - low);
    newest[1] = Math.abs(this.low - high);
    newest[2] = (this.high > close ? this.high : close) - (this.low < close ? this.low : close);
    this.plus.push(newest, 0);
    this.minus.push(newest, 1);
    this.range.push(newest, 2);
    const range = this.range.value;
    if (range > 0) {
      out[0] = (this.plus.value - this.minus.value) / range;
      out[1] = this.plus.value / range;
      out[2] = this.minus.value / range;
    } else if (range === 0) {
      out[0] = 0;
      out[1] = 1;
      out[2] = 1;
    }
  }

  reset(): void {
    this.plus.clear();
    this.minus.clear();
    this.range.clear();
    this.high = NaN;
    this.low = NaN;
    this.close = NaN;
  }
}
