import type { BarWindow } from '@keelson/core/domain';
import type { Feature } from '@keelson/core/ports';
import { RollingOrder } from '../numeric/rolling-order.js';

/** Writes what a percentile is taken of to `value[0]`; NaN where a bar has none. */
export interface BookReader {
  readonly value: Float64Array;
  read(bars: BarWindow): void;
}

/** Where the newest value stands among the newest `period` ones, itself included: equal ones count half. */
export class BookPercentile implements Feature {
  readonly warmupBars: number;
  private readonly order: RollingOrder;

  constructor(
    length: number,
    private readonly reader: BookReader,
  ) {
    this.warmupBars = length;
    this.order = new RollingOrder(length);
  }

  update(bars: BarWindow, out: Float64Array): void {
    const { reader, order } = this;
    reader.read(bars);
    order.push(reader.value, 0);
    if (!order.full || reader.value[0] !== reader.value[0]) {
      out[0] = NaN;
      return;
    }
    order.findRank();
    out[0] = (order.below + order.equal / 2) / order.count;
  }

  reset(): void {
    this.order.clear();
  }
}
