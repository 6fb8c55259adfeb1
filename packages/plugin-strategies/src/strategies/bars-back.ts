import type { BarWindow } from '@keelson/core/domain';

/** Value of a column `back` bars before the newest; `back` is less than `bars.count`. */
export function at(column: Float64Array, bars: BarWindow, back: number): number {
  return column[(bars.index - back) & bars.mask];
}

/** Lowest low of the newest bar and the `back` bars before it. */
export function lowestLow(bars: BarWindow, back: number): number {
  let lowest = bars.low[bars.index];
  for (let k = Math.min(back, bars.count - 1); k > 0; k--) lowest = Math.min(lowest, at(bars.low, bars, k));
  return lowest;
}

/** Highest high of the newest bar and the `back` bars before it. */
export function highestHigh(bars: BarWindow, back: number): number {
  let highest = bars.high[bars.index];
  for (let k = Math.min(back, bars.count - 1); k > 0; k--) highest = Math.max(highest, at(bars.high, bars, k));
  return highest;
}
