import type { SessionCalendar } from '@keelson/core/domain';
import { toUtcMs } from '@keelson/core/domain';
import type { Random } from '@keelson/core/ports';

/**
 * Up to `count` rows out of `moments` (closes of bars), the last left out: half of them where sessions end and begin,
 * the others spread over the whole.
 * @returns ascending rows
 */
export function chooseMoments(moments: Float64Array, calendar: SessionCalendar, count: number, random: Random): number[] {
  const choices = moments.length - 1;
  if (choices <= count) return Array.from({ length: Math.max(0, choices) }, (_, row) => row);
  const edges = sessionEdges(moments, calendar).filter((row) => row < choices);
  const chosen = new Set<number>();
  spread(edges.length, Math.ceil(count / 2), random).forEach((at) => chosen.add(edges[at] as number));
  for (const row of spread(choices, count - chosen.size, random)) chosen.add(row);
  // rows that were drawn twice
  while (chosen.size < count) chosen.add(random.int(choices));
  return [...chosen].sort((a, b) => a - b);
}

/** Rows of the last bar of each session and of the first of the next. */
function sessionEdges(moments: Float64Array, calendar: SessionCalendar): number[] {
  const edges: number[] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < moments.length; row++) {
    // a bar that closes with the session belongs to it
    const inside = toUtcMs((moments[row] as number) - 1);
    if (inside < end) continue;
    const session = calendar.sessionAt(inside);
    if (session === undefined) continue;
    end = session.close;
    if (row > 0) edges.push(row - 1, row);
  }
  return [...new Set(edges)];
}

/** One of each of `count` equal parts of 0 … length − 1. */
function spread(length: number, count: number, random: Random): number[] {
  if (length <= count) return Array.from({ length }, (_, i) => i);
  return Array.from({ length: count }, (_, i) => Math.floor(((i + random.next()) / count) * length));
}
