import type { BarWindow } from '@keelson/core/domain';
import { Sample } from './sample.js';
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
  private readonly sample = new Sample();

  constructor(private readonly tickSize: number) {
    this.scale = new TickScale(tickSize, 1);
  }

  read(bars: BarWindow): void {
    this.readInto(HIGH, bars.high, bars.index);
    this.readInto(LOW, bars.low, bars.index);
    this.readInto(CLOSE, bars.close, bars.index);
  }

  private readInto(place: number, column: Float64Array, at: number): void {
    const { sample } = this;
    sample.price = column[at];
    this.scale.locate(sample);
    this.values[place] = sample.ticks === sample.ticks ? sample.ticks : sample.price / this.tickSize;
  }
}
