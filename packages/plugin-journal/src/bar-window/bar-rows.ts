import type { BarColumns } from '@keelson/core/domain';
import type { ComputedBars, KeptFeature } from '@keelson/core/ports';
import { allocateBars } from '@keelson/core/series';

const BAR = ['open', 'high', 'low', 'close', 'volume'] as const;
const DEPTH = ['bid', 'ask', 'bidSize', 'askSize'] as const;
const FEATURES: readonly KeptFeature[] = ['atr', 'realisedVolatility', 'vwap', 'volumeTrend', 'spread', 'imbalance'];

/** Columns of a kept bar after its `time`, in this order in tables and files. */
export const NUMBERS = [...BAR, ...DEPTH, ...FEATURES, 'seen'] as const;
/** Place of `seen` in a row. */
export const SEEN = NUMBERS.length;

/** A kept bar: its open (UtcMs), then {@link NUMBERS}; null is no number. */
export type BarRow = ReadonlyArray<number | null>;

/** Rows of `bars` without features. */
export function plainRows(bars: BarColumns): BarRow[] {
  return Array.from({ length: bars.length }, (_, row) => [...barPart(bars, row), ...FEATURES.map(() => null), null]);
}

export function computedRows({ bars, features, seen }: ComputedBars): BarRow[] {
  return Array.from({ length: bars.length }, (_, row) => [...barPart(bars, row), ...FEATURES.map((name) => numberOf(features[name][row])), seen[row] as number]);
}

/** The bars of rows, with depth where one of them has it. */
export function columnsOf(rows: readonly BarRow[]): BarColumns {
  const depthAt = 1 + BAR.length;
  const hasDepth = rows.some((row) => DEPTH.some((_, i) => row[depthAt + i] !== null));
  const columns = allocateBars(rows.length, hasDepth);
  rows.forEach((row, at) => {
    columns.time[at] = row[0] as number;
    BAR.forEach((name, i) => (columns[name][at] = row[1 + i] ?? Number.NaN));
    if (columns.depth !== undefined) for (const [i, name] of DEPTH.entries()) columns.depth[name][at] = row[depthAt + i] ?? Number.NaN;
  });
  return columns;
}

function barPart(bars: BarColumns, row: number): Array<number | null> {
  const { depth } = bars;
  return [bars.time[row] as number, ...BAR.map((name) => numberOf(bars[name][row])), ...DEPTH.map((name) => (depth === undefined ? null : numberOf(depth[name][row])))];
}

const numberOf = (value: number | undefined): number | null => (value === undefined || Number.isNaN(value) ? null : value);
