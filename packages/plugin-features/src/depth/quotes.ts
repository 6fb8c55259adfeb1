import type { BarWindow } from '@keelson/core/domain';

/** The top of the book at the newest bar's close; NaN for what is absent. */
export class Quotes {
  bid = NaN;
  ask = NaN;
  bidSize = NaN;
  askSize = NaN;

  read(bars: BarWindow): void {
    const { depth, index } = bars;
    if (depth === undefined) {
      this.bid = this.ask = this.bidSize = this.askSize = NaN;
      return;
    }
    this.bid = depth.bid[index];
    this.ask = depth.ask[index];
    this.bidSize = depth.bidSize[index];
    this.askSize = depth.askSize[index];
  }
}
