import type { Random } from '@keelson/core/ports';
import { sliceBars } from '@keelson/core/series';
import type { TimedBars } from './moments.js';

/** Bars before a window, to warm features up; as many as there are, where data is short. */
const WARMUP_BARS = 1_000;
/** A window begins at most so many moments before the trade that it was chosen for. */
const LEAD_BARS = 30;

/** A stretch of an account's data: `warmup` moments to look at, then `moments` to trade on. */
export type Window = { readonly bars: readonly TimedBars[]; readonly warmup: number; readonly moments: number };

/** The closes of all instruments' bars, each once, in order. */
export function closesOf(bars: readonly TimedBars[]): Float64Array {
  return Float64Array.from(new Set(bars.flatMap(({ closes }) => [...closes]))).sort();
}

/**
 * Chooses a stretch of at most `moments`. Three of four lie around a trade of the undisturbed run: faults show little
 * where nothing is traded.
 * @param closes from {@link closesOf}
 * @param entries times at which the undisturbed run entered
 */
export function chooseWindow(bars: readonly TimedBars[], closes: Float64Array, entries: readonly number[], moments: number, random: Random): Window {
  const earliest = Math.min(WARMUP_BARS, Math.floor(closes.length / 3));
  const latest = Math.max(earliest, closes.length - moments);
  let first = earliest + random.int(latest - earliest + 1);
  if (entries.length > 0 && random.next() < 0.75) {
    const entry = firstAtOrAfter(closes, entries[random.int(entries.length)] as number);
    first = Math.min(latest, Math.max(earliest, entry - 1 - random.int(Math.min(LEAD_BARS, moments))));
  }
  const begin = first - earliest;
  const end = Math.min(closes.length, first + moments);
  const from = closes[begin] as number;
  const to = closes[end - 1] as number;
  return { bars: bars.map((each) => between(each, from, to)), warmup: first - begin, moments: end - first };
}

/** Bars that close from `from` to `to`, both included. */
function between({ columns, closes }: TimedBars, from: number, to: number): TimedBars {
  const begin = firstAtOrAfter(closes, from);
  let end = firstAtOrAfter(closes, to);
  if (end < closes.length && closes[end] === to) end++;
  return { columns: sliceBars(columns, begin, end), closes: closes.slice(begin, end) };
}

function firstAtOrAfter(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
