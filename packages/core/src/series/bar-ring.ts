import type { BarColumns, BarWindow, DepthColumns } from '../domain/market-data.js';
import { allocateDepth, copyDepth } from './bar-columns.js';

const COLUMNS = 7;
/** Three cache lines. */
const GAP_BYTES = 192;

/**
 * The newest bars of one instrument and timeframe in a ring of columns; its memory does not grow.
 * A power of two as capacity, so that wrapping is one `&`.
 */
export class BarRing implements BarWindow {
  readonly mask: number;
  readonly time: Float64Array;
  readonly closeTime: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
  /** Made for the first bar that has one, so that rings of bars without pay nothing. */
  depth: DepthColumns | undefined = undefined;
  count = 0;
  index = -1;

  constructor(capacity = 1024) {
    if (!Number.isInteger(capacity) || capacity < 1 || (capacity & (capacity - 1)) !== 0) throw new RangeError(`capacity was ${capacity}, expected a power of two`);
    this.mask = capacity - 1;
    // One buffer with a gap between the columns: columns of a power of two that lie back to back fall into the
    // same cache set, and push one another out of it on every bar
    const stride = capacity * 8 + GAP_BYTES;
    const buffer = new ArrayBuffer(stride * COLUMNS);
    const column = (place: number): Float64Array => new Float64Array(buffer, place * stride, capacity);
    this.time = column(0);
    this.closeTime = column(1);
    this.open = column(2);
    this.high = column(3);
    this.low = column(4);
    this.close = column(5);
    this.volume = column(6);
  }

  /** Takes over row `row` of `bars` as the newest bar; who pushes writes its `closeTime` at `index` after. */
  push(bars: BarColumns, row: number): void {
    const i = (this.index + 1) & this.mask;
    this.time[i] = bars.time[row] as number;
    this.open[i] = bars.open[row] as number;
    this.high[i] = bars.high[row] as number;
    this.low[i] = bars.low[row] as number;
    this.close[i] = bars.close[row] as number;
    this.volume[i] = bars.volume[row] as number;
    // equal only where neither has any
    if (bars.depth !== this.depth) this.pushDepth(bars.depth, row, i);
    this.index = i;
    this.count++;
  }

  clear(): void {
    this.count = 0;
    this.index = -1;
  }

  private pushDepth(depth: DepthColumns | undefined, row: number, i: number): void {
    copyDepth(depth, row, (this.depth ??= allocateDepth(this.mask + 1)), i);
  }
}
