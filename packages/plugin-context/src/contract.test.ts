import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contextFeedSuite, declareSuite, newsFeedSuite, type ContextFeedSession, type ContextFeedSubject, type NewsControl, type NewsFeedSession, type NewsFeedSubject, type SourceControl } from '@keelson/contract-tests';
import { calendarById, parseTimeframe, type Instrument, type SessionCalendar, type Timeframe } from '@keelson/core/domain';
import type { OpenDataFeed } from '@keelson/core/ports';
import { allocateBars } from '@keelson/core/series';
import { afterAll, describe, it } from 'vitest';
import { newsFile } from './news/news-file.js';
import { newsIcs } from './news/news-ics.js';
import { newsRss } from './news/news-rss.js';
import { feedSeries } from './series/feed-series.js';
import { httpJson } from './series/http-json.js';
import { seriesFile } from './series/series-file.js';
import type { Fetch } from './sources/http-source.js';

const folder = mkdtempSync(join(tmpdir(), 'keelson-contract-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const runner = { describe, it };
const NO_HANG = { hang: 'a file answers or fails' };

const iso = (time: number): string => new Date(time).toISOString();
/** The same moment in the zone of New York, in winter. */
const inNewYork = (time: number): string => `${iso(time - 5 * 3_600_000).slice(0, 19)}-05:00`;

/** A file in a folder of its own, and what can be done to it. */
function fileOf(name: string, text: string, spoilt: string): { readonly baseDir: string; readonly write: (text: string) => void; readonly control: SourceControl } {
  const baseDir = mkdtempSync(join(folder, 'at-'));
  const write = (content: string): void => writeFileSync(join(baseDir, name), content);
  write(text);
  return { baseDir, write, control: { fail: () => rmSync(join(baseDir, name)), heal: () => write(text), spoil: () => write(spoilt) } };
}

/** A server in this process. */
class Web {
  state: 'well' | 'failing' | 'hanging' = 'well';
  spoilt = false;

  constructor(readonly answer: (url: string, spoilt: boolean) => Response) {}

  readonly fetch: Fetch = async (url, { signal }) => {
    if (signal.aborted) throw new DOMException('off', 'AbortError');
    if (this.state === 'failing') return new Response('away', { status: 503 });
    if (this.state === 'hanging') return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new DOMException('off', 'AbortError'))));
    return this.answer(url, this.spoilt);
  };

  readonly control: SourceControl = { fail: () => void (this.state = 'failing'), heal: () => void (this.state = 'well'), hang: () => void (this.state = 'hanging'), spoil: () => void (this.spoilt = true) };
}

/** A subject whose feed asks a server that is made anew for each card. */
function onWeb<Subject extends { readonly definition: unknown }, Session>(make: (fetch: Fetch) => Subject['definition'], answer: Web['answer'], session: (web: Web) => Session): { readonly definition: Subject['definition']; open(): Session } {
  let web = new Web(answer);
  return {
    definition: make((url, init) => web.fetch(url, init)),
    open() {
      web = new Web(answer);
      return session(web);
    },
  };
}

const POINTS = [16.4, 15.9, 21.25, 19].map((value, i) => ({ time: Date.UTC(2024, 0, 8 + i, 21, 15), value }));
const csv = (stamp: (time: number) => string | number, last: unknown = POINTS.at(-1)?.value): string => `time,value\n${POINTS.map(({ time, value }, i) => `${stamp(time)},${i === POINTS.length - 1 ? String(last) : value}`).join('\n')}\n`;

const ofFile = (stamp: (time: number) => string | number, params = {}): ContextFeedSubject => ({
  definition: seriesFile,
  params: { path: 'series.csv', ...params },
  cannot: NO_HANG,
  open: (): ContextFeedSession => ({ points: POINTS, ...fileOf('series.csv', csv(stamp), csv(stamp, 'n/a')) }),
});

/** A feed of bars of a day that close when the points become known. */
function barsSession(): ContextFeedSession {
  let state: 'well' | 'failing' | 'spoilt' = 'well';
  const dataFeed: OpenDataFeed = () => ({
    request: { instrument: { id: 'VIX' } as Instrument, calendar: calendarById('24/7') as SessionCalendar, timeframe: parseTimeframe('1m') as Timeframe },
    feed: {
      capabilities: { history: true, live: true, volume: false, depth: false },
      connect: async () => undefined,
      disconnect: async () => undefined,
      provenance: () => [],
      warnings: () => [],
      async *history({ from = 0 }) {
        if (state === 'failing') throw new Error('no line');
        const wanted = POINTS.filter(({ time }) => time - 60_000 >= from);
        const columns = allocateBars(wanted.length);
        wanted.forEach(({ time, value }, row) => {
          columns.time[row] = time - 60_000;
          columns.close[row] = state === 'spoilt' ? Number.NaN : value;
        });
        yield columns;
      },
    },
  });
  return { points: POINTS, dataFeed, control: { fail: () => void (state = 'failing'), heal: () => void (state = 'well'), spoil: () => void (state = 'spoilt') } };
}

const NOW = Date.UTC(2024, 0, 12);
const asked: Web['answer'] = (url, spoilt) => {
  const point = POINTS.findLast(({ time }) => time <= Number(new URL(url).searchParams.get('at')));
  return point === undefined ? Response.json({ data: {} }) : Response.json({ data: { value: spoilt ? 'n/a' : point.value, at: iso(point.time) } });
};

const series: Readonly<Record<string, ContextFeedSubject>> = {
  'series-file in UTC': ofFile(iso),
  'series-file in the time of New York': ofFile(inNewYork),
  'series-file of epochs': ofFile((time) => time / 1_000),
  'series-file with a delay': ofFile((time) => iso(time - 3_600_000), { delay: '1h' }),
  'feed-series': { definition: feedSeries, params: { feed: 'lab', instrument: 'LAB', timeframe: '1m' }, open: barsSession, cannot: { hang: 'a feed of bars cannot be called off: the kernel does not wait for it' } },
  'http-json of the past': { ...onWeb<ContextFeedSubject, ContextFeedSession>(httpJson, asked, (web) => ({ points: POINTS, control: web.control })), params: { url: 'https://x.test/series?at={timeMs}', value: 'data.value', time: 'data.at' } },
  'http-json of the present': { ...onWeb<ContextFeedSubject, ContextFeedSession>(httpJson, (_url, spoilt) => Response.json({ value: spoilt ? 'n/a' : 19 }), (web) => ({ points: POINTS.slice(-1), now: NOW, control: web.control })), params: { url: 'https://x.test/now', value: 'value' } },
};
for (const [of, subject] of Object.entries(series)) declareSuite(contextFeedSuite, runner, subject, { of });

type Event = NewsFeedSession['events'][number];
const at = (day: number, hour: number): number => Date.UTC(2024, 6, day, hour, 30);
const CALENDAR: readonly Event[] = [
  { title: 'US CPI', time: at(11, 12), knownAt: at(1, 12), importance: 'high', keywords: ['CPI', 'inflation'] },
  { title: 'ECB', time: at(18, 12), knownAt: at(8, 12), importance: 'medium', keywords: [] },
  { title: 'FOMC', time: at(31, 18), knownAt: at(21, 18), importance: 'high', keywords: ['rates'] },
];
const HEADLINES: readonly Event[] = CALENDAR.map(({ title, time, keywords = [] }) => ({ title, time, knownAt: time, keywords }));

/** How the last event stands in a document: as it is, called off, put off by an hour, or with a time that is none. */
type Last = 'as it is' | 'off' | 'later' | 'spoilt';

function document(events: readonly Event[], last: Last, line: (event: Event, id: string, spoilt: boolean) => string): string[] {
  return events.flatMap((event, i) => {
    if (i < events.length - 1 || last === 'as it is') return [line(event, `id-${i}`, false)];
    return last === 'off' ? [] : [line(last === 'later' ? { ...event, time: event.time + 3_600_000, knownAt: event.knownAt + 3_600_000 } : event, `id-${i}`, last === 'spoilt')];
  });
}

const jsonl = (last: Last): string => document(CALENDAR, last, ({ title, time, knownAt, importance, keywords }, id, spoilt) => `${JSON.stringify({ id, title, time: spoilt ? 'tomorrow' : inNewYork(time), knownAt: iso(knownAt), importance, keywords })}\n`).join('');
const table = (last: Last): string => `id,title,time,knownAt,importance,keywords\n${document(CALENDAR, last, ({ title, time, knownAt, importance, keywords = [] }, id, spoilt) => [id, title, spoilt ? '2024-07-31T18:30' : iso(time), iso(knownAt), importance, keywords.join('|')].join(',')).join('\n')}\n`;
const PRIORITY = { high: 1, medium: 5, low: 9 } as const;
const stamp = (time: number): string => iso(time - 4 * 3_600_000).slice(0, 19).replaceAll(/[-:]/g, ''); // New York, in summer
const ics = (last: Last): string => `BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//EN\n${document(CALENDAR, last, ({ title, time, importance = 'low', keywords = [] }, id, spoilt) => `BEGIN:VEVENT\nUID:${id}\nDTSTAMP:20240101T000000Z\nDTSTART;TZID=${spoilt ? 'Mars/Olympus' : 'America/New_York'}:${stamp(time)}\nSUMMARY:${title}\n${keywords.length === 0 ? '' : `CATEGORIES:${keywords.join(',')}\n`}PRIORITY:${PRIORITY[importance]}\nEND:VEVENT\n`).join('')}END:VCALENDAR\n`.replaceAll('\n', '\r\n');
const rss = (last: Last): string => `<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>${document(HEADLINES, last, ({ title, time, keywords = [] }, id, spoilt) => `<item><guid>${id}</guid><title>${title}</title><pubDate>${spoilt ? 'yesterday' : new Date(time - 4 * 3_600_000).toUTCString().replace('GMT', 'EDT')}</pubDate>${keywords.map((word) => `<category>${word}</category>`).join('')}</item>`).join('')}</channel></rss>`;

const newsFromFile = (definition: NewsFeedSubject['definition'], name: string, text: (last: Last) => string, params = {}, events = CALENDAR): NewsFeedSubject => ({
  definition,
  params: { path: name, ...params },
  cannot: NO_HANG,
  open(): NewsFeedSession {
    const file = fileOf(name, text('as it is'), text('spoilt'));
    const control: NewsControl = { ...file.control, callOff: () => file.write(text('off')), move: () => file.write(text('later')) };
    return { events, baseDir: file.baseDir, control };
  },
});

function newsFromWeb(make: (fetch: Fetch) => NewsFeedSubject['definition'], text: (last: Last) => string, params = {}, events = CALENDAR): NewsFeedSubject {
  let last: Last = 'as it is';
  const subject = onWeb<NewsFeedSubject, NewsFeedSession>(make, (_url, spoilt) => new Response(text(spoilt ? 'spoilt' : last)), (web) => {
    last = 'as it is';
    return { events, control: { ...web.control, callOff: () => void (last = 'off'), move: () => void (last = 'later') } };
  });
  return { ...subject, params: { url: 'https://x.test/news', ...params } };
}

const never: Fetch = () => Promise.reject(new Error('asks nobody'));
const ahead = { knownAhead: '10d' };
const news: Readonly<Record<string, NewsFeedSubject>> = {
  'news-file of JSON lines': newsFromFile(newsFile, 'news.jsonl', jsonl),
  'news-file of CSV': newsFromFile(newsFile, 'news.csv', table),
  'news-ics from a file': newsFromFile(newsIcs(never), 'news.ics', ics, ahead),
  'news-ics from an address': newsFromWeb(newsIcs, ics, ahead),
  'news-rss from a file': newsFromFile(newsRss(never), 'news.xml', rss, {}, HEADLINES),
  'news-rss from an address': newsFromWeb(newsRss, rss, {}, HEADLINES),
};
for (const [of, subject] of Object.entries(news)) declareSuite(newsFeedSuite, runner, subject, { of });
