import { defineNewsFeed } from '@keelson/core/plugin';
import type { NewsFeed, NewsFeedContext, NewsRequest, Schema, SourceEvent } from '@keelson/core/ports';
import { z } from 'zod';
import { FakeWeb, sourceTwins, type Ask } from '../../../testing/fake-web.js';
import { jsonCalendar } from '../../../testing/json-calendar.js';
import { proveSuite } from '../../../testing/twins.js';
import { newsFeedSuite, type NewsFeedSubject } from './news-feed-suite.js';

const HOUR = 3_600_000;
const at = (day: number, hour = 13): number => Date.UTC(2024, 0, day, hour, 30);
const EVENTS = [
  { title: 'US payrolls', time: at(5), knownAt: at(1), importance: 'high' as const, keywords: ['jobs'] },
  { title: 'US CPI', time: at(11), knownAt: at(2), importance: 'high' as const, keywords: ['CPI', 'inflation'] },
  { title: 'A bank speaks', time: at(17, 15), knownAt: at(10), keywords: [] },
  { title: 'FOMC', time: at(31, 19), knownAt: at(3), importance: 'high' as const, keywords: ['rates'] },
];
type Item = { id: string; time: string; announced: string; title: string };
const items = (): Item[] => EVENTS.map(({ title, time, knownAt, keywords, ...rest }, i) => ({ id: `e-${i}`, title, time: new Date(time).toISOString(), announced: new Date(knownAt).toISOString(), topics: keywords, ...('importance' in rest ? rest : {}) }));
const strict = z.strictObject({ url: z.url().default('https://x.test/calendar') });

/** A sound feed with parts that do something else. */
function subjectOf(change: (feed: NewsFeed, web: FakeWeb, context: NewsFeedContext<unknown>) => Partial<NewsFeed> = () => ({}), { params = strict as Schema, make = () => undefined }: { readonly params?: Schema; readonly make?: (web: FakeWeb) => void } = {}): NewsFeedSubject {
  let web = new FakeWeb(items);
  return {
    definition: defineNewsFeed({
      params,
      create(context) {
        make(web);
        const feed = jsonCalendar(web.fetch).create(context as NewsFeedContext<unknown>);
        const own: NewsFeed = { ...feed, read: (request, cancel) => feed.read(request, cancel) };
        return { ...own, ...change(own, web, context as NewsFeedContext<unknown>) };
      },
    }),
    open() {
      web = new FakeWeb(items);
      const last = (change: (item: Item, all: Item[]) => void) => (): void => web.change((all: Item[]) => change(all.at(-1) as Item, all));
      return {
        events: EVENTS,
        control: {
          ...web.control,
          callOff: last((_item, all) => void all.pop()),
          move: last((item) => (item.time = new Date(Date.parse(item.time) + HOUR).toISOString())),
          spoil: last((item) => (item.time = 'tomorrow')),
        },
      };
    },
  };
}

/** A feed whose answers are changed on their way. */
const answering = (change: (events: readonly SourceEvent[], request: NewsRequest) => unknown): NewsFeedSubject =>
  subjectOf(({ read }) => ({ read: async (request, cancel) => change(await read(request, cancel), request) as readonly SourceEvent[] }));
const each = (change: (event: SourceEvent) => object): NewsFeedSubject => answering((events) => events.map((event) => ({ ...event, ...change(event) })));

let served = 0;

proveSuite(
  newsFeedSuite,
  () => subjectOf(() => ({ files: ['/tmp/calendar.json'] })),
  [
    { breaks: 'NWS-010', how: 'takes other defaults each time', subject: () => subjectOf(undefined, { params: strict.extend({ more: z.number().default(() => ++served) }) }) },
    { breaks: 'NWS-020', how: 'lets any setting pass', subject: () => subjectOf(undefined, { params: z.object({ url: z.url().default('https://x.test/calendar') }) }) },
    { breaks: 'NWS-030', how: 'lets any value pass', subject: () => subjectOf(undefined, { params: z.strictObject({ url: z.unknown().default('https://x.test/calendar') }) }) },
    { breaks: 'NWS-040', how: 'knows neither the past nor the present', subject: () => subjectOf(() => ({ capabilities: { history: false, live: false } })) },
    { breaks: 'NWS-050', how: 'names a file as its settings do', subject: () => subjectOf(() => ({ files: ['calendar.json'] })) },
    { breaks: 'NWS-060', how: 'can be closed once', subject: () => subjectOf(() => { let open = true; return { close: async () => { if (!open) throw new Error('closed'); open = false; } }; }) },
    { breaks: 'NWS-100', how: 'leaves out what happens at the very end of the range', subject: () => answering((events, { to }) => events.filter(({ time }) => time < to)) },
    { breaks: 'NWS-110', how: 'knows what is announced a moment later', subject: () => subjectOf(({ read }) => ({ read: ({ time, ...range }, cancel) => read({ ...range, time: (time + 1) as typeof time }, cancel) })) },
    { breaks: 'NWS-120', how: 'takes a zone for UTC', subject: () => each(({ knownAt }) => ({ knownAt: knownAt - HOUR })) },
    { breaks: 'NWS-130', how: 'says how it was measured', subject: () => each(() => ({ impact: 3 })) },
    { breaks: 'NWS-140', how: 'numbers events anew at each start', subject: () => subjectOf(({ read }) => { const start = ++served; return { read: async (request, cancel) => (await read(request, cancel)).map((event) => ({ ...event, id: `${event.id} of ${start}` })) }; }) },
    {
      breaks: 'NWS-150',
      how: 'says what is new',
      subject: () =>
        subjectOf(({ read }) => {
          let asked = 0;
          return { read: async (request, cancel) => { const events = await read(request, cancel); return ++asked === 3 && events.length === EVENTS.length && request.time === at(10) && request.to - request.from > 20 * 24 * HOUR ? [] : events; } };
        }),
    },
    {
      breaks: 'NWS-160',
      how: 'keeps what it ever knew',
      subject: () =>
        subjectOf(({ read }) => {
          const known = new Map<string, SourceEvent>();
          return {
            read: async (request, cancel) => {
              for (const event of await read(request, cancel)) known.set(event.id, event);
              return [...known.values()].filter(({ time, knownAt }) => time >= request.from && time <= request.to && knownAt <= request.time);
            },
          };
        }),
    },
    { breaks: 'NWS-170', how: 'takes an event at another time for another one', subject: () => each(({ id, time }) => ({ id: `${id} ${time}` })) },
    { breaks: 'NWS-180', how: 'leaves out in silence what it cannot read', subject: () => subjectOf(({ read }) => ({ read: (request, cancel) => read(request, cancel).catch((thrown: { readonly code?: string }) => (thrown.code === 'DATA_FORMAT' ? EVENTS.slice(0, -1).map(({ title, time, knownAt }, i) => ({ id: `e-${i}`, title, time, knownAt }) as unknown as SourceEvent) : Promise.reject(thrown as Error))) })) },
    ...sourceTwins('NWS', (ask, make) => subjectOf(({ read }, web) => ({ read: ask(read as Ask, web) as NewsFeed['read'] }), make === undefined ? {} : { make })),
  ],
);
