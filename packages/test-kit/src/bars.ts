import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { BarColumns } from '@keelson/core/domain';
import { allocateBars } from '@keelson/core/series';

/** A small seeded generator (mulberry32): uniform in [0, 1). */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * A random walk of `length` bars in whole ticks, with gaps and bars without a trade.
 * `denominator` is ticks per 1.0 of price: the tick is 1 / denominator.
 */
export function randomBars(seed: number, length: number, options: { start?: number; denominator?: number; step?: number } = {}): BarColumns {
  const { start = 10_000, denominator = 100, step = 8 } = options;
  const next = seeded(seed);
  const bars = allocateBars(length);
  const move = (): number => Math.round((next() + next() - 1) * step);
  let price = start;
  for (let i = 0; i < length; i++) {
    const open = Math.max(1, price + (next() < 0.1 ? move() : 0));
    const close = Math.max(1, open + move());
    const high = Math.max(open, close) + Math.floor(next() * step);
    const low = Math.max(1, Math.min(open, close) - Math.floor(next() * step));
    bars.time[i] = i * 60_000;
    bars.open[i] = open / denominator;
    bars.high[i] = high / denominator;
    bars.low[i] = low / denominator;
    bars.close[i] = close / denominator;
    bars.volume[i] = next() < 0.05 ? 0 : Math.floor(next() * 5000);
    price = close;
  }
  return bars;
}

/** The bars with prices in ticks: whole numbers where they lie on the grid, so that distances equal on paper are equal. */
export function barsInTicks(bars: BarColumns, tickSize: number): BarColumns {
  const scale = (column: Float64Array): Float64Array =>
    column.map((price) => {
      const ticks = price / tickSize;
      return Math.abs(Math.round(ticks) - ticks) <= 1e-12 * ticks ? Math.round(ticks) : ticks;
    });
  return { ...bars, open: scale(bars.open), high: scale(bars.high), low: scale(bars.low), close: scale(bars.close) };
}

export type DataSet = { readonly name: string; readonly tickSize: number; readonly bars: BarColumns };

/** The real bars in the folder that KEELSON_DATA_DIR names; none where it is not set. */
export function realBars(): readonly DataSet[] {
  const folder = process.env['KEELSON_DATA_DIR'];
  if (!folder) return [];
  return [
    { name: 'GOOG 1d', tickSize: 0.01, bars: readBars(join(folder, 'goog-1d.csv')) },
    { name: '6E 1m', tickSize: 0.00005, bars: readBars(join(folder, '6eh4-1m.csv.gz')) },
    { name: 'BTC 1m', tickSize: 0.5, bars: readBars(join(folder, 'btc-perp-1m.csv.gz')) },
  ];
}

function readBars(path: string): BarColumns {
  const bytes = readFileSync(path);
  const lines = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').trim().split('\n').slice(1);
  const bars = allocateBars(lines.length);
  lines.forEach((line, i) => {
    const [time, open, high, low, close, volume] = line.trim().split(',') as [string, string, string, string, string, string];
    bars.time[i] = Date.parse(time.length > 10 ? `${time.replace(' ', 'T').slice(0, 19)}Z` : time);
    bars.open[i] = Number(open);
    bars.high[i] = Number(high);
    bars.low[i] = Number(low);
    bars.close[i] = Number(close);
    bars.volume[i] = Number(volume);
  });
  return bars;
}
