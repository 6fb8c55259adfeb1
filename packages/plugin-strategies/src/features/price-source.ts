import type { BarWindow } from '@keelson/core/domain';
import { z } from 'zod';
import type { TickScale } from '../numeric/tick-scale.js';

/** Which price of a bar a feature looks at. */
export const priceSource = z.enum(['close', 'open', 'high', 'low', 'hl2', 'hlc3', 'ohlc4']);
export type PriceSource = z.infer<typeof priceSource>;

/** Bars that a feature looks back. The upper bound keeps a slip of the finger from taking all memory. */
export const period = z.int().min(1).max(100_000);

const CODES: Readonly<Record<PriceSource, number>> = { close: 0, open: 1, high: 2, low: 3, hl2: 4, hlc3: 5, ohlc4: 6 };
const PARTS: Readonly<Record<PriceSource, number>> = { close: 1, open: 1, high: 1, low: 1, hl2: 2, hlc3: 3, ohlc4: 4 };

/** Prices that one value of the source is the mean of: 2 for `hl2`. */
export function partsOf(source: PriceSource): number {
  return PARTS[source];
}

/** The source as a small whole number, so that a bar costs no comparison of texts. */
export function codeOf(source: PriceSource): number {
  return CODES[source];
}

/** Sum of the source's prices on the newest bar; divide by its parts for the value. */
export function readPrice(code: number, bars: BarWindow): number {
  const i = bars.index;
  switch (code) {
    case 0:
      return bars.close[i] as number;
    case 1:
      return bars.open[i] as number;
    case 2:
      return bars.high[i] as number;
    case 3:
      return bars.low[i] as number;
    case 4:
      return (bars.high[i] as number) + (bars.low[i] as number);
    case 5:
      return (bars.high[i] as number) + (bars.low[i] as number) + (bars.close[i] as number);
    default:
      return (bars.open[i] as number) + (bars.high[i] as number) + (bars.low[i] as number) + (bars.close[i] as number);
  }
}

/** The same sum in whole ticks; NaN when one of the prices is off the grid. */
export function readTicks(code: number, bars: BarWindow, scale: TickScale): number {
  const i = bars.index;
  switch (code) {
    case 0:
      return scale.ticksOf(bars.close[i] as number);
    case 1:
      return scale.ticksOf(bars.open[i] as number);
    case 2:
      return scale.ticksOf(bars.high[i] as number);
    case 3:
      return scale.ticksOf(bars.low[i] as number);
    case 4:
      return scale.ticksOf(bars.high[i] as number) + scale.ticksOf(bars.low[i] as number);
    case 5:
      return scale.ticksOf(bars.high[i] as number) + scale.ticksOf(bars.low[i] as number) + scale.ticksOf(bars.close[i] as number);
    default:
      return (
        scale.ticksOf(bars.open[i] as number) + scale.ticksOf(bars.high[i] as number) + scale.ticksOf(bars.low[i] as number) + scale.ticksOf(bars.close[i] as number)
      );
  }
}
