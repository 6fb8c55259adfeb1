import { createRandom } from '@keelson/core/engine';
import { allocateBars } from '@keelson/core/series';

export const TICK = 0.25;
const START = Date.UTC(2020, 0, 1);
export const STEP_MS = 60_000;

/** One-minute bars around the clock: a random walk on the tick grid. */
export function randomWalk(length, seed) {
  const random = createRandom(seed);
  const bars = allocateBars(length);
  let price = 16_000; // ticks
  for (let i = 0; i < length; i++) {
    const open = price;
    const close = Math.max(400, open + Math.round(random.normal() * 4));
    bars.time[i] = START + i * STEP_MS;
    bars.open[i] = open * TICK;
    bars.close[i] = close * TICK;
    bars.high[i] = (Math.max(open, close) + random.int(4)) * TICK;
    bars.low[i] = (Math.min(open, close) - random.int(4)) * TICK;
    bars.volume[i] = 100 + random.int(900);
    price = close;
  }
  return bars;
}

/** The same bars with a top of the order book: one to three ticks apart, up to 100 on each side. */
export function quoted(bars) {
  const random = createRandom('bench/quotes');
  const { depth } = allocateBars(bars.length, true);
  for (let i = 0; i < bars.length; i++) {
    depth.bid[i] = bars.close[i] - random.int(2) * TICK;
    depth.ask[i] = bars.close[i] + (1 + random.int(1)) * TICK;
    depth.bidSize[i] = 1 + random.int(100);
    depth.askSize[i] = 1 + random.int(100);
  }
  return { ...bars, depth };
}
