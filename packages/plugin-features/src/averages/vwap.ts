import type { BarWindow, SessionCalendar } from '@keelson/core/domain';
import { toUtcMs } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { TickScale } from '../numeric/tick-scale.js';
import { WeightedMean } from '../numeric/weighted-mean.js';
import type { PriceSource } from '../numeric/price-source.js';
import { PriceReader, partsOf, period, priceSource } from '../numeric/price-source.js';

/**
 * `vwap`: volume-weighted average price, what the average contract or share changed hands at.
 *
 * Unit: price. Range: between the lowest and the highest price in the window; no value where the window has no
 * volume. Warm-up: 1 bar, or `period` bars for `window: bars`. Needs: volume.
 *
 * Formula: Σ price × volume / Σ volume. The sums are kept in two doubles, around the first price of the
 * window, so they do not drift, and bars of one price give exactly that price.
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
    source: priceSource.default('hlc3'),
  }),
  outputs: ['vwap'],
  needs: ['volume'],
  create: ({ params, instrument, calendar }) =>
    params.window === 'session' ? new SessionVwap(params.source, instrument.tickSize, calendar) : new RollingVwap(params.period, params.source, instrument.tickSize),
});

class SessionVwap implements Feature {
  readonly warmupBars = 1;
  private readonly source: PriceReader;
  private readonly mean: WeightedMean;
  /** From this time on a new session may have begun. */
  private until = -Infinity;

  constructor(
    source: PriceSource,
    tickSize: number,
    private readonly calendar: SessionCalendar,
  ) {
    const scale = new TickScale(tickSize, partsOf(source));
    this.source = new PriceReader(source, scale);
    this.mean = new WeightedMean(scale, partsOf(source));
  }

  update(bars: BarWindow, out: Float64Array): void {
    if (bars.time[bars.index] >= this.until) this.enter(bars);
    this.source.read(bars);
    this.mean.add(this.source.sample, bars.volume, bars.index);
    this.mean.settle();
    out[0] = this.mean.value;
  }

  reset(): void {
    this.mean.clear();
    this.until = -Infinity;
  }

  private enter(bars: BarWindow): void {
    const time = toUtcMs(bars.time[bars.index]);
    const session = this.calendar.sessionAt(time);
    if (session) this.mean.clear();
    this.until = session ? session.close : this.calendar.nextSession(time).open;
  }
}

class RollingVwap implements Feature {
  readonly warmupBars: number;
  private readonly source: PriceReader;
  private readonly mean: WeightedMean;
  private readonly prices: Float64Array;
  private readonly volumes: Float64Array;
  private next = 0;
  private missing: number;

  constructor(
    private readonly length: number,
    source: PriceSource,
    tickSize: number,
  ) {
    this.warmupBars = length;
    const scale = new TickScale(tickSize, partsOf(source));
    this.source = new PriceReader(source, scale);
    this.mean = new WeightedMean(scale, partsOf(source));
    this.prices = new Float64Array(length);
    this.volumes = new Float64Array(length);
    this.missing = length;
  }

  update(bars: BarWindow, out: Float64Array): void {
    const at = this.next;
    if (this.missing === 0) this.mean.remove(this.prices, this.volumes, at);
    else this.missing--;
    this.source.read(bars);
    this.mean.add(this.source.sample, bars.volume, bars.index);
    this.prices[at] = this.source.sample.price;
    this.volumes[at] = bars.volume[bars.index];
    this.next = at + 1 === this.length ? 0 : at + 1;
    this.mean.settle();
    out[0] = this.missing === 0 ? this.mean.value : NaN;
  }

  reset(): void {
    this.mean.clear();
    this.next = 0;
    this.missing = this.length;
  }
}
