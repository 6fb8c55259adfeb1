import type { BarWindow, SessionCalendar } from '@keelson/core/domain';
import { toUtcMs } from '@keelson/core/domain';
import { defineFeature } from '@keelson/core/plugin';
import type { Feature } from '@keelson/core/ports';
import { z } from 'zod';
import { WeightedSum } from '../numeric/weighted-sum.js';
import { TickScale } from '../numeric/tick-scale.js';
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

class SessionVwap implements Feature {
  readonly warmupBars = 1;
  private readonly source: PriceReader;
  private readonly scale: TickScale;
  private readonly parts: number;
  private readonly sum = new WeightedSum();
  /** From this time on a new session may have begun. */
  private until = -Infinity;

  constructor(
    source: PriceSource,
    tickSize: number,
    private readonly calendar: SessionCalendar,
  ) {
    this.parts = partsOf(source);
    this.scale = new TickScale(tickSize, this.parts);
    this.source = new PriceReader(source, this.scale);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const time = bars.time[bars.index] as number;
    if (time >= this.until) this.enter(time);
    const price = this.source.price(bars);
    const ticks = this.source.ticks(bars, price);
    this.sum.add(ticks === ticks ? ticks : price / this.scale.tickSize, bars.volume[bars.index] as number);
    out[0] = this.scale.price(this.sum.mean(), this.parts);
  }

  reset(): void {
    this.sum.clear();
    this.until = -Infinity;
  }

  private enter(time: number): void {
    const session = this.calendar.sessionAt(toUtcMs(time));
    if (session) {
      this.sum.clear();
      this.until = session.close;
    } else {
      this.until = this.calendar.nextSession(toUtcMs(time)).open;
    }
  }
}

class RollingVwap implements Feature {
  readonly warmupBars: number;
  private readonly source: PriceReader;
  private readonly scale: TickScale;
  private readonly parts: number;
  private readonly sum = new WeightedSum();
  private readonly values: Float64Array;
  private readonly volumes: Float64Array;
  private next = 0;
  private missing: number;

  constructor(
    private readonly length: number,
    source: PriceSource,
    tickSize: number,
  ) {
    this.warmupBars = length;
    this.parts = partsOf(source);
    this.scale = new TickScale(tickSize, this.parts);
    this.source = new PriceReader(source, this.scale);
    this.values = new Float64Array(length);
    this.volumes = new Float64Array(length);
    this.missing = length;
  }

  update(bars: BarWindow, out: Float64Array): void {
    const at = this.next;
    const price = this.source.price(bars);
    const ticks = this.source.ticks(bars, price);
    const value = ticks === ticks ? ticks : price / this.scale.tickSize;
    const volume = bars.volume[bars.index] as number;
    if (this.missing === 0) this.sum.remove(this.values[at] as number, this.volumes[at] as number);
    else this.missing--;
    this.values[at] = value;
    this.volumes[at] = volume;
    this.sum.add(value, volume);
    this.next = at + 1 === this.length ? 0 : at + 1;
    out[0] = this.missing === 0 ? this.scale.price(this.sum.mean(), this.parts) : NaN;
  }

  reset(): void {
    this.sum.clear();
    this.next = 0;
    this.missing = this.length;
  }
}
