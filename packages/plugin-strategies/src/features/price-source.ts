import type { BarWindow } from '@keelson/core/domain';
import { z } from 'zod';
import type { TickScale } from '../numeric/tick-scale.js';

/** Which price of a bar a feature looks at. */
export const priceSource = z.enum(['close', 'open', 'high', 'low', 'hl2', 'hlc3', 'ohlc4']);
export type PriceSource = z.infer<typeof priceSource>;

/** Bars that a feature looks back. The upper bound keeps a slip of the finger from taking all memory. */
export const period = z.int().min(1).max(100_000);

const PARTS: Readonly<Record<PriceSource, number>> = { close: 1, open: 1, high: 1, low: 1, hl2: 2, hlc3: 3, ohlc4: 4 };

/** Prices that one value of the source is the mean of: 2 for `hl2`. */
export function partsOf(source: PriceSource): number {
  return PARTS[source];
}

/**
 * Reads one source off the newest bar. The close, which nearly every feature reads, goes first and alone,
 * so that it stays small enough to be inlined.
 */
export class PriceReader {
  private readonly isClose: boolean;
  private readonly isSingle: boolean;

  constructor(
    private readonly source: PriceSource,
    private readonly scale: TickScale,
  ) {
    this.isClose = source === 'close';
    this.isSingle = partsOf(source) === 1;
  }

  /** Sum of the source's prices; divide by its parts for the value. */
  price(bars: BarWindow): number {
    return this.isClose ? bars.close[bars.index] : this.otherPrice(bars);
  }

  /** The same in whole ticks, NaN when one of the prices is off the grid; `price` is what {@link price} gave. */
  ticks(bars: BarWindow, price: number): number {
    return this.isSingle ? this.scale.ticksOf(price) : this.summedTicks(bars);
  }

  private otherPrice(bars: BarWindow): number {
    const i = bars.index;
    const high = bars.high[i];
    const low = bars.low[i];
    switch (this.source) {
      case 'open':
        return bars.open[i];
      case 'high':
        return high;
      case 'low':
        return low;
      case 'hl2':
        return high + low;
      case 'hlc3':
        return high + low + bars.close[i];
      default:
        return bars.open[i] + high + low + bars.close[i];
    }
  }

  private summedTicks(bars: BarWindow): number {
    const i = bars.index;
    const range = this.scale.ticksOf(bars.high[i]) + this.scale.ticksOf(bars.low[i]);
    if (this.source === 'hl2') return range;
    const withClose = range + this.scale.ticksOf(bars.close[i]);
    return this.source === 'hlc3' ? withClose : withClose + this.scale.ticksOf(bars.open[i]);
  }
}
