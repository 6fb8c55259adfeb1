import { toUtcMs } from '@keelson/core/domain';
import { CONTEXT_FEED } from '@keelson/core/plugin';
import type { ContextFeed, ContextFeedDefinition, ContextPoint, OpenDataFeed } from '@keelson/core/ports';
import { VirtualTime } from '../../fakes/virtual-time.js';
import type { Suite } from '../../frame/card.js';
import { expectEqual, expectThat, show, vacuousUnless } from '../../frame/expectations.js';
import { paramsCards } from '../../lab/params-cards.js';
import { cardsOf, type SourceBench, type SourcePort, type SourceSubject } from '../source/source-bench.js';
import { feedCards, sourceCards } from '../source/source-cards.js';
import type { SourceControl, SourceSession } from '../source/source-subject.js';

/** One source of a slow series, and what it knows. */
export type ContextFeedSession = SourceSession & {
  /** What it knows, and from when on it could be known (ms since 1970), oldest first: at least three. Of the present only: the newest. */
  readonly points: ReadonlyArray<{ readonly time: number; readonly value: number }>;
  /** The feeds that it may ask, where it asks one. Default: none. */
  readonly dataFeed?: OpenDataFeed;
};

/** A feed of context, and how it is tried. */
export type ContextFeedSubject = Omit<SourceSubject<ContextFeedSession>, 'cannot' | 'definition'> & {
  readonly definition: ContextFeedDefinition;
  /** What can never be done to its outside, each with the reason. The cards that need it have nothing to hold, and pass with that note. */
  readonly cannot?: Readonly<Partial<Record<keyof SourceControl, string>>>;
};

const noFeed: OpenDataFeed = () => {
  throw new RangeError('the session gives no data feed: give it dataFeed');
};

const lastOf = ({ points }: ContextFeedSession): number => points.at(-1)?.time ?? 0;
const nowOf = (session: ContextFeedSession): number => session.now ?? lastOf(session) + 1_000;

const port: SourcePort<ContextFeedSubject, ContextFeed, ContextPoint | undefined> = {
  make: ({ definition }, session, params, logger) => definition.create({ params, name: 'series', clock: new VirtualTime(nowOf(session)), logger, baseDir: session.baseDir ?? '.', dataFeed: session.dataFeed ?? noFeed }),
  ask: (feed, session, cancel) => feed.read({ time: toUtcMs(nowOf(session)) }, cancel),
  close: async (feed) => feed.close?.(),
};

type Bench = SourceBench<ContextFeedSubject, ContextFeed, ContextPoint | undefined>;
const contextCard = cardsOf(port);

/** A feed that knows the past, and the points that it knows. */
function past(bench: Bench): { readonly feed: ContextFeed; readonly points: ContextFeedSession['points'] } {
  const feed = bench.make();
  vacuousUnless(feed.capabilities.history, 'the feed declares no history');
  const { points } = bench.session;
  expectThat(points.length >= 3 && points.every(({ time }, i) => i === 0 || time > (points[i - 1] as ContextPoint).time), `points of the session were ${show(points)}`, 'at least three, ascending in time');
  return { feed, points };
}

const at = (bench: Bench, feed: ContextFeed, time: number): Promise<ContextPoint | undefined> => bench.answer(feed.read({ time: toUtcMs(time) }, new AbortController().signal));

/** What every feed of context promises. */
export const contextFeedSuite: Suite<ContextFeedSubject> = {
  name: 'context-feed',
  prefix: 'CTX',
  about: 'A slow number from outside: a volatility index, a dominance, a funding rate. It is asked off the bar path; what it says counts from when it could be known, expires, and is absent when it fails.',
  cards: [
    ...paramsCards<ContextFeedSubject>('CTX'),
    ...feedCards('CTX', port),
    contextCard({
      id: 'CTX-100',
      title: 'gives the newest value that was known, from the moment on that it was',
      why: 'A strategy that sees yesterday’s number today was tested on another market',
      async play(bench) {
        const { feed, points } = past(bench);
        for (const { time, value } of points) expectEqual((await at(bench, feed, time))?.value, value, `the value at ${time}, when it became known`);
        expectEqual((await at(bench, feed, lastOf(bench.session) + 500))?.value, points.at(-1)?.value, 'the value behind the last one');
      },
    }),
    contextCard({
      id: 'CTX-110',
      title: 'never gives a value of later than it was asked about',
      why: 'A backtest that knows tomorrow’s index makes any strategy rich',
      async play(bench) {
        const { feed, points } = past(bench);
        for (const { time } of points.slice(1)) {
          const found = await at(bench, feed, time - 1);
          expectThat(found === undefined || found.time <= time - 1, `asked about ${time - 1} it gave a value of ${found?.time}`, 'one that was known');
        }
      },
    }),
    contextCard({
      id: 'CTX-120',
      title: 'says from when on a value could be known, in milliseconds of UTC',
      why: 'Its age counts from there: an hour of a wrong zone and a value is stale before it is used, or used long after',
      async play(bench) {
        const { feed, points } = past(bench);
        for (const { time } of points) expectEqual((await at(bench, feed, time))?.time, time, 'the time of a value');
      },
    }),
    contextCard({
      id: 'CTX-130',
      title: 'is absent before its first value',
      why: 'A zero in the place of nothing is a number that rules decide by',
      async play(bench) {
        const { feed, points } = past(bench);
        const outcome = await bench.ended(feed.read({ time: toUtcMs((points[0] as ContextPoint).time - 1) }, new AbortController().signal));
        expectThat(outcome !== undefined && ('failed' in outcome || outcome.value === undefined), `a moment before its first value it gave ${show(outcome)}`, 'nothing');
      },
    }),
    contextCard({
      id: 'CTX-140',
      title: 'knows the same whether it is asked often or seldom',
      why: 'A test by the day and a run by the minute would see two markets',
      async play(bench) {
        const { feed: often, points } = past(bench);
        for (const { time } of points) await at(bench, often, time);
        const asked = lastOf(bench.session);
        for (let again = 0; again < 3; again++) expectEqual(await at(bench, often, asked), { ...(await at(bench, bench.make(), asked)) }, 'what it gave after many questions, beside one that was asked once');
      },
    }),
    contextCard({
      id: 'CTX-150',
      title: 'gives the newest value of all to who asks about now',
      why: 'On paper and live this is the only question',
      async play(bench) {
        const feed = bench.make();
        vacuousUnless(feed.capabilities.live, 'the feed declares nothing live');
        const now = nowOf(bench.session);
        const found = await at(bench, feed, now);
        expectEqual(found?.value, bench.session.points.at(-1)?.value, 'the value now');
        expectThat(Number.isFinite(found?.time) && (found as ContextPoint).time <= now && (found as ContextPoint).time > now - 1e11, `the time of the value now was ${show(found?.time)}`, `milliseconds of UTC, not after ${now}`);
      },
    }),
    contextCard({
      id: 'CTX-160',
      title: 'never gives what is no number',
      why: 'NaN passes every comparison of a rule, the wrong way',
      needs: ['spoil'],
      async play(bench) {
        const feed = bench.make();
        await bench.control('spoil')();
        const outcome = await bench.outcome(feed);
        if ('failed' in outcome || outcome.value === undefined) return;
        expectThat(Number.isFinite(outcome.value.value) && Number.isFinite(outcome.value.time), `of what is no number it made ${show(outcome.value)}`, 'a rejection, or absence');
      },
    }),
    ...sourceCards('CTX', port, { port: 'context-feed', add: (add, { definition }) => add(CONTEXT_FEED, 'subject', definition), config: (config) => ({ context: { series: { use: 'subject', config } } }) }),
  ],
};
