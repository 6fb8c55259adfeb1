import { defineContextFeed } from '@keelson/core/plugin';
import type { ContextFeed, ContextFeedContext, ContextPoint, Schema } from '@keelson/core/ports';
import { z } from 'zod';
import { FakeWeb, sourceTwins, type Ask } from '../../../testing/fake-web.js';
import { jsonSeries } from '../../../testing/json-series.js';
import { proveSuite } from '../../../testing/twins.js';
import { contextFeedSuite, type ContextFeedSubject } from './context-feed-suite.js';

const POINTS = [3, 5, 8, 13].map((value, i) => ({ time: Date.UTC(2024, 0, 2 + i, 21, 15), value }));
const strict = z.strictObject({ url: z.url().default('https://x.test/series') });
const json = (offset: string) => POINTS.map(({ time, value }) => ({ time: `${new Date(time + (offset === 'Z' ? 0 : 7_200_000)).toISOString().slice(0, 19)}${offset}`, value }));

type Context = ContextFeedContext<unknown>;

/** A sound feed with parts that do something else. */
function subjectOf(change: (feed: ContextFeed, web: FakeWeb, context: Context) => Partial<ContextFeed> = () => ({}), { params = strict as Schema, make = () => undefined, offset = 'Z' }: { readonly params?: Schema; readonly make?: (web: FakeWeb) => void; readonly offset?: string } = {}): ContextFeedSubject {
  let web = new FakeWeb(() => json(offset));
  return {
    definition: defineContextFeed({
      params,
      create(context) {
        make(web);
        const feed = jsonSeries(web.fetch).create(context as Context);
        const own: ContextFeed = { ...feed, read: (request, cancel) => feed.read(request, cancel) };
        return { ...own, ...change(own, web, context as Context) };
      },
    }),
    open() {
      web = new FakeWeb(() => json(offset));
      return { points: POINTS, control: { ...web.control, spoil: () => web.change((items: Array<{ value: unknown }>) => items.forEach((item) => (item.value = 'n/a'))) } };
    },
  };
}

type Point = ContextPoint | undefined;

/** A feed whose answers are changed on their way. */
const answering = (change: (point: Point, time: number) => unknown): ContextFeedSubject =>
  subjectOf(({ read }) => ({ read: async (request, cancel) => change(await read(request, cancel), request.time) as Point }));

const newest = POINTS.at(-1) as ContextPoint;
let served = 0;

proveSuite(
  contextFeedSuite,
  () => subjectOf(() => ({ files: ['/tmp/series.json'], close: async () => undefined })),
  [
    { breaks: 'CTX-010', how: 'takes other defaults each time', subject: () => subjectOf(undefined, { params: strict.extend({ more: z.number().default(() => ++served) }) }) },
    { breaks: 'CTX-020', how: 'lets any setting pass', subject: () => subjectOf(undefined, { params: z.object({ url: z.url().default('https://x.test/series') }) }) },
    { breaks: 'CTX-030', how: 'lets any value pass', subject: () => subjectOf(undefined, { params: z.strictObject({ url: z.unknown().default('https://x.test/series') }) }) },
    { breaks: 'CTX-040', how: 'knows neither the past nor the present', subject: () => subjectOf(() => ({ capabilities: { history: false, live: false } })) },
    { breaks: 'CTX-050', how: 'names a file as its settings do', subject: () => subjectOf(() => ({ files: ['series.json'] })) },
    { breaks: 'CTX-060', how: 'can be closed once', subject: () => subjectOf(() => { let open = true; return { close: async () => { if (!open) throw new Error('closed'); open = false; } }; }) },
    { breaks: 'CTX-100', how: 'takes a moment to see a value', subject: () => answering((point, time) => (point?.time === time && time !== newest.time && time !== POINTS[0]?.time ? { ...point, value: point.value - 1 } : point)) },
    { breaks: 'CTX-110', how: 'knows what is a moment away', subject: () => answering((point, time) => POINTS.slice(1).find((each) => each.time === time + 1) ?? point) },
    { breaks: 'CTX-120', how: 'tells times of another zone', subject: () => answering((point) => (point === undefined ? point : { ...point, time: point.time - 3_600_000 })) },
    { breaks: 'CTX-130', how: 'begins with a zero', subject: () => answering((point, time) => point ?? (time < newest.time ? { value: 0, time: time - 1 } : point)) },
    {
      breaks: 'CTX-140',
      how: 'smooths what it is asked often',
      subject: () =>
        subjectOf(({ read }) => {
          let asked = 0;
          return { read: async (request, cancel) => { const point = await read(request, cancel); return ++asked > POINTS.length && request.time === newest.time && point !== undefined ? { ...point, value: point.value / 2 } : point; } };
        }),
    },
    { breaks: 'CTX-150', how: 'says what was before, now', subject: () => answering((point, time) => (time === newest.time + 1_000 ? POINTS.at(-2) : point)) },
    { breaks: 'CTX-160', how: 'makes NaN of text', subject: () => subjectOf(({ read }) => ({ read: (request, cancel) => read(request, cancel).catch((thrown: { readonly code?: string }) => (thrown.code === 'DATA_FORMAT' ? { value: Number.NaN, time: newest.time } : Promise.reject(thrown as Error))) })) },
    ...sourceTwins('CTX', (ask, make) => subjectOf(({ read }, web) => ({ read: ask(read as Ask, web) as ContextFeed['read'] }), make === undefined ? {} : { make })),
  ],
  [() => subjectOf(undefined, { offset: '+02:00' })],
);
