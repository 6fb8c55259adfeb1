import type { NewsSettings } from '../config/context-schema.js';
import { parseDuration } from '../domain/duration.js';
import type { NewsEvent } from '../domain/news.js';
import { isoTime, toUtcMs, type UtcMs } from '../domain/units.js';
import type { Account } from '../pipeline/account.js';
import type { NewsFeed, SourceEvent } from '../ports/news.js';
import type { JournalRecord } from '../ports/journal.js';
import { unfitness } from './context-desk.js';
import { Inquiries, type Reply } from './inquiries.js';
import type { NewsBoard, SourceState } from './news-board.js';
import type { SourceParts } from './source-parts.js';

/** An answer in the journal: what was new in it, and the ids of events that it no longer had. */
type NewsData = { readonly source: string; readonly arrived: number; readonly events: readonly NewsEvent[]; readonly withdrawn: readonly string[] };
/** What a source fails with from now on; null when it is well again. */
type FaultData = { readonly source: string; readonly fault: string | null };

/** Fetches headlines and calendars off the bar path, writes what arrived onto the board and tells who listens. */
export class NewsDesk {
  private readonly inquiries: Inquiries<readonly SourceEvent[]>;
  private readonly lookBackMs: number;
  private readonly lookAheadMs: number;

  constructor(
    private readonly board: NewsBoard,
    /** In the order of the board's sources. */
    private readonly feeds: readonly NewsFeed[],
    settings: NewsSettings,
    private readonly account: Account,
    /** Told of each event that became known or changed. */
    private readonly onEvent: (event: NewsEvent, now: UtcMs) => void,
    { clock, timer, overHistory }: SourceParts,
  ) {
    this.lookBackMs = parseDuration(settings.lookBack) as number;
    this.lookAheadMs = parseDuration(settings.lookAhead) as number;
    const sources = feeds.map((feed, i) => {
      const { every, latency, timeout } = settings.sources[(board.sources[i] as SourceState).name] as NewsSettings['sources'][string];
      return {
        everyMs: parseDuration(every) as number,
        latencyMs: parseDuration(latency) as number,
        timeoutMs: parseDuration(timeout) as number,
        unfit: unfitness(feed, overHistory),
        ask: (time: UtcMs, cancel: AbortSignal) => feed.read({ time, from: toUtcMs(time - this.lookBackMs), to: toUtcMs(time + this.lookAheadMs) }, cancel),
      };
    });
    this.inquiries = new Inquiries(sources, clock, timer, overHistory, (source, reply, asked, arrived) => this.take(source, reply, asked, arrived));
  }

  get idle(): boolean {
    return this.feeds.length === 0;
  }

  get waiting(): boolean {
    return this.inquiries.waiting;
  }

  advance(now: UtcMs): void {
    this.board.now[0] = now;
  }

  deliver(now: UtcMs): void {
    this.advance(now);
    this.inquiries.deliver(now);
  }

  ask(now: UtcMs): void {
    this.inquiries.ask(now);
  }

  settle(): Promise<void> {
    return this.inquiries.settle();
  }

  async stop(): Promise<void> {
    this.inquiries.stop();
    for (const feed of this.feeds) await feed.close?.();
  }

  private take(source: number, reply: Reply<readonly SourceEvent[]>, asked: UtcMs, arrived: number): void {
    const state = this.board.sources[source] as SourceState;
    const answer: Reply<readonly SourceEvent[]> = 'value' in reply && !Array.isArray(reply.value) ? { failure: `gave ${typeof reply.value}, expected a list of events` } : reply;
    this.report(state, 'failure' in answer ? answer.failure : undefined);
    if ('failure' in answer) return;
    const given = new Map<string, NewsEvent>();
    for (const each of answer.value) {
      const fault = eventFault(each, arrived);
      if (fault !== undefined) this.account.notes.add(`news source '${state.name}' gave an event that ${fault}: left out`);
      else given.set(each.id, this.plainEvent(each, state.name));
    }
    const events = [...given.values()].filter((event) => differs(event, this.board.find(state.name, event.id)));
    const upcoming = this.board.between(toUtcMs(Math.max(arrived, asked + 1)), toUtcMs(asked + this.lookAheadMs));
    const withdrawn = upcoming.flatMap(({ source: from, id }) => (from === state.name && !given.has(id) ? [id] : []));
    const data: NewsData = { source: state.name, arrived, events, withdrawn };
    if (this.account.journal.enabled) this.account.journal.append({ kind: 'news', time: this.account.now, data });
    this.apply(state, data);
  }

  /** Takes an answer out of a journal; false for a record of another kind. */
  recall(record: JournalRecord): boolean {
    if (record.kind !== 'news') return false;
    const data = record.data as NewsData | FaultData;
    const state = this.board.sources.find(({ name }) => name === data.source);
    if (state === undefined) return true;
    if ('fault' in data) state.trouble = data.fault ?? undefined;
    else this.apply(state, data);
    return true;
  }

  private apply(state: SourceState, { arrived, events, withdrawn }: NewsData): void {
    state.answered = arrived;
    if (events.length === 0 && withdrawn.length === 0) return;
    const lost = this.board.put(state.name, events, withdrawn, arrived - this.lookBackMs);
    if (lost > 0) this.account.notes.add('there were more news events than are kept: those furthest from now were left out');
    const { hooks, now } = this.account;
    for (const event of events) {
      if (hooks.observes.news) hooks.tell('news', event);
      this.onEvent(event, now);
    }
  }

  /** A copy of what an event may say, with the keywords of the account. */
  private plainEvent({ id, time, title, keywords, importance, knownAt }: SourceEvent, source: string): NewsEvent {
    const found = [...this.board.finder.in(title), ...(keywords ?? []).map(String)];
    const seen = new Set<string>();
    const distinct = found.filter((word) => !seen.has(word.toLowerCase()) && seen.add(word.toLowerCase()));
    return Object.freeze({ id, time, title, keywords: Object.freeze(distinct), ...(importance === undefined ? {} : { importance }), source, knownAt });
  }

  /** Once for each change. */
  private report(state: SourceState, trouble: string | undefined): void {
    if (state.trouble === trouble) return;
    state.trouble = trouble;
    if (trouble === undefined) this.account.logger.info(`news source '${state.name}' is back`);
    else {
      this.account.notes.add(`news source '${state.name}' ${trouble}`);
      this.account.logger.warn(`news source '${state.name}' ${trouble}`);
    }
    if (this.account.journal.enabled) this.account.journal.append({ kind: 'news', time: this.account.now, data: { source: state.name, fault: trouble ?? null } satisfies FaultData });
  }
}

/** What is wrong with an event, for a message; undefined for a sound one. */
function eventFault(event: unknown, arrived: number): string | undefined {
  const { id, time, title, keywords, importance, knownAt } = (event ?? {}) as Readonly<Record<keyof SourceEvent, unknown>>;
  if (typeof id !== 'string' || id === '') return 'has no id';
  if (typeof title !== 'string') return 'has no title';
  if (!Number.isFinite(time) || !Number.isFinite(knownAt)) return 'has no time, or does not say when it could be known';
  if (keywords !== undefined && !Array.isArray(keywords)) return 'has keywords that are no list';
  if (importance !== undefined && importance !== 'low' && importance !== 'medium' && importance !== 'high') return 'has an importance other than low, medium and high';
  return (knownAt as number) > arrived ? `could not be known before ${isoTime(toUtcMs(knownAt as number))}` : undefined;
}

function differs(event: NewsEvent, known: NewsEvent | undefined): boolean {
  return known === undefined || known.time !== event.time || known.title !== event.title || known.importance !== event.importance || known.keywords.join('\n') !== event.keywords.join('\n');
}
