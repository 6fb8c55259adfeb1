import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calendarById } from '../domain/calendars/index.js';
import { parseTimeframe, type Bar, type Quote, type Tick, type Timeframe } from '../domain/market-data.js';
import type { SessionCalendar } from '../domain/session-calendar.js';
import { toPrice, toUtcMs } from '../domain/units.js';
import { BarBuilder } from './bar-builder.js';

/** Friday, 2024-01-12, an hour before the close of New York. */
const START = Date.UTC(2024, 0, 12, 20);
const LATE = 5_000;
const calendar = (id: string): SessionCalendar => calendarById(id) as SessionCalendar;
const frame = (text: string): Timeframe => parseTimeframe(text) as Timeframe;

const tick = (second: number, price: number, quantity = 1): Tick => ({ time: toUtcMs(START + second * 1000), price: toPrice(price), quantity });
const quote = (second: number, bid: number): Quote => ({ time: toUtcMs(START + second * 1000), bid: toPrice(bid), ask: toPrice(bid + 1), bidSize: 5, askSize: 6 });

function builder(timeframe = '1m', id = '24/7', from = START): { readonly bars: Bar[]; readonly build: BarBuilder } {
  const bars: Bar[] = [];
  return { bars, build: new BarBuilder({ timeframe: frame(timeframe), calendar: calendar(id), from, lateMs: LATE, onBar: (bar) => bars.push(bar) }) };
}

/** The same by sorting: what the builder must come to when no tick is later than its tolerance. */
function batch(ticks: readonly Tick[], timeframe: Timeframe, hours: SessionCalendar, from: number): Bar[] {
  const groups = new Map<number, Tick[]>();
  for (const each of ticks) {
    const session = hours.sessionAt(each.time);
    if (session === undefined) continue;
    const start = timeframe.session ? session.open : session.open + Math.floor((each.time - session.open) / timeframe.ms) * timeframe.ms;
    if (start >= from) groups.set(start, [...(groups.get(start) ?? []), each]);
  }
  return [...groups]
    .sort(([a], [b]) => a - b)
    .map(([start, group]) => {
      const sorted = [...group].sort((a, b) => a.time - b.time); // stable: equal times stay in the order they came
      const prices = group.map(({ price }) => price);
      const first = sorted[0] as Tick;
      return {
        time: toUtcMs(start),
        open: (group.find(({ time }) => time === first.time) as Tick).price,
        high: Math.max(...prices) as Tick['price'],
        low: Math.min(...prices) as Tick['price'],
        close: (sorted.at(-1) as Tick).price,
        volume: group.reduce((sum, { quantity }) => sum + quantity, 0),
      };
    });
}

describe('BarBuilder', () => {
  it.each([
    ['1m', '24/7'],
    ['30s', 'us-equity'],
    ['1h', 'us-equity'],
    ['1d', 'us-equity'],
  ])('comes to the bars of a batch over the same ticks, in whatever order within the tolerance they came (%s, %s)', (timeframe, id) => {
    const one = fc.record({ after: fc.integer({ min: 0, max: 40_000 }), delay: fc.integer({ min: 0, max: LATE - 1 }), price: fc.integer({ min: 1, max: 50 }), quantity: fc.integer({ min: 0, max: 9 }) });
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 200 }), fc.integer({ min: 0, max: 90_000 }), (steps, offset) => {
        const from = START - offset;
        let time = START;
        const ticks = steps.map(({ after, delay, price, quantity }) => ({ arrives: (time += after) + delay, tick: { time: toUtcMs(time), price: toPrice(price), quantity } }));
        ticks.sort((a, b) => a.arrives - b.arrives);
        const { bars, build } = builder(timeframe, id, from);
        for (const { tick: each } of ticks) build.trade(each);
        build.turnTo(Number.MAX_SAFE_INTEGER);
        expect(bars).toEqual(batch(ticks.map(({ tick: each }) => each), frame(timeframe), calendar(id), from));
        expect(build.late).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  it('hands a bar over by the clock when no tick comes after its end', () => {
    const { bars, build } = builder();
    build.trade(tick(10, 100));
    expect(build.due).toBe(START + 60_000 + LATE);
    build.turnTo(START + 60_000 + LATE - 1);
    expect(bars).toEqual([]);
    build.turnTo(START + 60_000 + LATE);
    expect(bars).toEqual([{ time: START, open: 100, high: 100, low: 100, close: 100, volume: 1 }]);
    expect(build.due).toBeUndefined();
  });

  it('counts what comes after its bar was handed over, and leaves the bar as it was', () => {
    const { bars, build } = builder();
    build.trade(tick(10, 100));
    build.trade(tick(66, 101));
    build.trade(tick(20, 500));
    build.turnTo(START + 200_000);
    expect(bars.map(({ high }) => high)).toEqual([100, 101]);
    expect(build.late).toBe(1);
  });

  it('gives no bar for minutes without a trade, nor for the one it came in the middle of', () => {
    const { bars, build } = builder('1m', '24/7', START + 30_000);
    for (const second of [40, 70, 250]) build.trade(tick(second, 100));
    build.turnTo(START + 400_000);
    expect(bars.map(({ time }) => (time - START) / 60_000)).toEqual([1, 4]);
    expect(build.late).toBe(0);
  });

  it('ends a bar with the session, and refuses ticks outside of it', () => {
    const { bars, build } = builder('30m', 'us-equity');
    build.trade(tick(3590, 100));
    build.trade(tick(3600, 900)); // 16:00 in New York
    build.turnTo(START + 3_600_000 + LATE);
    expect(bars.map(({ close }) => close)).toEqual([100]);
    expect(build.refused).toBe(1);
  });

  it('refuses what is no number', () => {
    const { bars, build } = builder();
    build.trade(tick(1, Number.NaN));
    build.trade(tick(2, 100, Number.NaN));
    build.trade({ ...tick(3, 100), time: toUtcMs(Number.NaN) });
    build.turnTo(START + 400_000);
    expect([bars, build.refused]).toEqual([[], 3]);
  });

  it('gives each bar the newest quote at its end, also one of long before', () => {
    const { bars, build } = builder();
    build.top(quote(20, 99));
    build.top(quote(10, 50)); // an older one that comes later
    build.trade(tick(30, 100));
    build.trade(tick(130, 100));
    build.turnTo(START + 400_000);
    const depth = { bid: 99, ask: 100, bidSize: 5, askSize: 6 };
    expect(bars.map((bar) => bar.depth)).toEqual([depth, depth]);
  });
});
