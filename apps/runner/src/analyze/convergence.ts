/** How the values of a feature in a run that began later came to those of the run on all data. */
export type Convergence =
  /** Equal from the declared warm-up on. */
  | { readonly kind: 'equal' }
  /** Within the tolerance from `extraBars` after the warm-up on. */
  | { readonly kind: 'converges'; readonly extraBars: number }
  /** Nearing, and not there when the data ended; `extraBars` is extrapolated from the pace. */
  | { readonly kind: 'slow'; readonly extraBars: number }
  /** As far apart at the end as at the beginning; the values at the row where they were furthest apart. */
  | { readonly kind: 'depends'; readonly row: number }
  /** Fewer than two bars after the warm-up. */
  | { readonly kind: 'too short' };

/** Share of the compared bars that must agree at the end. */
const QUIET_END = 0.05;
/** Less than this of the distance is left at the end of what still converges. */
const STILL_NEARING = 0.5;

/**
 * @param full values of the run on all data, `offset` rows before those of `late`
 * @param late values of the run that began later
 * @param from first row of `late` that is warm
 * @param tolerance relative to the value, or to the column's mean size where that is larger
 */
export function convergenceOf(full: Float64Array, offset: number, late: Float64Array, from: number, tolerance: number): Convergence {
  const rows = late.length - from;
  if (rows < 2) return { kind: 'too short' };
  const scale = meanSize(full);
  let lastApart = -1;
  for (let row = from; row < late.length; row++) {
    if (isApart(full[row + offset] as number, late[row] as number, tolerance, scale)) lastApart = row;
  }
  if (lastApart < 0) return { kind: 'equal' };
  const extraBars = lastApart + 1 - from;
  if (rows - extraBars >= Math.max(1, rows * QUIET_END)) return { kind: 'converges', extraBars };
  const part = Math.max(1, Math.floor(rows / 10));
  const early = meanDistance(full, offset, late, from, from + part);
  const end = meanDistance(full, offset, late, late.length - part, late.length);
  if (!(end < early * STILL_NEARING)) return { kind: 'depends', row: furthest(full, offset, late, from) };
  const pace = Math.log(early / end) / (rows - part);
  return { kind: 'slow', extraBars: rows + Math.ceil(Math.max(0, Math.log(end / (tolerance * scale))) / pace) };
}

/** NaN is a value like any other here: there or not there. */
function isApart(a: number, b: number, tolerance: number, scale: number): boolean {
  if (a === b || (a !== a && b !== b)) return false;
  return !(Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b), scale));
}

function meanSize(values: Float64Array): number {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    sum += Math.abs(value);
    count++;
  }
  return count === 0 ? 0 : sum / count;
}

/** Where one has a value and the other has none they are infinitely far apart. */
function distance(a: number, b: number): number {
  if (a === b || (a !== a && b !== b)) return 0;
  return a !== a || b !== b ? Number.POSITIVE_INFINITY : Math.abs(a - b);
}

function meanDistance(full: Float64Array, offset: number, late: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let row = from; row < to; row++) sum += distance(full[row + offset] as number, late[row] as number);
  return sum / (to - from);
}

function furthest(full: Float64Array, offset: number, late: Float64Array, from: number): number {
  let best = from;
  for (let row = from; row < late.length; row++) {
    if (distance(full[row + offset] as number, late[row] as number) > distance(full[best + offset] as number, late[best] as number)) best = row;
  }
  return best;
}
