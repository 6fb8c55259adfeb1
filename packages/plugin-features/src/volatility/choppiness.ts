import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { BarTicks, CLOSE, HIGH, LOW } from '../numeric/bar-ticks.js';
import { RollingRange } from '../numeric/rolling-range.js';
import { RollingSum } from '../numeric/rolling-sum.js';

/**
 * `choppiness`: whether price goes to and fro (near 100) or straight on (near 0): the way it went over the way it got.
 *
 * Unit: points. Range: 0 to 100; no value where nothing moved. Warm-up: `period` + 1 bars, because the first bar has no
 * close before it.
 *
 * Formula: 100 × log(Σ true range / (highest true high − lowest true low)) / log(period), over `period` bars. The true high
 * is max(high, close[t − 1]), the true low min(low, close[t − 1]), the true range their distance. Distances of prices on
 * the tick grid are whole ticks, so a straight way gives exactly 0.
 *
 * Source: E. W. Dreiss, "The Choppiness Index" (1993), in C. LeBeau's *Technical Traders Bulletin*.
 */
export const choppiness = defineFeature({
  params: z.strictObject({ period: z.int().min(2).max(100_000).default(14).describe('Bars of the way; at least 2.') }),
  outputs: ['choppiness'],
  ahead: true,
  create: ({ params, instrument }) => new Choppiness(params.period, instrument.tickSize),
});

const [RANGE, TRUE_HIGH, TRUE_LOW] = [0, 1, 2];

class Choppiness implements Feature {
  readonly warmupBars: number;
  private readonly ticks: BarTicks;
  private readonly range: RollingRange;
  private readonly way: RollingSum;
  private readonly parts = new Float64Array(3);
  private readonly factor: number;
  private previousClose = NaN;
  private isFirst = true;

  constructor(length: number, tickSize: number) {
    this.warmupBars = length + 1;
    this.ticks = BarTicks.of(tickSize);
    this.range = new RollingRange(length);
    this.way = new RollingSum(length);
    this.factor = 100 / Math.log(length);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { parts } = this;
    const { values } = this.ticks;
    this.ticks.read(bars);
    const before = this.previousClose;
    this.previousClose = values[CLOSE];
    if (this.isFirst) {
      this.isFirst = false;
      out[0] = NaN;
      return;
    }
    const high = values[HIGH] > before ? values[HIGH] : before;
    const low = values[LOW] < before ? values[LOW] : before;
    parts[TRUE_HIGH] = high;
    parts[TRUE_LOW] = low;
    parts[RANGE] = high - low;
    this.range.push(parts, TRUE_HIGH, parts, TRUE_LOW);
    this.way.push(parts, RANGE);
    const range = this.range.highest - this.range.lowest;
    out[0] = range > 0 ? this.factor * Math.log(this.way.value / range) : NaN;
  }

  reset(): void {
    this.range.clear();
    this.way.clear();
    this.previousClose = NaN;
    this.isFirst = true;
  }
}
