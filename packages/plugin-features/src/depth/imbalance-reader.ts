import type { BarWindow } from '@keelson/core/domain';
import type { BookReader } from './book-percentile.js';
import { Quotes } from './quotes.js';

/** Share of the bid's size over the ask's in both; NaN where it is not known. */
export class ImbalanceReader implements BookReader {
  readonly value = new Float64Array(1);
  private readonly quotes = new Quotes();

  read(bars: BarWindow): void {
    const { quotes } = this;
    quotes.read(bars);
    const { bidSize, askSize } = quotes;
    // 0 / 0 is NaN as well
    this.value[0] = (bidSize - askSize) / (bidSize + askSize);
  }
}
