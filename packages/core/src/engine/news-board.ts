import { showDuration } from '../domain/duration.js';
import type { Importance, NewsEvent, NewsFilter } from '../domain/news.js';
import type { UtcMs } from '../domain/units.js';
import type { NewsView } from '../ports/news.js';
import type { KeywordFinder } from './keywords.js';

/** Events that are kept at most; those furthest from now go first. */
export const MOST_EVENTS = 2000;

const RANK: Readonly<Record<Importance, number>> = { low: 0, medium: 1, high: 2 };

/** How a source is doing. */
export type SourceState = {
  readonly name: string;
  readonly staleAfterMs: number;
  /** When it last answered; NaN before the first time. */
  answered: number;
  /** What it fails with; undefined while it answers. */
  trouble: string | undefined;
};

/** The events that are known at the present moment. Written between the bars, read by components. */
export class NewsBoard implements NewsView {
  /** The present moment (UtcMs). */
  readonly now = new Float64Array([Number.NaN]);
  /** In order of time. */
  private events: NewsEvent[] = [];

  constructor(
    readonly sources: readonly SourceState[],
    readonly finder: KeywordFinder,
  ) {}

  get sourceNames(): readonly string[] {
    return this.sources.map(({ name }) => name);
  }

  get unavailable(): string | undefined {
    for (const { name, answered, staleAfterMs, trouble } of this.sources) {
      const why = trouble === undefined ? '' : `: it ${trouble}`;
      if (Number.isNaN(answered)) return `news source '${name}' has not answered yet${why}`;
      const silent = (this.now[0] as number) - answered;
      if (!(silent <= staleAfterMs)) return `news source '${name}' has not answered for ${showDuration(silent)}${why}`;
    }
    return undefined;
  }

  between(from: UtcMs, to: UtcMs, filter: NewsFilter = {}): readonly NewsEvent[] {
    const { events } = this;
    const found: NewsEvent[] = [];
    for (let i = this.firstAt(from); i < events.length && (events[i] as NewsEvent).time <= to; i++) {
      if (this.passes(events[i] as NewsEvent, filter)) found.push(events[i] as NewsEvent);
    }
    return found;
  }

  /** True when a filter means this event. */
  passes(event: NewsEvent, { keywords, minImportance }: NewsFilter): boolean {
    if (minImportance !== undefined && event.importance !== undefined && RANK[event.importance] < RANK[minImportance]) return false;
    return keywords === undefined || keywords.some((keyword) => this.finder.matches(event, keyword));
  }

  /** The event of a source under an id. */
  find(source: string, id: string): NewsEvent | undefined {
    return this.events.find((event) => event.id === id && event.source === source);
  }

  /**
   * Writes what a source said, and forgets what happened before `oldest`.
   * @param withdrawn ids of events that it no longer has
   * @returns how many had no place any more
   */
  put(source: string, added: readonly NewsEvent[], withdrawn: readonly string[], oldest: number): number {
    const replaced = new Set([...added.map(({ id }) => id), ...withdrawn]);
    const kept = this.events.filter((event) => event.time >= oldest && !(event.source === source && replaced.has(event.id)));
    const all = [...kept, ...added.filter((event) => event.time >= oldest)];
    const now = this.now[0] as number;
    const surplus = Math.max(0, all.length - MOST_EVENTS);
    if (surplus > 0) all.sort((a, b) => Math.abs(a.time - now) - Math.abs(b.time - now)).length = MOST_EVENTS;
    this.events = all.sort((a, b) => a.time - b.time || compare(keyOf(a), keyOf(b)));
    return surplus;
  }

  private firstAt(from: number): number {
    let low = 0;
    let high = this.events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.events[middle] as NewsEvent).time < from) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const keyOf = ({ source, id }: NewsEvent): string => `${source}\n${id}`;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
