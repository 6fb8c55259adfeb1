import type { BarColumns } from '../domain/market-data.js';

/** Empty columns for `length` bars, all zero. 48 bytes a bar. */
export function allocateBars(length: number): BarColumns {
  return {
    length,
    time: new Float64Array(length),
    open: new Float64Array(length),
    high: new Float64Array(length),
    low: new Float64Array(length),
    close: new Float64Array(length),
    volume: new Float64Array(length),
  };
}

/** Rows `start` ≤ i < `end`, sharing memory with `bars`. */
export function sliceBars(bars: BarColumns, start: number, end: number): BarColumns {
  return {
    length: end - start,
    time: bars.time.subarray(start, end),
    open: bars.open.subarray(start, end),
    high: bars.high.subarray(start, end),
    low: bars.low.subarray(start, end),
    close: bars.close.subarray(start, end),
    volume: bars.volume.subarray(start, end),
  };
}
