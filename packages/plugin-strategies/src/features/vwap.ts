import type { BarWindow, SessionCalendar } from '@keelson/core/domain';
import { toUtcMs } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { TickScale } from '../numeric/tick-scale.js';
import { WeightedMean } from '../numeric/weighted-mean.js';
import type { PriceSource } from './price-source.js';
import { PriceReader, partsOf, period, priceSource } from './price-source.js';

/**
 * `vwap`: volume-weighted average price, what the average contract or share changed hands at.
 *
 * Params: `window` is `session` (default: from the session's first bar on, by the instrument's calendar; a bar
 * outside of sessions counts to the one before) or `bars` (the newest `period` bars, default 20); `source`,
 * default `hlc3`. Unit: price. Range: between the lowest and the highest price in the window. Warm-up: 1 bar,
 * or `period` bars. No value (undefined) where the window has no volume.
 *
 * Formula: Σ price × volume / Σ volume. The sums are kept in two doubles, around the first price of the
 * window, so they do not drift, and bars of one price give exactly that price.
 *
 * Source: S. A. Berkowitz, D. E. Logue and E. A. Noser, "The total cost of transactions on the NYSE",
 * Journal of Finance 43 (1988).
 */
export const vwap = defineFeature({
  params: z.strictObject({
    window: z.enum(['session', 'bars']).default('session'),
    period: period.default(20),
    source: priceSource.default('hlc3'),
  }),
  outputs: ['vwap'],
  create: ({ params, instrument, calendar }) =>
    params.window === 'session' ? new SessionVwap(params.source, instrument.tickSize, calendar) : new RollingVwap(params.period, params.source, instrument.tickSize),
});

/** The mean of the newest prices by volume; what both windows share. */
class VolumeMean {
  private readonly source: PriceReader;
  private readonly scale: TickScale;
  private readonly parts: number;
  private readonly mean = new WeightedMean();
  /** The origin of the mean, and the price that it stands for: rounded once, as the price's own text would be. */
  private origin = NaN;
  private base = NaN;

  constructor(source: PriceSource, tickSize: number) {
    this.parts = partsOf(source);
    this.scale = new TickScale(tickSize, this.parts);
    this.source = new PriceReader(source, this.scale);
  }

  /** Takes the newest bar in and returns the sum of its prices, for {@link remove}. */
  add(bars: BarWindow): number {
    const price = this.source.price(bars);
    this.mean.add(price, bars.volume[bars.index]);
    // NaN, for no origin, differs from everything
    if (this.mean.origin !== this.origin) this.rebase(bars, price);
    return price;
  }

  remove(price: number, volume: number): void {
    this.mean.remove(price, volume);
  }

  value(): number {
    return this.base + this.mean.distance() / this.parts;
  }

  clear(): void {
    this.mean.clear();
  }

  private rebase(bars: BarWindow, price: number): void {
    const ticks = this.source.ticks(bars, price);
    this.origin = this.mean.origin;
    this.base = ticks === ticks ? this.scale.price(ticks, this.parts) : price / this.parts;
  }
}

class SessionVwap implements Feature {
  readonly warmupBars = 1;
  private readonly mean: VolumeMean;
  /** From this time on a new session may have begun. */
  private until = -Infinity;

  constructor(
    source: PriceSource,
    tickSize: number,
    private readonly calendar: SessionCalendar,
  ) {
    this.mean = new VolumeMean(source, tickSize);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const time = bars.time[bars.index];
    if (time >= this.until) this.enter(time);
    this.mean.add(bars);
    out[0] = this.mean.value();
  }

  reset(): void {
    this.mean.clear();
    this.until = -Infinity;
  }

  private enter(time: number): void {
    const session = this.calendar.sessionAt(toUtcMs(time));
    if (session) {
      this.mean.clear();
      this.until = session.close;
    } else {
      this.until = this.calendar.nextSession(toUtcMs(time)).open;
    }
  }
}

class RollingVwap implements Feature {
  readonly warmupBars: number;
  private readonly mean: VolumeMean;
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
    this.mean = new VolumeMean(source, tickSize);
    this.prices = new Float64Array(length);
    this.volumes = new Float64Array(length);
    this.missing = length;
  }

  update(bars: BarWindow, out: Float64Array): void {
    const at = this.next;
    if (this.missing === 0) this.mean.remove(this.prices[at], this.volumes[at]);
    else this.missing--;
    this.prices[at] = this.mean.add(bars);
    this.volumes[at] = bars.volume[bars.index];
    this.next = at + 1 === this.length ? 0 : at + 1;
    out[0] = this.missing === 0 ? this.mean.value() : NaN;
  }

  reset(): void {
    this.mean.clear();
    this.next = 0;
    this.missing = this.length;
  }
}
