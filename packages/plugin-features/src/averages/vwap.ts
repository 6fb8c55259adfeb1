import type { BarWindow, SessionCalendar } from '@keelson/core/domain';
import { toUtcMs } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { TickScale } from '../numeric/tick-scale.js';
import { WeightedMean } from '../numeric/weighted-mean.js';
import { GrowingWeightedVariance, RollingWeightedVariance } from '../numeric/weighted-variance.js';
import { WeightedWindow } from '../numeric/weighted-window.js';
import type { PriceSource } from '../numeric/price-source.js';
import { PriceReader, partsOf, period, priceSource } from '../numeric/price-source.js';

/**
 * `vwap`: volume-weighted average price, what the average contract or share changed hands at, in a band of some
 * standard deviations.
 *
 * Outputs: `vwap` (the average), `upper` (the upper edge), `lower` (the lower edge). Unit: price. Range: `vwap`
 * between the lowest and the highest price in the window; no value where the window has no volume. Warm-up: 1 bar,
 * or `period` bars for `window: bars`. Needs: volume.
 *
 * Formula: vwap = Σ price × volume / Σ volume; upper and lower = vwap ± deviations × standard deviation, the root of
 * Σ volume × (price − vwap)² / Σ volume. The sums are kept in two doubles, around the first price of the window, so
 * they do not drift, and bars of one price give exactly that price.
 *
 * Source: S. A. Berkowitz, D. E. Logue and E. A. Noser, "The total cost of transactions on the NYSE",
 * Journal of Finance 43 (1988).
 */
export const vwap = defineFeature({
  params: z.strictObject({
    window: z
      .enum(['session', 'bars'])
      .default('session')
      .describe("`session`: from the first bar of the session on, by the instrument's calendar; a bar outside of sessions counts to the one before. `bars`: the newest `period` bars."),
    period: period.default(20).describe('Bars, for `window: bars`.'),
    deviations: z.number().positive().max(100).default(2).describe('Half the band in standard deviations.'),
    source: priceSource.default('hlc3'),
  }),
  outputs: ['vwap', 'upper', 'lower'],
  needs: ['volume'],
  ahead: true,
  create: ({ params, instrument, calendar }) =>
    params.window === 'session'
      ? new SessionVwap(params.deviations, params.source, instrument.tickSize, calendar)
      : new RollingVwap(params.period, params.deviations, params.source, instrument.tickSize),
});

class SessionVwap implements Feature {
  readonly warmupBars = 1;
  private readonly source: PriceReader;
  private readonly mean: WeightedMean;
  private readonly variance = new GrowingWeightedVariance();
  private readonly width: number;
  /** From this time on a new session may have begun. */
  private until = -Infinity;

  constructor(
    deviations: number,
    source: PriceSource,
    tickSize: number,
    private readonly calendar: SessionCalendar,
  ) {
    const scale = TickScale.of(tickSize, partsOf(source));
    this.source = PriceReader.of(source, scale);
    this.mean = new WeightedMean(scale, partsOf(source));
    this.width = deviations / partsOf(source);
  }

  update(bars: BarWindow, out: Float64Array): void {
    if (bars.time[bars.index] >= this.until) this.enter(bars);
    this.source.read(bars);
    this.mean.add(this.source.sample, bars.volume, bars.index);
    this.mean.settle();
    this.variance.add(this.source.sample, bars.volume, bars.index);
    const spread = Math.sqrt(this.variance.value) * this.width;
    out[0] = this.mean.value;
    out[1] = this.mean.value + spread;
    out[2] = this.mean.value - spread;
  }

  reset(): void {
    this.mean.clear();
    this.variance.clear();
    this.until = -Infinity;
  }

  private enter(bars: BarWindow): void {
    const time = toUtcMs(bars.time[bars.index]);
    const session = this.calendar.sessionAt(time);
    if (session) {
      this.mean.clear();
      this.variance.clear();
    }
    this.until = session ? session.close : this.calendar.nextSession(time).open;
  }
}

class RollingVwap implements Feature {
  readonly warmupBars: number;
  private readonly source: PriceReader;
  private readonly window: WeightedWindow;
  private readonly variance: RollingWeightedVariance;
  private readonly width: number;

  constructor(length: number, deviations: number, source: PriceSource, tickSize: number) {
    this.warmupBars = length;
    const scale = TickScale.of(tickSize, partsOf(source));
    this.source = PriceReader.of(source, scale);
    this.window = new WeightedWindow(length, source, scale);
    this.variance = new RollingWeightedVariance(this.window.prices, this.window.volumes);
    this.width = deviations / partsOf(source);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { window, variance, source } = this;
    const place = window.next;
    variance.remove(place);
    source.read(bars);
    window.push(source.sample, bars.volume, bars.index);
    variance.add(place);
    variance.settle();
    const mean = window.isFull ? window.mean.value : NaN;
    const spread = Math.sqrt(variance.value) * this.width;
    out[0] = mean;
    out[1] = mean + spread;
    out[2] = mean - spread;
  }

  reset(): void {
    this.window.clear();
    this.variance.clear();
  }
}
