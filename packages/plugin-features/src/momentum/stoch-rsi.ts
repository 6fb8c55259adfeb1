import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import type { PriceSource } from '../numeric/price-source.js';
import { period, priceSource } from '../numeric/price-source.js';
import { RollingExtreme } from '../numeric/rolling-extreme.js';
import { Rsi } from './rsi.js';
import { StochasticLines } from './stochastic-lines.js';

/**
 * `stoch-rsi`: the stochastic oscillator of the relative strength index, where the index stands in its own range.
 *
 * Outputs: `k` (the smoothed place of the index in its range), `d` (its signal line, smoothed once more).
 * Unit: points. Range: 0 to 100. Warm-up: `period` + `range` + `slowing` + `signal` − 2 bars.
 *
 * Formula: raw = 100 × (rsi − lowest rsi) / (highest rsi − lowest rsi) over `range` bars, with `rsi` of `period`
 * bars; k is the simple mean of the newest `slowing` raw values, d the simple mean of the newest `signal` values
 * of k. With `slowing: 1` k is the oscillator of the source (there from 0 to 1) and of TA-Lib. A range lower
 * than 1e-9 points is only rounding noise, and counts as 50 (TA-Lib: 0 to 100, as the noise has it).
 *
 * Source: T. S. Chande and S. Kroll, *The New Technical Trader* (1994), chapter 7.
 */
export const stochRsi = defineFeature({
  params: z.strictObject({
    period: period.default(14).describe('Bars of the relative strength index.'),
    range: period.default(14).describe('Bars of the range that the index is placed in.'),
    slowing: period.default(3).describe('Raw values that `k` is the mean of; 1 for none.'),
    signal: period.default(3).describe('Values of `k` that `d` is the mean of.'),
    source: priceSource.default('close'),
  }),
  outputs: ['k', 'd'],
  ahead: true,
  create: ({ params, instrument }) => new StochRsi(params.period, params.range, params.slowing, params.signal, params.source, instrument.tickSize),
});

/** Wilder's means of the same two numbers over and over differ in the last digits, and so does an index that stands still. */
const NOISE = 1e-9;

class StochRsi implements Feature {
  readonly warmupBars: number;
  private readonly rsi: Rsi;
  private readonly highest: RollingExtreme;
  private readonly lowest: RollingExtreme;
  /** The index, its lowest and its highest. */
  private readonly range = new Float64Array(3);
  private readonly lines: StochasticLines;

  constructor(length: number, range: number, slowing: number, signal: number, source: PriceSource, tickSize: number) {
    this.rsi = new Rsi(length, source, tickSize);
    this.highest = new RollingExtreme('highest', range);
    this.lowest = new RollingExtreme('lowest', range);
    this.lines = new StochasticLines(slowing, signal, NOISE);
    this.warmupBars = length + range + this.lines.warmupBars;
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { range } = this;
    this.rsi.update(bars, range);
    // NaN before the index is warm, which must not count as a bar of the range
    if (range[0] === range[0]) {
      this.highest.push(range, 0);
      this.lowest.push(range, 0);
    }
    range[1] = this.lowest.value;
    range[2] = this.highest.value;
    this.lines.push(range, out);
  }

  reset(): void {
    this.rsi.reset();
    this.highest.clear();
    this.lowest.clear();
    this.lines.clear();
  }
}
