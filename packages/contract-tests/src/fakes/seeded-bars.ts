import type { BarColumns } from '@keelson/core/domain';
import { createRandom } from '@keelson/core/engine';
import { allocateBars } from '@keelson/core/series';
import { VIRTUAL_START } from './virtual-time.js';

export type SeededBarsOptions = {
  /** Open of the first bar, ms since 1970. Default: {@link VIRTUAL_START}. */
  readonly start?: number;
  /** Length of a bar, ms. Default: a minute. */
  readonly barMs?: number;
  /** Default: 0.25. */
  readonly tickSize?: number;
  readonly startPrice?: number;
  /** Chance that a bar is missing before the next one. Default: 0.01. */
  readonly gaps?: number;
};

/** A random walk on the tick grid with jumps and the odd missing bar. Equal seeds give equal bars on every machine. */
export function seededBars(length: number, seed: string, options: SeededBarsOptions = {}): BarColumns {
  const { start = VIRTUAL_START, barMs = 60_000, tickSize = 0.25, startPrice = 4000, gaps = 0.01 } = options;
  const random = createRandom(seed);
  const bars = allocateBars(length);
  const steps = (scale: number): number => Math.round(random.normal() * scale) * tickSize;
  let price = startPrice;
  let time = start;
  for (let i = 0; i < length; i++) {
    const open = price + (random.next() < 0.03 ? steps(40) : steps(1));
    const close = open + steps(6);
    bars.time[i] = time;
    bars.open[i] = open;
    bars.close[i] = close;
    bars.high[i] = Math.max(open, close) + Math.abs(steps(4));
    bars.low[i] = Math.min(open, close) - Math.abs(steps(4));
    bars.volume[i] = 1 + random.int(12);
    price = Math.max(startPrice / 4, close);
    time += random.next() < gaps ? (2 + random.int(90)) * barMs : barMs;
  }
  return bars;
}
