import type { BarColumns, DepthColumns } from '../domain/market-data.js';

/** Empty columns for `length` bars, all zero; 48 bytes a bar, and 32 more with `depth`, which is all NaN. */
export function allocateBars(length: number, depth = false): BarColumns {
  return {
    length,
    time: new Float64Array(length),
    open: new Float64Array(length),
    high: new Float64Array(length),
    low: new Float64Array(length),
    close: new Float64Array(length),
    volume: new Float64Array(length),
    // also where there is none: bars of one shape are read faster than bars of two
    depth: depth ? allocateDepth(length) : undefined,
  };
}

export function allocateDepth(length: number): DepthColumns {
  const column = (): Float64Array => new Float64Array(length).fill(Number.NaN);
  return { bid: column(), ask: column(), bidSize: column(), askSize: column() };
}

/** Rows `start` ≤ i < `end`, sharing memory with `bars`. */
export function sliceBars(bars: BarColumns, start: number, end: number): BarColumns {
  return mapBars(bars, end - start, (column) => column.subarray(start, end));
}

/** A copy that shares no memory with `bars`. */
export function copyBars(bars: BarColumns): BarColumns {
  return mapBars(bars, bars.length, (column) => column.slice());
}

function mapBars(bars: BarColumns, length: number, map: (column: Float64Array) => Float64Array): BarColumns {
  const { depth } = bars;
  return {
    length,
    time: map(bars.time),
    open: map(bars.open),
    high: map(bars.high),
    low: map(bars.low),
    close: map(bars.close),
    volume: map(bars.volume),
    depth: depth && { bid: map(depth.bid), ask: map(depth.ask), bidSize: map(depth.bidSize), askSize: map(depth.askSize) },
  };
}

/** All bars of `chunks` in one; with depth where one of them has it. */
export function joinBars(chunks: readonly BarColumns[]): BarColumns {
  const joined = allocateBars(
    chunks.reduce((sum, chunk) => sum + chunk.length, 0),
    chunks.some(({ depth }) => depth !== undefined),
  );
  let at = 0;
  for (const chunk of chunks) {
    for (const name of ['time', 'open', 'high', 'low', 'close', 'volume'] as const) joined[name].set(chunk[name], at);
    if (chunk.depth !== undefined && joined.depth !== undefined) {
      for (const name of ['bid', 'ask', 'bidSize', 'askSize'] as const) joined.depth[name].set(chunk.depth[name], at);
    }
    at += chunk.length;
  }
  return joined;
}

/** Copies row `from` of `depth` to row `to` of `into`; all NaN where there is none. */
export function copyDepth(depth: DepthColumns | undefined, from: number, into: DepthColumns, to: number): void {
  into.bid[to] = depth === undefined ? Number.NaN : (depth.bid[from] as number);
  into.ask[to] = depth === undefined ? Number.NaN : (depth.ask[from] as number);
  into.bidSize[to] = depth === undefined ? Number.NaN : (depth.bidSize[from] as number);
  into.askSize[to] = depth === undefined ? Number.NaN : (depth.askSize[from] as number);
}
