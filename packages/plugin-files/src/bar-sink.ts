import type { BarColumns } from '@keelson/core/domain';
import { allocateBars, copyBars, sliceBars } from '@keelson/core/series';

/** Rows of a chunk: 3 MiB of columns. */
export const CHUNK_ROWS = 65_536;

type Filling = { -readonly [Key in keyof BarColumns]: BarColumns[Key] };

/** Collects bars into chunks of columns; nothing is copied as the file grows. */
export class BarSink {
  rows = 0;
  private readonly full: BarColumns[] = [];
  private current: Filling;
  private used = 0;

  constructor(private readonly hasDepth: boolean) {
    this.current = allocateBars(CHUNK_ROWS, hasDepth);
  }

  /** `bar` holds time, open, high, low, close, volume and, with depth, bid, ask, bidSize and askSize. */
  push(bar: Float64Array): void {
    let i = this.used;
    if (i === CHUNK_ROWS) {
      this.full.push(this.current);
      this.current = allocateBars(CHUNK_ROWS, this.hasDepth);
      i = 0;
    }
    const columns = this.current;
    columns.time[i] = bar[0];
    columns.open[i] = bar[1];
    columns.high[i] = bar[2];
    columns.low[i] = bar[3];
    columns.close[i] = bar[4];
    columns.volume[i] = bar[5];
    const { depth } = columns;
    if (depth !== undefined) {
      depth.bid[i] = bar[6];
      depth.ask[i] = bar[7];
      depth.bidSize[i] = bar[8];
      depth.askSize[i] = bar[9];
    }
    this.used = i + 1;
    this.rows++;
  }

  /** All bars, oldest first; nothing may be pushed afterwards. */
  take(): BarColumns[] {
    return this.used === 0 ? this.full : [...this.full, this.trim()];
  }

  /** A small rest is copied, so that it does not keep a whole chunk alive. */
  private trim(): BarColumns {
    const part = sliceBars(this.current, 0, this.used);
    return this.used > CHUNK_ROWS / 2 ? part : copyBars(part);
  }
}
