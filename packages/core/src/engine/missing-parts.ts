import type { SessionCalendar } from '../domain/session-calendar.js';
import { toUtcMs } from '../domain/units.js';
import type { BarSpan } from '../ports/bar-store.js';

export type Part = {
  readonly span: BarSpan;
  /** True for what the feed must be asked for. */
  readonly missing: boolean;
  /** True when no kept bars come after it. */
  readonly isLast: boolean;
};

/**
 * Cuts `whole` into what is kept and what is missing, in time order. `kept` ascends. Between two kept spans, time
 * outside of sessions is not missing: no bar opens there. What is missing begins and ends inside of sessions.
 */
export function missingParts(whole: BarSpan, kept: readonly BarSpan[], calendar: SessionCalendar): readonly Part[] {
  const parts: Part[] = [];
  const miss = (from: number, to: number, isLast: boolean): void => {
    const span = trimmed({ from, to }, calendar);
    if (span !== undefined) parts.push({ span, missing: true, isLast });
  };
  let at = whole.from;
  for (const { from, to } of kept) {
    if (to <= at) continue;
    if (from >= whole.to) break;
    if (from > at) miss(at, from, false);
    const span = { from: Math.max(at, from), to: Math.min(to, whole.to) };
    parts.push({ span, missing: false, isLast: false });
    at = span.to;
  }
  // bars that are kept behind the end of what is asked for say that this part is whole
  if (at < whole.to) miss(at, whole.to, !kept.some(({ from }) => from >= whole.to));
  return parts;
}

/** True when a bar may open within the span. */
export function hasSessionTime(span: BarSpan, calendar: SessionCalendar): boolean {
  return trimmed(span, calendar) !== undefined;
}

/** The span from its first to its last session time; undefined when it has none. A side without bound stays as it is. */
function trimmed({ from, to }: BarSpan, calendar: SessionCalendar): BarSpan | undefined {
  if (!(from < to)) return undefined;
  let [first, last] = [from, to];
  if (Number.isFinite(from) && calendar.sessionAt(toUtcMs(from)) === undefined) first = calendar.nextSession(toUtcMs(from)).open;
  if (Number.isFinite(to) && calendar.sessionAt(toUtcMs(to - 1)) === undefined) last = calendar.previousSession(toUtcMs(to)).close;
  return first < last ? { from: first, to: last } : undefined;
}
