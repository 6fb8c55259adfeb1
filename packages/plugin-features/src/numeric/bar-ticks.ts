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
  readonly values = new Float64Array(3);
  private readonly scale: TickScale;

  constructor(tickSize: number) {
    this.scale = new TickScale(tickSize, 1);
  }

  read(bars: BarWindow): void {
    const { scale, values } = this;
    scale.locateInto(bars.high, bars.index, values, HIGH);
    scale.locateInto(bars.low, bars.index, values, LOW);
    scale.locateInto(bars.close, bars.index, values, CLOSE);
  }
}
