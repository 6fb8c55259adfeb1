import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barsAt, calendar, CountingFeed, ES, FRAME, MINUTE, rowsOf } from '../../testing/counting-feed.js';
import { MemoryBarStore } from '../../testing/memory-bar-store.js';
import { StoredFeed } from './stored-feed.js';

/** Tuesday 2024-01-09, 15:00 UTC: inside of a session that closes at 22:00 and opens again at 23:00. */
const START = Date.UTC(2024, 0, 9, 15);
const CLOSE = Date.UTC(2024, 0, 9, 22);
const OPEN = Date.UTC(2024, 0, 9, 23);
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const minutes = (from: number, to: number, without: readonly number[] = []): number[] => Array.from({ length: (to - from) / MINUTE }, (_, i) => from + i * MINUTE).filter((time) => calendar.sessionAt(time as never) !== undefined && !without.includes(time));
const over = (feed: CountingFeed, store: MemoryBarStore): StoredFeed => new StoredFeed(feed, store, () => 'counting', quiet);
const at = (minute: number): number => START + minute * MINUTE;

describe('a feed with a store', () => {
  it('asks for nothing twice, and after a restart only for what is missing', async () => {
    const feed = new CountingFeed(barsAt(minutes(START, at(400))));
    const store = new MemoryBarStore();
    feed.now = at(100);
    await rowsOf(over(feed, store), START, at(100));
    feed.now = at(160);
    expect(await rowsOf(over(feed, store), START, at(160))).toEqual(await rowsOf(new CountingFeed(feed.bars), START, at(160)));
    await rowsOf(over(feed, store), at(20), at(90));
    expect(feed.asked).toEqual([[START, at(100)], [at(100), at(160)]]);
  });

  it('asks for a hole only, and does not take it for a hole again', async () => {
    const feed = new CountingFeed(barsAt(minutes(START, at(300), [at(120), at(121), at(122)])));
    const store = new MemoryBarStore();
    await rowsOf(over(feed, store), START, at(100));
    await rowsOf(over(feed, store), at(200), at(250));
    feed.asked.length = 0;
    for (let i = 0; i < 2; i++) expect((await rowsOf(over(feed, store), START, at(250))).length).toBe(247);
    expect(feed.asked).toEqual([[at(100), at(200)]]);
  });

  it('takes closed hours for closed, and a day to end with its session', async () => {
    const feed = new CountingFeed(barsAt(minutes(START, OPEN + 60 * MINUTE)));
    const store = new MemoryBarStore();
    await rowsOf(over(feed, store), START, CLOSE);
    await rowsOf(over(feed, store), OPEN, OPEN + 60 * MINUTE);
    feed.asked.length = 0;
    expect((await rowsOf(over(feed, store), START, OPEN + 60 * MINUTE)).length).toBe(7 * 60 + 60);
    expect(feed.asked).toEqual([]);
    // asked in the pause: nothing can be missing
    await rowsOf(over(feed, store), CLOSE - 5 * MINUTE, CLOSE + 30 * MINUTE);
    expect(feed.asked).toEqual([]);
  });

  it('asks again for what lies behind the newest bar', async () => {
    const feed = new CountingFeed(barsAt(minutes(START, at(100), [at(98)])));
    const store = new MemoryBarStore();
    for (let i = 0; i < 2; i++) await rowsOf(over(feed, store), START, at(99));
    await rowsOf(over(feed, store), START, at(100));
    await rowsOf(over(feed, store), START, at(99));
    expect(feed.asked).toEqual([[START, at(99)], [at(98), at(99)], [at(98), at(100)]]);
  });

  it('does not take a feed that is late for one that has nothing', async () => {
    const feed = new CountingFeed(barsAt(minutes(START, at(100))));
    const store = new MemoryBarStore();
    feed.now = at(50);
    expect((await rowsOf(over(feed, store), START, at(60))).length).toBe(50);
    feed.now = at(100);
    expect((await rowsOf(over(feed, store), START, at(60))).length).toBe(60);
    expect(feed.asked).toEqual([[START, at(60)], [at(50), at(60)]]);
  });

  it('keeps what came before somebody stopped looking', async () => {
    const feed = new CountingFeed(barsAt(minutes(START, at(100))), 10);
    const store = new MemoryBarStore();
    for await (const chunk of over(feed, store).history({ instrument: ES, calendar, timeframe: FRAME, from: START as never, to: at(100) as never })) if (chunk.time[0] === at(30)) break;
    await rowsOf(over(feed, store), START, at(100));
    expect(feed.asked).toEqual([[START, at(100)], [at(40), at(100)]]);
  });

  it('keeps live bars, and leaves a hole between them to the next start', async () => {
    const feed = new CountingFeed(barsAt(minutes(START, at(100))));
    const store = new MemoryBarStore();
    feed.now = at(10);
    const first = over(feed, store);
    await first.connect();
    await rowsOf(first, START, at(10));
    const seen: number[] = [];
    first.subscribe?.([{ instrument: ES, calendar, timeframe: FRAME }], { onBar: (_, { time }) => seen.push(time), onTick: () => undefined, onQuote: () => undefined, onError: () => undefined, onEnd: () => undefined, settle: () => undefined });
    for (const row of [10, 11, 12, 20, 21]) feed.give(row);
    await first.disconnect();
    expect(seen).toEqual([10, 11, 12, 20, 21].map(at));
    feed.now = at(30);
    expect((await rowsOf(over(feed, store), START, at(30))).length).toBe(30);
    expect(feed.asked.slice(1)).toEqual([[at(13), at(20)], [at(22), at(30)]]);
  });

  it('keeps a live bar before what is computed on it: a bar that is written takes away what was computed before', async () => {
    const store = new MemoryBarStore();
    const log: string[] = [];
    const write = store.write.bind(store);
    store.write = async (series, span, bars) => {
      await Promise.resolve(); // a store takes its time
      log.push('bar');
      return write(series, span, bars);
    };
    store.keepFeatures = async () => void log.push('features');
    const feed = new CountingFeed(barsAt(minutes(START, at(10))));
    const stored = over(feed, store);
    const onBar = (): void => stored.afterWrites(() => stored.keepFeatures(ES, FRAME, []));
    stored.subscribe?.([{ instrument: ES, calendar, timeframe: FRAME }], { onBar, onTick: () => undefined, onQuote: () => undefined, onError: () => undefined, onEnd: () => undefined, settle: () => undefined });
    for (const row of [0, 1]) feed.give(row);
    await stored.disconnect();
    expect(log).toEqual(['bar', 'features', 'bar', 'features']);
  });

  it('goes on without a store that fails, and says so once', async () => {
    const feed = new CountingFeed(barsAt(minutes(START, at(100))));
    const store = new MemoryBarStore();
    store.fault = new Error('bars.db could not be written (disk full)');
    const stored = over(feed, store);
    expect((await rowsOf(stored, START, at(100))).length).toBe(100);
    expect(stored.warnings()).toEqual(['bars are no longer kept: bars.db could not be written (disk full)']);
  });

  it('keeps feeds of other settings apart', async () => {
    const store = new MemoryBarStore();
    const feed = new CountingFeed(barsAt(minutes(START, at(20))));
    await rowsOf(new StoredFeed(feed, store, () => 'one', quiet), START, at(20));
    await rowsOf(new StoredFeed(feed, store, () => 'two', quiet), START, at(20));
    expect(feed.asked.length).toBe(2);
  });

  it('gives the same bars as the feed alone, whatever was asked before, and in the end asks for nothing', async () => {
    const span = fc.tuple(fc.nat(1_600), fc.nat(1_600), fc.boolean(), fc.boolean());
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(1_500), { maxLength: 60 }), fc.array(span, { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 50 }), fc.boolean(), async (holes, requests, chunk, depth) => {
        const bars = barsAt(minutes(START, at(1_500), holes.map(at)), depth);
        const store = new MemoryBarStore();
        const feed = new CountingFeed(bars, chunk);
        for (const [a, b, open, ended] of requests) {
          const from = open ? undefined : at(Math.min(a, b));
          const to = ended ? undefined : at(Math.max(a, b));
          expect(plain(await rowsOf(over(feed, store), from, to))).toEqual(plain(await rowsOf(new CountingFeed(bars), from, to)));
        }
        const last = (bars.time.at(-1) as number) + MINUTE; // what lies behind the newest bar may still come
        await rowsOf(over(feed, store), START, last);
        feed.asked.length = 0;
        await rowsOf(over(feed, store), START, last);
        expect(feed.asked).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});

/** Bars without any quotes are equal whether or not there are columns for them. */
function plain(rows: readonly unknown[]): unknown[] {
  return rows.map((row) => (row as number[]).filter((value) => !Number.isNaN(value)));
}
