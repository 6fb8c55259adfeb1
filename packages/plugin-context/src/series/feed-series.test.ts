import { calendarById, parseTimeframe, type Instrument, type SessionCalendar, type Timeframe } from '@keelson/core/domain';
import type { DataFeed, HistoryRequest, OpenDataFeed } from '@keelson/core/ports';
import { allocateBars } from '@keelson/core/series';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { at, contextFeed, never } from '../../testing/support.js';
import { feedSeries } from './feed-series.js';

const MINUTE = 60_000;
const START = at('2024-01-08T00:00:00Z');

type Bars = ReadonlyArray<readonly [open: number, close: number]>;
type Fake = { readonly bars: Bars; readonly chunk?: number; readonly live?: boolean; readonly calendar?: string; readonly failing?: Set<string>; readonly steps?: string[] };

/** Feeds with bars of their own by instrument. */
function feeds(of: Readonly<Record<string, Fake>>): OpenDataFeed {
  return ({ instrument, timeframe }) => {
    const id = typeof instrument === 'string' ? instrument : (instrument as { id: string }).id;
    const { bars, chunk = 3, live = false, calendar = '24/7', failing = new Set(), steps = [] } = of[id] as Fake;
    const fail = (step: string): void => {
      steps.push(step);
      if (failing.has(step)) throw new Error(`${step} failed`);
    };
    const feed: DataFeed = {
      capabilities: { history: true, live, volume: false, depth: false },
      connect: async () => fail('connect'),
      disconnect: async () => fail('disconnect'),
      async *history({ from }: HistoryRequest) {
        fail('history');
        const wanted = bars.filter(([open]) => open >= (from as number));
        for (let i = 0; i < wanted.length; i += chunk) {
          const part = wanted.slice(i, i + chunk);
          const columns = allocateBars(part.length);
          part.forEach(([open, close], row) => { columns.time[row] = open; columns.close[row] = close; });
          yield columns;
        }
      },
      provenance: () => [],
      warnings: () => [],
    };
    return { feed, request: { instrument: { id } as Instrument, calendar: calendarById(calendar) as SessionCalendar, timeframe: parseTimeframe(timeframe) as Timeframe } };
  };
}

const minutes = (closes: readonly number[]): Bars => closes.map((close, i) => [START + i * MINUTE, close]);
const make = (params: Record<string, unknown>, of: Readonly<Record<string, Fake>>) => contextFeed(feedSeries, { instrument: 'A', timeframe: '1m', ...params }, { dataFeed: feeds(of) });
const valueAt = async (feed: ReturnType<typeof make>, minute: number) => (await feed.read({ time: (START + minute * MINUTE) as never }, never)) ?? 'absent';

describe('feed-series', () => {
  it('gives the close of the newest bar that has closed, stamped with its close', async () => {
    const feed = make({}, { A: { bars: minutes([10, 11, 12, 13]) } });
    expect(await valueAt(feed, 0.99)).toBe('absent');
    expect(await valueAt(feed, 1)).toEqual({ value: 10, time: START + MINUTE });
    expect(await valueAt(feed, 3.5)).toEqual({ value: 12, time: START + 3 * MINUTE });
    expect(await valueAt(feed, 500)).toEqual({ value: 13, time: START + 4 * MINUTE });
  });

  it('takes a session bar at the close of its session, not a day after its open', async () => {
    const open = at('2024-01-08T14:30:00Z');
    const feed = make({ timeframe: '1d' }, { A: { bars: [[open, 470]], calendar: 'us-equity' } });
    expect(await feed.read({ time: at('2024-01-08T20:59:59Z') }, never)).toBeUndefined();
    expect(await feed.read({ time: at('2024-01-08T21:00:00Z') }, never)).toEqual({ value: 470, time: at('2024-01-08T21:00:00Z') });
  });

  it.each([
    ['return', { bars: 2 }, 12 / 10 - 1],
    ['log-return', { bars: 2 }, Math.log(1.2)],
    ['return', {}, 12 / 11 - 1],
    ['ratio', { over: { instrument: 'B', timeframe: '1m' } }, 12 / 4],
    ['premium', { over: { instrument: 'B', timeframe: '1m' } }, 12 / 4 - 1],
    ['difference', { over: { instrument: 'B', timeframe: '1m' } }, 12 - 4],
  ])('makes %s with %o', async (value, params, expected) => {
    const feed = make({ value, ...params }, { A: { bars: minutes([10, 11, 12, 13]) }, B: { bars: minutes([2, 4]) } });
    const point = await valueAt(feed, 3);
    expect(point).toMatchObject({ value: expected });
  });

  it('is as old as the older of two closes, and absent until both are there', async () => {
    const feed = make({ value: 'ratio', over: { instrument: 'B', timeframe: '1m' } }, { A: { bars: minutes([10, 11, 12, 13]) }, B: { bars: [[START + MINUTE, 2]] } });
    expect(await valueAt(feed, 1)).toBe('absent');
    expect(await valueAt(feed, 4)).toEqual({ value: 6.5, time: START + 2 * MINUTE });
  });

  it('is absent before there are bars enough, and where a number makes no sense', async () => {
    expect(await valueAt(make({ value: 'return', bars: 3 }, { A: { bars: minutes([1, 2, 3]) } }), 3)).toBe('absent');
    expect(await valueAt(make({ value: 'ratio', over: { instrument: 'B', timeframe: '1m' } }, { A: { bars: minutes([1]) }, B: { bars: minutes([0]) } }), 1)).toBe('absent');
  });

  it('asks a live feed again for what has come since, and no other', async () => {
    const growing: Array<readonly [number, number]> = [[START, 1]];
    const steps: string[] = [];
    const live = make({}, { A: { bars: growing, live: true, steps } });
    expect(await valueAt(live, 2)).toMatchObject({ value: 1 });
    growing.push([START + MINUTE, 2]);
    expect(await valueAt(live, 3)).toMatchObject({ value: 2 });
    expect(steps).toEqual(['connect', 'history', 'history']);
    const still: string[] = [];
    const past = make({}, { A: { bars: minutes([1]), steps: still } });
    for (let minute = 1; minute < 9; minute++) await valueAt(past, minute);
    expect(still).toEqual(['connect', 'history']);
  });

  it.each(['connect', 'history'])('goes on when %s works again', async (step) => {
    const failing = new Set([step]);
    const feed = make({}, { A: { bars: minutes([1, 2]), failing } });
    await expect(valueAt(feed, 1)).rejects.toThrow(`${step} failed`);
    failing.clear();
    expect(await valueAt(feed, 2)).toMatchObject({ value: 2 });
  });

  it('disconnects what it connected', async () => {
    const steps: string[] = [];
    const feed = make({}, { A: { bars: minutes([1]), steps } });
    await feed.close?.();
    await valueAt(feed, 1);
    await feed.close?.();
    expect(steps).toEqual(['connect', 'history', 'disconnect']);
  });

  it.each([
    [{ value: 'ratio' }, 'over is missing'],
    [{ value: 'close', over: { instrument: 'B' } }, 'over was given with value: close'],
    [{ bars: 0 }, 'expected number to be >=1'],
    [{ timeframe: '7d' }, 'expected a timeframe'],
  ])('refuses %o', (params, said) => {
    expect(() => make(params, { A: { bars: [] }, B: { bars: [] } })).toThrow(said);
  });

  it('never shows a bar before its close, however the feed cuts its chunks', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 0, max: 300 }), { minLength: 1 }), fc.integer({ min: 1, max: 20 }), fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1 }), async (opens, chunk, asked) => {
        const bars = opens.toSorted((a, b) => a - b).map((minute): [number, number] => [START + minute * MINUTE, minute]);
        const feed = make({}, { A: { bars, chunk } });
        for (const minute of asked.toSorted((a, b) => a - b)) {
          const newest = bars.findLast(([open]) => open + MINUTE <= START + minute * MINUTE);
          expect(await valueAt(feed, minute)).toEqual(newest === undefined ? 'absent' : { value: newest[1], time: newest[0] + MINUTE });
        }
      }),
      { numRuns: 50 },
    );
  });
});
