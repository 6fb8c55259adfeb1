import type { BarWindow } from '@keelson/core/domain';
import { RollingExtreme } from '../numeric/rolling-extreme.js';

/** The middle between the highest high and the lowest low of the newest bars. */
export class MiddleOfRange {
  /** As a price; NaN until there are `period` bars. */
  value = NaN;
  private readonly highest: RollingExtreme;
  private readonly lowest: RollingExtreme;

  constructor(period: number) {
    this.highest = new RollingExtreme('highest', period);
    this.lowest = new RollingExtreme('lowest', period);
  }

  push(bars: BarWindow): void {
    this.highest.push(bars.high, bars.index);
    this.lowest.push(bars.low, bars.index);
    this.value = (this.highest.value + this.lowest.value) / 2;
  }

  clear(): void {
    this.value = NaN;
    this.highest.clear();
    this.lowest.clear();
  }
}
