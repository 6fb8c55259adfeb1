import type { NewsRequest, SourceEvent } from '@keelson/core/ports';

/** Events in order of time, as {@link known} wants them. */
export function inOrder(events: readonly SourceEvent[]): readonly SourceEvent[] {
  return [...events].sort((a, b) => a.time - b.time);
}

/** The events of a request's range that were known at its time. @param events in order of time */
export function known(events: readonly SourceEvent[], { time, from, to }: NewsRequest): readonly SourceEvent[] {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[middle] as SourceEvent).time < from) low = middle + 1;
    else high = middle;
  }
  const found: SourceEvent[] = [];
  for (let i = low; i < events.length && (events[i] as SourceEvent).time <= to; i++) {
    if ((events[i] as SourceEvent).knownAt <= time) found.push(events[i] as SourceEvent);
  }
  return found;
}

/** True when a file's events reach beyond a request: it need not be looked at for more. */
export function reachBeyond(events: readonly SourceEvent[], { to }: NewsRequest): boolean {
  return (events.at(-1)?.time ?? Number.NEGATIVE_INFINITY) > to;
}
