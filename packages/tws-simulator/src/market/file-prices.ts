import { CLOSE, HIGH, LOW, OPEN, priceInside, SPAN_MS, toTick, VOLUME, type PriceSource } from './price-source.js';
import type { BarFile } from './read-bar-file.js';

/**
 * Prices from bars of a file. Inside a bar the price goes from open over the nearer extreme to the other and to the close,
 * so that five-second spans put together give the bar again.
 */
export class FilePrices implements PriceSource {
  readonly firstMs: number;
  private cursor = 0;
  private readonly bar = new Float64Array(5);

  /** @param barMs length of the bars, a multiple of five seconds */
  constructor(private readonly bars: BarFile, private readonly barMs: number, private readonly minTick: number) {
    this.firstMs = bars.startMs[0] as number;
  }

  span(startMs: number, out: Float64Array): boolean {
    const row = this.rowAt(startMs);
    if (row < 0) return false;
    const { bars, bar, barMs } = this;
    bar[OPEN] = bars.open[row] as number;
    bar[HIGH] = bars.high[row] as number;
    bar[LOW] = bars.low[row] as number;
    bar[CLOSE] = bars.close[row] as number;
    const from = startMs - (bars.startMs[row] as number);
    // the knots of a span are stretched over the bar, and a span shows every knot that lies in it
    const scale = SPAN_MS / barMs;
    const first = priceInside(bar, from * scale);
    const end = priceInside(bar, (from + SPAN_MS) * scale);
    let high = Math.max(first, end);
    let low = Math.min(first, end);
    for (const knot of [1_750, 3_500]) {
      if (knot < from * scale || knot >= (from + SPAN_MS) * scale) continue;
      high = Math.max(high, priceInside(bar, knot));
      low = Math.min(low, priceInside(bar, knot));
    }
    out[OPEN] = toTick(first, this.minTick);
    out[HIGH] = toTick(high, this.minTick);
    out[LOW] = toTick(low, this.minTick);
    out[CLOSE] = toTick(end, this.minTick);
    const parts = barMs / SPAN_MS;
    const part = from / SPAN_MS;
    const volume = bars.volume[row] as number;
    out[VOLUME] = Math.floor((volume * (part + 1)) / parts) - Math.floor((volume * part) / parts);
    return true;
  }

  /** Row of the bar that holds a time; -1 when none does. */
  private rowAt(timeMs: number): number {
    const { startMs } = this.bars;
    let row = this.cursor;
    if (!((startMs[row] as number) <= timeMs && timeMs < (startMs[row + 1] ?? Infinity))) {
      let low = 0;
      let high = startMs.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((startMs[middle] as number) <= timeMs) low = middle + 1;
        else high = middle;
      }
      row = low - 1;
      if (row < 0) return -1;
      this.cursor = row;
    }
    return timeMs < (startMs[row] as number) + this.barMs ? row : -1;
  }
}
