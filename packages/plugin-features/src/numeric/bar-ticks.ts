import type { BarWindow } from '@keelson/core/domain';
import { TickScale } from './tick-scale.js';

/** Places in {@link BarTicks.values}. */
export const HIGH = 0;
export const LOW = 1;
export const CLOSE = 2;

/**
 * High, low and close of the newest bar in ticks: whole numbers where the price lies on the grid, so that
 * distances between prices are exact and those that are equal on paper are equal. For features that compare
 * distances, and whose result has no unit or is turned into a price at the end.
 */
export class BarTicks {
  private static readonly shared = new WeakMap<TickScale, BarTicks>();

  readonly values = new Float64Array(3);

  /** The one reader of all features of that tick size: what it read is to be used before another feature is updated. */
  static of(tickSize: number): BarTicks {
    const scale = TickScale.of(tickSize, 1);
    const known = BarTicks.shared.get(scale) ?? new BarTicks(scale);
    BarTicks.shared.set(scale, known);
    return known;
  }

  private constructor(private readonly scale: TickScale) {}

  read(bars: BarWindow): void {
    const { scale, values } = this;
    scale.locateInto(bars.high, bars.index, values, HIGH);
    scale.locateInto(bars.low, bars.index, values, LOW);
    scale.locateInto(bars.close, bars.index, values, CLOSE);
  }
}
