import { toUtcMs, type Importance } from '@keelson/core/domain';
import { NEWS_FEED } from '@keelson/core/plugin';
import type { NewsFeed, NewsFeedDefinition, SourceEvent } from '@keelson/core/ports';
import { VirtualTime } from '../../fakes/virtual-time.js';
import type { Suite } from '../../frame/card.js';
import { expectEqual, expectThat, show, vacuousUnless } from '../../frame/expectations.js';
import { paramsCards } from '../../lab/params-cards.js';
import { cardsOf, type SourceBench, type SourcePort, type SourceSubject } from '../source/source-bench.js';
import { feedCards, sourceCards } from '../source/source-cards.js';
import type { SourceControl, SourceSession } from '../source/source-subject.js';

export type NewsControl = SourceControl & {
  /** The last event is called off at the source. */
  callOff?(): void | Promise<void>;
  /** The last event is put off by an hour at the source, and stays the same event. */
  move?(): void | Promise<void>;
};

/** One source of news, and what it knows. */
export type NewsFeedSession = SourceSession<NewsControl> & {
  /** All that it knows, at least three, in order of time, with titles of their own; `time` and `knownAt` in ms since 1970. */
  readonly events: ReadonlyArray<{ readonly time: number; readonly knownAt: number; readonly title: string; readonly importance?: Importance; readonly keywords?: readonly string[] }>;
};

/** A feed of news, and how it is tried. */
export type NewsFeedSubject = Omit<SourceSubject<NewsFeedSession>, 'cannot' | 'definition'> & {
  readonly definition: NewsFeedDefinition;
  /** What can never be done to its outside, each with the reason. The cards that need it have nothing to hold, and pass with that note. */
  readonly cannot?: Readonly<Partial<Record<keyof NewsControl, string>>>;
};

type Known = NewsFeedSession['events'][number];
const DAY = 86_400_000;
const HOUR = 3_600_000;
const FIELDS = ['id', 'importance', 'keywords', 'knownAt', 'time', 'title'];

const lastOf = ({ events }: NewsFeedSession): Known => events.at(-1) as Known;
const nowOf = (session: NewsFeedSession): number => session.now ?? Math.max(...session.events.map(({ knownAt }) => knownAt));
const spanOf = ({ events }: NewsFeedSession): readonly [from: number, to: number] => [(events[0] as Known).time - DAY, (events.at(-1) as Known).time + DAY];

const port: SourcePort<NewsFeedSubject, NewsFeed, readonly SourceEvent[]> = {
  make: ({ definition }, session, params, logger) => definition.create({ params, name: 'news', clock: new VirtualTime(nowOf(session)), logger, baseDir: session.baseDir ?? '.' }),
  ask: (feed, session, cancel) => {
    const [from, to] = spanOf(session);
    return feed.read({ time: toUtcMs(nowOf(session)), from: toUtcMs(from), to: toUtcMs(to) }, cancel);
  },
  close: async (feed) => feed.close?.(),
};

type Bench = SourceBench<NewsFeedSubject, NewsFeed, readonly SourceEvent[]>;
const newsCard = cardsOf(port);

const all = (bench: Bench, feed = bench.make()): Promise<readonly SourceEvent[]> => bench.answer(bench.put(feed));

async function between(bench: Bench, feed: NewsFeed, from: number, to: number, time = nowOf(bench.session)): Promise<readonly SourceEvent[]> {
  return bench.answer(feed.read({ time: toUtcMs(time), from: toUtcMs(from), to: toUtcMs(to) }, new AbortController().signal));
}

const titles = (events: ReadonlyArray<{ readonly title: string }>): string[] => events.map(({ title }) => title).sort();
const ids = (events: readonly SourceEvent[]): string[] => events.map(({ id, title }) => `${title}: ${id}`).sort();

/** What every feed of news promises. */
export const newsFeedSuite: Suite<NewsFeedSubject> = {
  name: 'news-feed',
  prefix: 'NWS',
  about: 'Headlines and calendars: what keeps an account out of the market before a decision on rates. It is asked off the bar path, and always says all that it knows: an event that an answer leaves out was called off.',
  cards: [
    ...paramsCards<NewsFeedSubject>('NWS'),
    ...feedCards('NWS', port),
    newsCard({
      id: 'NWS-100',
      title: 'gives every event of the range, both ends inside, and no other',
      why: 'An event that is left out was called off: its blackout ends',
      async play(bench) {
        const feed = bench.make();
        const { events } = bench.session;
        expectThat(events.length >= 3, `the session had ${events.length} events`, 'at least 3');
        const [first, second, last] = [events[0], events[1], lastOf(bench.session)] as [Known, Known, Known];
        expectEqual(titles(await all(bench, feed)), titles(events), 'titles of all events');
        for (const [from, to] of [[first.time, last.time], [second.time, last.time], [first.time, first.time], [second.time + 1, last.time - 1], [first.time - 1_000, first.time - 1], [last.time + 1, last.time + DAY]] as const) {
          expectEqual(titles(await between(bench, feed, from, to)), titles(events.filter(({ time }) => time >= from && time <= to)), `titles of the events from ${from} to ${to}`);
        }
      },
    }),
    newsCard({
      id: 'NWS-110',
      title: 'gives nothing before it was known',
      why: 'A backtest that reads the headline an hour before it was written makes any strategy rich',
      async play(bench) {
        const feed = bench.make();
        vacuousUnless(feed.capabilities.history, 'the feed declares no history');
        const [from, to] = spanOf(bench.session);
        for (const { knownAt, title } of bench.session.events) {
          expectThat(!titles(await between(bench, feed, from, to, knownAt - 1)).includes(title), `${show(title)} was given a moment before it was known`, 'nothing of it');
          expectThat(titles(await between(bench, feed, from, to, knownAt)).includes(title), `${show(title)} was not given when it became known`, 'it');
        }
      },
    }),
    newsCard({
      id: 'NWS-120',
      title: 'says when an event happens, and from when on it was known, in milliseconds of UTC',
      why: 'A calendar that is an hour off in summer opens the market during the announcement',
      async play(bench) {
        const found = new Map((await all(bench)).map((event) => [event.title, event]));
        for (const { title, time, knownAt } of bench.session.events) {
          expectEqual(found.get(title)?.time, time, `the time of ${show(title)}`);
          expectEqual(found.get(title)?.knownAt, knownAt, `when ${show(title)} became known`);
        }
      },
    }),
    newsCard({
      id: 'NWS-130',
      title: 'gives events that can be used: an id, a title, and nothing that the kernel does not know',
      why: 'An event without one of them is left out, and nobody sees why the market was entered',
      async play(bench) {
        const expected = new Map(bench.session.events.map((event) => [event.title, event]));
        for (const event of await all(bench)) {
          expectThat(typeof event.id === 'string' && event.id !== '', `an id was ${show(event.id)}`, 'text');
          expectThat(event.title.trim() === event.title && event.title !== '', `a title was ${show(event.title)}`, 'text without blanks around it');
          const { importance, keywords } = event;
          expectThat(importance === undefined || ['low', 'medium', 'high'].includes(importance), `an importance was ${show(importance)}`, 'low, medium, high, or none');
          expectThat(keywords === undefined || (Array.isArray(keywords) && keywords.every((word) => typeof word === 'string' && word !== '')), `keywords were ${show(keywords)}`, 'a list of words');
          const known = expected.get(event.title);
          if (known?.importance !== undefined) expectEqual(importance, known.importance, `the importance of ${show(event.title)}`);
          if (known?.keywords !== undefined) expectEqual(new Set(keywords), new Set(known.keywords), `the keywords of ${show(event.title)}`);
          const extra = Object.keys(event).filter((key) => !FIELDS.includes(key));
          expectThat(extra.length === 0, `an event had ${extra.join(', ')}`, `${FIELDS.join(', ')} only`);
        }
      },
    }),
    newsCard({
      id: 'NWS-140',
      title: 'gives an event the same id in every answer, after a restart as well, and to each its own',
      why: 'An advisor is asked once for each event: one that changes its id is news every minute',
      async play(bench) {
        const feed = bench.make();
        const first = await all(bench, feed);
        expectEqual(new Set(first.map(({ id }) => id)).size, first.length, 'number of different ids');
        for (const again of [feed, bench.make()]) expectEqual(ids(await all(bench, again)), ids(first), 'ids of a later answer');
        const { time } = lastOf(bench.session);
        for (const line of ids(await between(bench, feed, time - 1_000, time + 1_000))) expectThat(ids(first).includes(line), `in a narrow range an event was ${line}`, 'its id');
      },
    }),
    newsCard({
      id: 'NWS-150',
      title: 'says all that it knows each time, not what is new',
      why: 'An event still to come that an answer no longer holds was called off: “no change” must not read as “all clear”',
      async play(bench) {
        const feed = bench.make();
        for (const question of ['first', 'second', 'third']) expectEqual(titles(await all(bench, feed)), titles(bench.session.events), `titles of the ${question} answer`);
      },
    }),
    newsCard({
      id: 'NWS-160',
      title: 'leaves out an event that was called off, and nothing else',
      why: 'An account that waits for a meeting that is not held misses its day',
      needs: ['callOff'],
      async play(bench) {
        const feed = bench.make();
        await all(bench, feed);
        await bench.control('callOff')();
        expectEqual(titles(await all(bench, feed)), titles(bench.session.events.slice(0, -1)), 'titles after the last event was called off');
      },
    }),
    newsCard({
      id: 'NWS-170',
      title: 'gives an event that was put off once, at its new time, under its id',
      why: 'Two events where there is one are two blackouts; the old one is over nothing',
      needs: ['move'],
      async play(bench) {
        const feed = bench.make();
        const before = await all(bench, feed);
        await bench.control('move')();
        const { title, time } = lastOf(bench.session);
        const [from, to] = spanOf(bench.session);
        const after = (await between(bench, feed, from, to, nowOf(bench.session) + 2 * HOUR)).filter((event) => event.title === title);
        expectEqual(after.map((event) => ({ id: event.id, time: event.time })), [{ id: before.find((event) => event.title === title)?.id, time: time + HOUR }], `${show(title)} after it was put off by an hour`);
      },
    }),
    newsCard({
      id: 'NWS-180',
      title: 'never gives an event whose time cannot be read: it fails, or leaves that one out and says so',
      why: 'A time that is guessed is worse than one that is missing, and one that is dropped in silence is neither',
      needs: ['spoil'],
      async play(bench) {
        const feed = bench.make();
        await bench.control('spoil')();
        const outcome = await bench.outcome(feed);
        if ('failed' in outcome) return;
        expectThat(outcome.value.every(({ time, knownAt }) => Number.isFinite(time) && Number.isFinite(knownAt)), `it gave ${show(outcome.value)}`, 'times that are numbers');
        const missing = titles(bench.session.events).filter((title) => !titles(outcome.value).includes(title));
        expectThat(missing.length === 1, `of what could not be read it left out ${show(missing)}`, 'that one event');
        expectThat(bench.log.entries.some(({ level }) => level === 'warn' || level === 'error'), 'it left an event out and said nothing', 'a line in the log');
      },
    }),
    ...sourceCards('NWS', port, { port: 'news-feed', add: (add, { definition }) => add(NEWS_FEED, 'subject', definition), config: (config) => ({ news: { sources: { news: { use: 'subject', config } } } }) }),
  ],
};
