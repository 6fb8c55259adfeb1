import type { BarWindow } from '@keelson/core/domain';
import { z } from 'zod';
import type { PriceSource } from './price-source.js';
import { PriceReader, partsOf } from './price-source.js';
import { Sample } from './sample.js';
import { TickScale } from './tick-scale.js';

/** Which series of numbers a statistic is of. */
export const seriesKind = z.enum(['price', 'return', 'log-return']).describe('What it is of: the prices themselves, or their changes from bar to bar as `return` or `log-return`.');
export type SeriesKind = z.infer<typeof seriesKind>;

/** How a moment of a sample estimates that of its population. */
export const estimator = z.enum(['population', 'sample']).describe('`population`: the moments of the window as it is. `sample`: corrected for the size of the window.');
export type Estimator = z.infer<typeof estimator>;

/**
 * Reads one number a bar: a price, or its relative or logarithmic change since the bar before. Changes of prices
 * on the tick grid are taken from whole ticks, so that a small one keeps its digits. A change from a price that
 * is not positive is NaN.
 */
export class ValueReader {
  private static readonly shared = new WeakMap<PriceReader, ValueReader>();

  /** What was read last. Ticks and price as {@link PriceReader} gives them; for changes ticks are NaN. */
  readonly sample: Sample;
  /** The same as one number at place 0: a price in units of {@link unit}, whole where it is on the grid; or the change. */
  readonly cell = new Float64Array(1);
  /** For prices the tick size, else 1. */
  readonly unit: number;
  /** Prices that one value is the sum of. */
  readonly parts: number;
  /** Bars before the first value: 0 for prices. */
  readonly lag: number;
  private readonly isLog: boolean;
  /** Ticks and prices of the bars that changes are measured from. */
  private readonly ticks: Float64Array;
  private readonly earlier: Float64Array;
  private next = 0;
  private missing: number;

  /**
   * A reader of prices is the one of all features that ask for it, as a {@link PriceReader} is.
   *
   * @param terms most prices that are summed before a division; see {@link TickScale}
   * @param horizon bars from the price that a change is measured from
   */
  static of(of: SeriesKind, source: PriceSource, tickSize: number, terms: number, horizon = 1): ValueReader {
    const scale = TickScale.of(tickSize, terms * partsOf(source));
    const prices = PriceReader.of(source, scale);
    if (of !== 'price') return new ValueReader(of, source, scale, prices, horizon);
    const known = ValueReader.shared.get(prices) ?? new ValueReader(of, source, scale, prices, horizon);
    ValueReader.shared.set(prices, known);
    return known;
  }

  private constructor(
    of: SeriesKind,
    source: PriceSource,
    readonly scale: TickScale,
    private readonly prices: PriceReader,
    horizon: number,
  ) {
    const isPrice = of === 'price';
    this.sample = isPrice ? this.prices.sample : new Sample();
    this.unit = isPrice ? scale.tickSize : 1;
    this.parts = isPrice ? partsOf(source) : 1;
    this.lag = isPrice ? 0 : horizon;
    this.isLog = of === 'log-return';
    this.ticks = new Float64Array(this.lag);
    this.earlier = new Float64Array(this.lag);
    this.missing = this.lag;
  }

  /** Reads the newest bar; false where it has no value yet. */
  read(bars: BarWindow): boolean {
    this.prices.read(bars);
    const { ticks, price } = this.prices.sample;
    if (this.lag === 0) {
      this.cell[0] = ticks === ticks ? ticks : price / this.unit;
      return true;
    }
    const place = this.next;
    const whole = ticks - this.ticks[place];
    const isWhole = whole === whole;
    const base = isWhole ? this.ticks[place] : this.earlier[place];
    let change = base > 0 ? (isWhole ? whole : price - base) / base : NaN;
    if (this.isLog) change = Math.log1p(change);
    this.sample.price = change;
    this.cell[0] = change;
    this.ticks[place] = ticks;
    this.earlier[place] = price;
    this.next = place + 1 === this.lag ? 0 : place + 1;
    if (this.missing === 0) return true;
    this.missing--;
    return false;
  }

  clear(): void {
    this.next = 0;
    this.missing = this.lag;
  }
}
