import type { Bar, BarColumns, Session, SessionCalendar, Timeframe } from '@keelson/core/domain';
import { calendarById, parseTimeframe, toPrice, toUtcMs } from '@keelson/core/domain';
import { DataError } from '@keelson/core/errors';
import type { DataFeed, HistoryRequest, LiveHandlers } from '@keelson/core/ports';
import { allocateBars, joinBars, sliceBars } from '@keelson/core/series';
import { proveSuite, type BrokenTwin } from '../../../testing/twins.js';
import { ScriptedFeed, VirtualTime, seededBars, testInstrument } from '../../fakes/index.js';
import type { DataFeedSession, DataFeedSubject } from './data-feed-subject.js';
import { dataFeedSuite } from './data-feed-suite.js';

const BARS = seededBars(200, 'feed', { gaps: 0 });
const CLOSED = BARS.length - 20;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

type Defect = (feed: ScriptedFeed) => Partial<DataFeed>;

type Market = { readonly calendar: string; readonly timeframe: string; /** From a bar's open to its close. */ readonly barMs: number };

const AROUND_THE_CLOCK: Market = { calendar: '24/7', timeframe: '1m', barMs: MINUTE };
const MINUTES_OF_STOCKS: Market = { calendar: 'us-equity', timeframe: '1m', barMs: MINUTE };
const DAYS_OF_STOCKS: Market = { calendar: 'us-equity', timeframe: '1d', barMs: 6.5 * HOUR };

function sessionOf(defect: Defect = () => ({}), bars: BarColumns = BARS, market: Market = AROUND_THE_CLOCK): DataFeedSession {
  const scripted = new ScriptedFeed(bars, { instrument: testInstrument({ calendar: market.calendar }), barMs: market.barMs, time: new VirtualTime(bars.time[0]) });
  const feed: DataFeed = {
    capabilities: scripted.capabilities,
    connect: () => scripted.connect(),
    disconnect: () => scripted.disconnect(),
    history: (request) => scripted.history(request),
    subscribe: (requests, handlers) => scripted.subscribe(requests, handlers),
    provenance: () => scripted.provenance(),
    warnings: () => scripted.warnings(),
    carries: () => ({ volume: true, depth: false }),
  };
  const patch = defect(scripted);
  return {
    feed: Object.defineProperties(feed, Object.getOwnPropertyDescriptors(patch)),
    request: { instrument: scripted.instrument, calendar: calendarById(market.calendar) as SessionCalendar, timeframe: parseTimeframe(market.timeframe) as Timeframe },
    now: () => scripted.time.now(),
    control: scripted,
  };
}

const missing: Defect = () => ({
  connect: async () => {
    throw new DataError('DATA_MISSING', 'there is no such source');
  },
});

function subjectOf(defect?: Defect, broken: Defect = missing): DataFeedSubject {
  return { open: () => sessionOf(defect), openBroken: () => sessionOf(broken) };
}

/** A sound feed on a source that has something else, of the past and live alike. */
function source(bars: BarColumns, market?: Market): DataFeedSubject {
  return { ...subjectOf(), open: () => sessionOf(undefined, bars, market) };
}

/** A source that spoils what closes from now on: history has it so afterwards. */
function spoiltFromNow(spoil: (bars: BarColumns, row: number) => void): DataFeedSubject {
  const bars = copyOf(BARS);
  for (let row = CLOSED; row < bars.length; row++) spoil(bars, row);
  return source(bars);
}

/** Seeded bars that open at these times. */
function barsAt(opens: readonly number[]): BarColumns {
  return { ...seededBars(opens.length, 'sessions'), time: Float64Array.from(opens) };
}

function sessionsOfStocks(from: string, count: number): Session[] {
  const stocks = calendarById('us-equity') as SessionCalendar;
  const sessions: Session[] = [];
  for (let after = toUtcMs(Date.parse(from)); sessions.length < count; after = (sessions[sessions.length - 1] as Session).close) sessions.push(stocks.nextSession(after));
  return sessions;
}

/** A Friday and the Monday after it, between which New York leaves daylight saving time. */
const MINUTES = sessionsOfStocks('2024-11-01', 2).flatMap(({ open }) => Array.from({ length: 390 }, (_, minute) => open + minute * MINUTE));
const CLOCKS_CHANGE = Date.parse('2024-11-03T06:00:00Z');
/** Sessions on both sides of it, all of them whole. */
const DAYS = sessionsOfStocks('2024-09-23', 45).map(({ open }) => open as number);

/** A feed whose history is changed, in one piece, where it holds the whole. */
function history(change: (bars: BarColumns) => BarColumns): DataFeedSubject {
  return subjectOf((feed) => ({
    async *history(request: HistoryRequest) {
      const chunks: BarColumns[] = [];
      for await (const chunk of feed.history(request)) chunks.push(chunk);
      yield change(copyOf(joinBars(chunks)));
    },
  }));
}

const isWhole = ({ length }: BarColumns): boolean => length > 100;

function copyOf(bars: BarColumns): BarColumns {
  return joinBars([bars, allocateBars(0)]);
}

/** Live bars that are changed on their way; `request` is what was asked for. */
function live(listen: (request: HistoryRequest, handlers: LiveHandlers, feed: ScriptedFeed) => readonly [HistoryRequest, Partial<LiveHandlers>]): DataFeedSubject {
  return subjectOf((feed) => ({
    subscribe(requests, handlers) {
      const [asked, instead] = listen(requests[0] as HistoryRequest, handlers, feed);
      return feed.subscribe([asked], { ...handlers, ...instead });
    },
  }));
}

/** Live bars with other values than the source has. */
function changed(change: (bar: Bar) => Bar): DataFeedSubject {
  return live((request, handlers) => [request, { onBar: (instrument, bar) => handlers.onBar(instrument, change(bar)) }]);
}

const twin = (breaks: string, how: string, subject: DataFeedSubject): BrokenTwin<DataFeedSubject> => ({ breaks, how, subject: () => subject });

let readings = 0;

const twins: ReadonlyArray<BrokenTwin<DataFeedSubject>> = [
  twin('FED-010', 'has a live side, and declares none', { open: () => sessionOf((feed) => ({ capabilities: { ...feed.capabilities, live: 'yes' as never } })), openBroken: () => sessionOf(missing) }),
  twin('FED-020', 'cannot be disconnected twice', subjectOf((feed) => {
    let open = false;
    return {
      connect: async () => void (open = true),
      disconnect: async () => {
        if (!open) throw new Error('not open');
        open = false;
        await feed.disconnect();
      },
    };
  })),
  twin('FED-100', 'tells a bar twice', history((bars) => {
    if (isWhole(bars)) for (const name of ['time', 'open', 'high', 'low', 'close', 'volume'] as const) bars[name][5] = bars[name][4] as number;
    return bars;
  })),
  twin('FED-110', 'has lows above the close', history((bars) => {
    if (isWhole(bars)) bars.low[5] = (bars.close[5] as number) + 1;
    return bars;
  })),
  twin('FED-120', 'stamps a bar a little late', history((bars) => {
    if (isWhole(bars)) bars.time[5] = (bars.time[5] as number) + 500;
    return bars;
  })),
  twin('FED-120', 'takes the clock of Chicago for that of New York', source(barsAt(MINUTES.map((open) => open + HOUR)), MINUTES_OF_STOCKS)),
  twin('FED-120', 'knows no end of daylight saving time', source(barsAt(MINUTES.map((open) => (open < CLOCKS_CHANGE ? open : open - HOUR))), MINUTES_OF_STOCKS)),
  twin('FED-120', 'stamps a day with its first trade', source(barsAt(DAYS.map((open) => open + 7_000)), DAYS_OF_STOCKS)),
  twin('FED-130', 'takes the end of a span in', subjectOf((feed) => ({ history: (request) => feed.history(request.to === undefined ? request : { ...request, to: toUtcMs(request.to + 1) }) }))),
  twin('FED-140', 'gives other bars at each reading', subjectOf((feed) => ({
    async *history(request: HistoryRequest) {
      readings++;
      for await (const chunk of feed.history(request)) yield request.from === undefined ? { ...chunk, high: chunk.high.map((high) => high + readings) } : chunk;
    },
  }))),
  twin('FED-150', 'tells the bar that is still open', subjectOf((feed) => ({
    async *history(request: HistoryRequest) {
      yield* feed.history(request);
      if (request.to === undefined) yield openRow(feed);
    },
  }))),
  twin('FED-160', 'writes to a chunk that it handed out', subjectOf((feed) => ({
    async *history(request: HistoryRequest) {
      let first: BarColumns | undefined;
      for await (const chunk of feed.history(request)) {
        if (first !== undefined) first.volume[0] = 7_777;
        const own = copyOf(chunk);
        first ??= own;
        yield own;
      }
    },
  }))),
  twin('FED-170', 'goes on where a reading was left', subjectOf((feed) => {
    let left: number | undefined;
    return {
      async *history(request: HistoryRequest) {
        let isWhole = false;
        const from = left;
        try {
          for await (const chunk of feed.history(from === undefined ? request : { ...request, from: toUtcMs(from) })) {
            left = (chunk.time[chunk.length - 1] as number) + MINUTE;
            yield chunk;
          }
          isWhole = true;
        } finally {
          if (isWhole) left = undefined;
        }
      },
    };
  })),
  twin('FED-200', 'has no hash of its source', subjectOf((feed) => ({ provenance: () => feed.provenance().map((each) => ({ ...each, hash: 'none' })) }))),
  twin('FED-210', 'hashes the moment of reading', subjectOf((feed) => {
    readings++;
    const salt = readings;
    return { provenance: () => feed.provenance().map((each) => ({ ...each, hash: `sha256:${String(salt).padStart(64, '0')}` })) };
  })),
  twin('FED-300', 'declares volume that its bars lack', source({ ...BARS, volume: new Float64Array(BARS.length) })),
  twin('FED-310', 'declares quotes that its bars lack', subjectOf((feed) => ({ capabilities: { ...feed.capabilities, depth: true }, carries: () => ({ volume: true, depth: true }) }))),
  twin('FED-320', 'declares of all what one lacks', subjectOf((feed) => ({ capabilities: { ...feed.capabilities, depth: true } }))),
  twin('FED-400', 'takes a missing source for an empty one', subjectOf(undefined, () => ({ history: async function* () { yield allocateBars(0); } }))),
  twin('FED-400', 'throws what the driver throws', subjectOf(undefined, () => ({ connect: async () => { throw new Error('ENOENT'); } }))),
  twin('FED-500', 'stamps the third bar with its close', live((request, handlers, feed) => {
    let told = 0;
    const isLate = request.from !== undefined && request.from < feed.time.now();
    return [request, { onBar: (instrument, bar) => { told++; handlers.onBar(instrument, told === 3 && !isLate ? { ...bar, time: toUtcMs(bar.time + MINUTE) } : bar); } }];
  })),
  twin('FED-510', 'tells what the source repeats', { ...subjectOf(), open: () => telling('repeatBar', (last) => last) }),
  twin('FED-520', 'tells a bar before it has closed', { ...subjectOf(), open: () => telling('openBar', (last, now) => ({ ...last, time: toUtcMs(now) })) }),
  twin('FED-530', 'begins with what closes next', subjectOf((feed) => {
    let listened = false;
    return {
      subscribe(requests, handlers) {
        const subscribed = feed.subscribe(requests.map((request) => ({ ...request, from: listened ? request.from ?? feed.time.now() : feed.time.now() })), handlers);
        listened = true;
        return subscribed;
      },
    };
  })),
  twin('FED-540', 'breaks off without a word', live((request) => [request, { onError: () => undefined }])),
  twin('FED-550', 'does not go back for what it missed', subjectOf((feed) => {
    let listened = false;
    return {
      subscribe(requests, handlers) {
        const subscribed = feed.subscribe(requests.map((request) => ({ ...request, from: listened ? feed.time.now() : request.from ?? feed.time.now() })), handlers);
        listened = true;
        return subscribed;
      },
    };
  })),
  twin('FED-560', 'cannot be left', subjectOf((feed) => ({ subscribe: (requests, handlers) => { feed.subscribe(requests, handlers); return () => undefined; } }))),
  twin('FED-570', 'tells a close that is no number', spoiltFromNow((bars, row) => (bars.close[row] = Number.NaN))),
  twin('FED-570', 'tells lows above the close', spoiltFromNow((bars, row) => (bars.low[row] = (bars.close[row] as number) + 1))),
  twin('FED-570', 'tells highs below the open', spoiltFromNow((bars, row) => (bars.high[row] = (bars.open[row] as number) - 1))),
  twin('FED-570', 'tells negative volume', spoiltFromNow((bars, row) => (bars.volume[row] = -5))),
  twin('FED-570', 'tells volume without end', spoiltFromNow((bars, row) => (bars.volume[row] = Number.POSITIVE_INFINITY))),
  twin('FED-580', 'tells prices between ticks', spoiltFromNow((bars, row) => {
    for (const name of ['open', 'high', 'low', 'close'] as const) bars[name][row] = (bars[name][row] as number) + 0.1;
  })),
  twin('FED-590', 'tells prices in tenths', changed((bar) => ({ ...bar, open: toPrice(bar.open * 10), high: toPrice(bar.high * 10), low: toPrice(bar.low * 10), close: toPrice(bar.close * 10) }))),
  twin('FED-590', 'swaps open and close', changed((bar) => ({ ...bar, open: bar.close, close: bar.open }))),
  twin('FED-590', 'counts volume twice', changed((bar) => ({ ...bar, volume: bar.volume * 2 }))),
  twin('FED-600', 'warns in paragraphs', subjectOf(() => ({ warnings: () => ['two\nlines'] }))),
];

function openRow(feed: ScriptedFeed): BarColumns {
  const row = copyOf(sliceBars(BARS, BARS.length - 20, BARS.length - 19));
  row.time[0] = feed.time.now();
  return row;
}

/** A session of which one control tells what no feed should tell. */
function telling(control: 'repeatBar' | 'openBar', barOf: (last: Bar, now: number) => Bar): DataFeedSession {
  let heard: LiveHandlers | undefined;
  let last: Bar | undefined;
  let handlers: LiveHandlers | undefined;
  const session = sessionOf((feed) => ({
    subscribe(requests, given) {
      handlers = given;
      heard = { ...given, onBar: (instrument, bar) => given.onBar(instrument, (last = bar)) };
      return feed.subscribe(requests, heard);
    },
  }));
  const scripted = session.control as ScriptedFeed;
  const price = toPrice(4000);
  const tell = (): void => handlers?.onBar('MES', barOf(last ?? { time: toUtcMs(0), open: price, high: price, low: price, close: price, volume: 1 }, scripted.time.now()));
  return { ...session, control: { nextBar: () => scripted.nextBar(), repeatBar: () => scripted.repeatBar(), openBar: () => scripted.openBar(), breakOff: () => scripted.breakOff(), restore: () => scripted.restore(), [control]: tell } };
}

proveSuite(dataFeedSuite, () => subjectOf(), twins, [() => source(barsAt(MINUTES), MINUTES_OF_STOCKS), () => source(barsAt(DAYS), DAYS_OF_STOCKS)]);
