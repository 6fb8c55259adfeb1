import type { BarWindow } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { AverageTrueRange } from '../numeric/average-true-range.js';
import { LinearSums } from '../numeric/linear-sums.js';
import type { PriceSource } from '../numeric/price-source.js';
import { PriceReader, partsOf, period, priceSource } from '../numeric/price-source.js';
import { TickScale } from '../numeric/tick-scale.js';

/**
 * `trend-strength`: how many average true ranges price gains per bar along its line of best fit.
 *
 * Unit: average true ranges per bar, so that instruments and timeframes compare. Range: unbounded, around 0, seldom beyond
 * ±1; 0 where there is no range. Warm-up: max(`period`, `rangePeriod` + 1) bars.
 *
 * Formula: slope / atr(rangePeriod), with the slope of the least-squares line through the newest `period` prices,
 * 12 × Σ (k − (period + 1) / 2) × p[k] / (period × (period² − 1)), k from 1 for the oldest to `period` for the newest. Prices
 * on the tick grid are summed as whole ticks: a line that is flat on paper has a slope of exactly 0.
 *
 * Source: the slope in P. J. Kaufman, *Trading Systems and Methods* (2013), chapter 6; the range as its unit after J. W.
 * Wilder, *New Concepts in Technical Trading Systems* (1978), section III.
 */
export const trendStrength = defineFeature({
  params: z.strictObject({
    period: z.int().min(2).max(100_000).default(20).describe('Prices that the line is fitted to; at least 2.'),
    rangePeriod: period.default(14).describe('Bars of the average true range.'),
    source: priceSource.default('close'),
  }),
  outputs: ['trendStrength'],
  ahead: true,
  create: ({ params, instrument }) => new TrendStrength(params.period, params.rangePeriod, params.source, instrument.tickSize),
});

class TrendStrength implements Feature {
  readonly warmupBars: number;
  private readonly source: PriceReader;
  private readonly sums: LinearSums;
  private readonly range: AverageTrueRange;
  /** The newest price in ticks, or the sum of its parts. */
  private readonly newest = new Float64Array(1);
  private readonly middle: number;
  private readonly perSum: number;

  constructor(
    length: number,
    rangeLength: number,
    source: PriceSource,
    private readonly tickSize: number,
  ) {
    const parts = partsOf(source);
    this.warmupBars = Math.max(length, rangeLength + 1);
    this.source = PriceReader.of(source, TickScale.of(tickSize, parts));
    this.sums = new LinearSums(length);
    this.range = new AverageTrueRange(rangeLength);
    this.middle = (length + 1) / 2;
    this.perSum = (12 * tickSize) / (parts * length * (length * length - 1));
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { sums } = this;
    this.source.read(bars);
    const { ticks, price } = this.source.sample;
    this.newest[0] = ticks === ticks ? ticks : price / this.tickSize;
    sums.push(this.newest, 0);
    this.range.push(bars);
    const range = this.range.value;
    if (sums.isFull && range === range) out[0] = range > 0 ? ((sums.weighted - this.middle * sums.sum) * this.perSum) / range : 0;
    else out[0] = NaN;
  }

  reset(): void {
    this.sums.clear();
    this.range.clear();
  }
}
