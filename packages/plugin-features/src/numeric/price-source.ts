import type { BarWindow } from '@keelson/core/domain';
import { z } from 'zod';
import { Sample } from './sample.js';
import type { TickScale } from './tick-scale.js';

/** Which price of a bar a feature looks at. */
export const priceSource = z.enum(['close', 'open', 'high', 'low', 'hl2', 'hlc3', 'ohlc4']).describe('Price of a bar.');
export type PriceSource = z.infer<typeof priceSource>;

/** Bars that a feature looks back. The upper bound keeps a slip of the finger from taking all memory. */
export const period = z.int().min(1).max(100_000);
/** The same, where fewer than `least` bars tell nothing. */
export const periodOf = (least: number) => z.int().min(least).max(100_000);

const PARTS: Readonly<Record<PriceSource, number>> = { close: 1, open: 1, high: 1, low: 1, hl2: 2, hlc3: 3, ohlc4: 4 };

/** Prices that one value of the source is the mean of: 2 for `hl2`. */
export function partsOf(source: PriceSource): number {
  return PARTS[source];
}

/** Reads one source off the newest bar. The close, which nearly every feature reads, goes first and alone. */
export class PriceReader {
  private static readonly shared = new WeakMap<TickScale, Partial<Record<PriceSource, PriceReader>>>();

  /** What was read last. */
  readonly sample = new Sample();
  private readonly isSingle: boolean;

  /** The one reader of all features that ask for it: what it read is to be used before another feature is updated. */
  static of(source: PriceSource, scale: TickScale): PriceReader {
    const readers = PriceReader.shared.get(scale) ?? {};
    PriceReader.shared.set(scale, readers);
    return (readers[source] ??= new PriceReader(source, scale));
  }

  private constructor(
    private readonly source: PriceSource,
    private readonly scale: TickScale,
  ) {
    this.isSingle = partsOf(source) === 1;
  }

  read(bars: BarWindow): void {
    if (this.source === 'close') this.sample.price = bars.close[bars.index];
    else this.readOther(bars);
    if (this.isSingle) this.scale.locate(this.sample);
  }

  private readOther(bars: BarWindow): void {
    const { sample, source } = this;
    if (this.isSingle) {
      const column = source === 'open' ? bars.open : source === 'high' ? bars.high : bars.low;
      sample.price = column[bars.index];
      return;
    }
    this.readPart(bars.high, bars.index);
    let { price, ticks } = sample;
    this.readPart(bars.low, bars.index);
    price += sample.price;
    ticks += sample.ticks;
    if (source !== 'hl2') {
      this.readPart(bars.close, bars.index);
      price += sample.price;
      ticks += sample.ticks;
    }
    if (source === 'ohlc4') {
      this.readPart(bars.open, bars.index);
      price += sample.price;
      ticks += sample.ticks;
    }
    sample.price = price;
    sample.ticks = ticks;
  }

  private readPart(column: Float64Array, at: number): void {
    this.sample.price = column[at];
    this.scale.locate(this.sample);
  }
}
