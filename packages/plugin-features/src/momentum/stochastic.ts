import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { BarTicks, CLOSE, HIGH, LOW } from '../numeric/bar-ticks.js';
import { period } from '../numeric/price-source.js';
import { RollingRange } from '../numeric/rolling-range.js';
import { StochasticLines } from './stochastic-lines.js';

/**
 * `stochastic`: Lane's stochastic oscillator, where the close stands in the range of the newest bars.
 *
 * Outputs: `k` (the smoothed place of the close in the range), `d` (its signal line, smoothed once more).
 * Unit: points. Range: 0 to 100. Warm-up: `period` + `slowing` + `signal` − 2 bars.
 *
 * Formula: raw = 100 × (close − lowest low) / (highest high − lowest low) over `period` bars; k is the simple
 * mean of the newest `slowing` raw values, d the simple mean of the newest `signal` values of k, as in TA-Lib.
 * With `slowing: 1` this is the fast stochastic, with 3 the slow one. A range without height counts as 50: the
 * close is neither high nor low in it (TA-Lib: 0).
 *
 * Source: G. C. Lane, "Lane's Stochastics", Technical Analysis of Stocks & Commodities 2 (1984).
 */
export const stochastic = defineFeature({
  params: z.strictObject({
    period: period.default(14).describe('Bars of the range.'),
    slowing: period.default(3).describe('Raw values that `k` is the mean of; 1 for the fast stochastic.'),
    signal: period.default(3).describe('Values of `k` that `d` is the mean of.'),
  }),
  outputs: ['k', 'd'],
  ahead: true,
  create: ({ params, instrument }) => new Stochastic(params.period, params.slowing, params.signal, instrument.tickSize),
});

class Stochastic implements Feature {
  readonly warmupBars: number;
  private readonly bar: BarTicks;
  private readonly range: RollingRange;
  /** The close, its lowest and its highest. */
  private readonly place = new Float64Array(3);
  private readonly lines: StochasticLines;

  constructor(length: number, slowing: number, signal: number, tickSize: number) {
    this.bar = BarTicks.of(tickSize);
    this.range = new RollingRange(length);
    this.lines = new StochasticLines(slowing, signal, 0);
    this.warmupBars = length + this.lines.warmupBars;
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { values } = this.bar;
    this.bar.read(bars);
    this.range.push(values, HIGH, values, LOW);
    this.place[0] = values[CLOSE];
    this.place[1] = this.range.lowest;
    this.place[2] = this.range.highest;
    this.lines.push(this.place, out);
  }

  reset(): void {
    this.range.clear();
    this.lines.clear();
  }
}
