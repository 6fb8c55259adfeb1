import type { Entry } from './trace.js';

/** Where two lists of entries part, and where they do so for the last time. */
export type Parting = { readonly first: number; readonly last: number; readonly full: string | undefined; readonly other: string | undefined };

const NUMBER = /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/g;

/**
 * Compares what was said from `from` on, moment by moment; numbers within it by the tolerance.
 * @returns undefined when it is the same
 */
export function compareSaid(full: readonly Entry[], other: readonly Entry[], from: number, tolerance: number): Parting | undefined {
  const times = new Map<number, { full?: string; other?: string }>();
  const note = (side: 'full' | 'other', entries: readonly Entry[]): void => {
    for (const { time, text } of entries) {
      if (time < from) continue;
      const at = times.get(time) ?? {};
      times.set(time, at);
      at[side] = at[side] === undefined ? text : `${at[side]}; ${text}`;
    }
  };
  note('full', full);
  note('other', other);
  let parting: { first: number; last: number; full: string | undefined; other: string | undefined } | undefined;
  for (const [time, at] of [...times].sort(([a], [b]) => a - b)) {
    if (isSame(at.full, at.other, tolerance)) continue;
    if (parting === undefined) parting = { first: time, last: time, full: at.full, other: at.other };
    else parting.last = time;
  }
  return parting;
}

function isSame(a: string | undefined, b: string | undefined, tolerance: number): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined || a.replace(NUMBER, '#') !== b.replace(NUMBER, '#')) return false;
  const left = a.match(NUMBER) ?? [];
  const right = b.match(NUMBER) ?? [];
  return left.every((text, i) => {
    const [x, y] = [Number(text), Number(right[i])];
    return x === y || Math.abs(x - y) <= tolerance * Math.max(Math.abs(x), Math.abs(y));
  });
}
