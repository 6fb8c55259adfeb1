import type { BarColumns, SessionCalendar, Timeframe, UtcMs } from '@keelson/core/domain';
import { toUtcMs } from '@keelson/core/domain';
import type { LoadedPlugin } from '@keelson/core/plugin';
import type { DataFeed, HistoryRequest } from '@keelson/core/ports';
import { allocateBars } from '@keelson/core/series';

const COLUMNS = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;

/**
 * Lets the data of every feed end at `cutAt`, whatever the feed does with the end that it is asked for. Arrays that
 * a feed hands out beyond it are wiped, since others may hold them too.
 * @param honest plugins whose feeds keep no later bars in memory than they were asked for
 */
export function cutFeeds(plugins: readonly LoadedPlugin[], cutAt: UtcMs, honest: readonly string[]): LoadedPlugin[] {
  return plugins.map((loaded) => ({
    ...loaded,
    plugin: {
      ...loaded.plugin,
      register(context) {
        loaded.plugin.register({
          ...context,
          add(token, id, definition) {
            if (token.port !== 'data-feed') return context.add(token, id, definition);
            const original = definition as { create(of: unknown): DataFeed };
            const cut = { ...original, create: (of: unknown) => cutFeed(original.create(of), cutAt, !honest.includes(loaded.source)) };
            return context.add(token, id, cut as typeof definition);
          },
        });
      },
    },
  }));
}

function cutFeed(feed: DataFeed, cutAt: UtcMs, wipesAhead: boolean): DataFeed {
  return new Proxy(feed, {
    get(target, key) {
      if (key === 'history') return (request: HistoryRequest) => cutHistory(target, request, cutAt, wipesAhead);
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

async function* cutHistory(feed: DataFeed, request: HistoryRequest, cutAt: UtcMs, wipesAhead: boolean): AsyncGenerator<BarColumns> {
  const kept = (bars: BarColumns): number => rowsUntil(bars, cutAt, request.timeframe, request.calendar);
  if (wipesAhead) for await (const bars of feed.history(request)) wipe(bars, kept(bars));
  const to = toUtcMs(Math.min(request.to ?? Infinity, cutAt));
  for await (const bars of feed.history({ ...request, to })) {
    const length = kept(bars);
    const copy = copyOf(bars, length);
    wipe(bars, length);
    if (length > 0) yield copy;
    if (length < bars.length) return;
  }
}

/** Rows whose bar has closed by `cutAt`. */
function rowsUntil(bars: BarColumns, cutAt: UtcMs, timeframe: Timeframe, calendar: SessionCalendar): number {
  let length = bars.length;
  while (length > 0 && closeOf(bars.time[length - 1] as number, timeframe, calendar) > cutAt) length--;
  return length;
}

function closeOf(open: number, timeframe: Timeframe, calendar: SessionCalendar): number {
  const session = calendar.sessionAt(toUtcMs(open));
  if (session === undefined) return open + timeframe.ms;
  return timeframe.session ? session.close : Math.min(open + timeframe.ms, session.close);
}

/** In memory of its own: a part of an array shows the whole. */
function copyOf(bars: BarColumns, length: number): BarColumns {
  const { depth } = bars;
  const copy: BarColumns = { ...bars, ...allocateBars(length), depth: depth === undefined ? undefined : { bid: depth.bid.slice(0, length), ask: depth.ask.slice(0, length), bidSize: depth.bidSize.slice(0, length), askSize: depth.askSize.slice(0, length) } };
  for (const name of COLUMNS) copy[name].set(bars[name].subarray(0, length));
  return copy;
}

function wipe(bars: BarColumns, from: number): void {
  for (const name of COLUMNS) if (name !== 'time') bars[name].fill(Number.NaN, from);
  if (bars.depth !== undefined) for (const column of Object.values(bars.depth)) column.fill(Number.NaN, from);
}
