import type { BarColumns } from '@keelson/core/domain';
import { allocateBars, sliceBars } from '@keelson/core/series';

/**
 * The bars of one instrument in bounded memory, for the price chart: once all rows are used, neighbours merge and
 * a row stands for twice as many bars. Opens, highs, lows, closes and volumes are those of the bars it covers.
 */
export class PriceRecorder {
  private readonly rows: BarColumns;
  private length = 0;
  private barsPerRow = 1;
  private barsInRow = 0;

  /** @param capacity most rows kept; even, 2 or more */
  constructor(private readonly capacity = 8192) {
    if (capacity < 2 || capacity % 2 !== 0) throw new RangeError(`capacity was ${capacity}, expected an even number from 2`);
    this.rows = allocateBars(capacity);
  }

  record(time: number, open: number, high: number, low: number, close: number, volume: number): void {
    const { rows } = this;
    if (this.barsInRow === this.barsPerRow) this.barsInRow = 0;
    if (this.barsInRow === 0) {
      if (this.length === this.capacity) {
        this.length = mergeRows(rows, this.length, 2);
        this.barsPerRow *= 2;
      }
      const i = this.length++;
      rows.time[i] = time;
      rows.open[i] = open;
      rows.high[i] = high;
      rows.low[i] = low;
      rows.close[i] = close;
      rows.volume[i] = volume;
    } else {
      const i = this.length - 1;
      if (high > (rows.high[i] as number)) rows.high[i] = high;
      if (low < (rows.low[i] as number)) rows.low[i] = low;
      rows.close[i] = close;
      rows.volume[i] = (rows.volume[i] as number) + volume;
    }
    this.barsInRow++;
  }

  /** The rows so far; shares memory with the recorder. */
  bars(): BarColumns {
    return sliceBars(this.rows, 0, this.length);
  }
}

/** `bars` with every so many merged into one that at most `limit` remain; itself when it is short enough. */
export function decimateBars(bars: BarColumns, limit: number): BarColumns {
  if (bars.length <= limit) return bars;
  const copy = allocateBars(bars.length);
  for (const column of ['time', 'open', 'high', 'low', 'close', 'volume'] as const) copy[column].set(bars[column].subarray(0, bars.length));
  return sliceBars(copy, 0, mergeRows(copy, bars.length, Math.ceil(bars.length / limit)));
}

/** Merges each `group` of the first `length` rows into one, in place; returns how many there are now. */
function mergeRows(rows: BarColumns, length: number, group: number): number {
  let to = 0;
  for (let start = 0; start < length; start += group, to++) {
    const end = Math.min(start + group, length);
    let high = -Infinity;
    let low = Infinity;
    let volume = 0;
    for (let i = start; i < end; i++) {
      if ((rows.high[i] as number) > high) high = rows.high[i] as number;
      if ((rows.low[i] as number) < low) low = rows.low[i] as number;
      volume += rows.volume[i] as number;
    }
    rows.time[to] = rows.time[start] as number;
    rows.open[to] = rows.open[start] as number;
    rows.close[to] = rows.close[end - 1] as number;
    rows.high[to] = high;
    rows.low[to] = low;
    rows.volume[to] = volume;
  }
  return to;
}
