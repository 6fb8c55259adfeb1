import type { BarColumns, SessionCalendar } from '@keelson/core/domain';
import { toUtcMs } from '@keelson/core/domain';
import { randomBars, seeded } from '@keelson/test-kit/bars';
import { anySource, describeFeatureLaws, pricesOf } from '@keelson/test-kit/feature-laws';
import fc from 'fast-check';
import { dayOfWeek } from './day-of-week.js';
import { openingRange } from './opening-range.js';
import { overnightGap } from './overnight-gap.js';
import { pivotPoints } from './pivot-points.js';
import { priorDay } from './prior-day.js';
import { sessionMinutes } from './session-minutes.js';
import { sessionRange } from './session-range.js';
import { sessionVwapDistance } from './session-vwap-distance.js';
import { timeBucket } from './time-bucket.js';

const MINUTE = 60_000;
const QUARTER = 15 * MINUTE;
const LENGTH = 10 * MINUTE;

/** A session in each quarter of an hour, of ten minutes; each has a date of its own. */
const calendar: SessionCalendar = {
  id: 'quarters',
  timeZone: 'UTC',
  sessionsPerYear: 35_040,
  sessionAt: (time) => (time % QUARTER < LENGTH ? sessionOf(Math.floor(time / QUARTER)) : undefined),
  nextSession: (time) => sessionOf(Math.ceil(time / QUARTER)),
  previousSession: (time) => sessionOf(Math.floor((time - LENGTH) / QUARTER)),
};

function sessionOf(quarter: number) {
  return { date: new Date(quarter * 86_400_000).toISOString().slice(0, 10), open: toUtcMs(quarter * QUARTER), close: toUtcMs(quarter * QUARTER + LENGTH) };
}

/** Bars inside and outside of sessions, with holes, that begin anywhere. */
const sessionBars = fc.record({ seed: fc.integer(), offset: fc.integer({ min: 0, max: 14 }), holes: fc.constantFrom(0, 0.1, 0.4) }).map(({ seed, offset, holes }) => {
  const bars = randomBars(seed, 150);
  const next = seeded(seed ^ 1);
  let minute = 15_000 + offset;
  for (let i = 0; i < bars.length; i++) {
    bars.time[i] = minute * MINUTE;
    minute += 1 + (next() < holes ? Math.floor(next() * 25) : 0);
  }
  return bars;
});

function barsEvery(minutes: number): fc.Arbitrary<BarColumns> {
  return fc.integer().map((seed) => {
    const bars = randomBars(seed, 150);
    for (let i = 0; i < bars.length; i++) bars.time[i] = 15_000 * MINUTE + i * minutes * MINUTE;
    return bars;
  });
}
/** From the open of a session on; and one bar for each session, at its open. */
const [fromTheOpen, oneEach] = [barsEvery(1), barsEvery(15)];

/** Rows of each session that has bars, in order; those outside are in none. */
function sessionsIn({ time, length }: BarColumns): number[][] {
  const rows = Array.from({ length }, (_, i) => i).filter((i) => time[i] % QUARTER < LENGTH);
  return [...new Set(rows.map((i) => Math.floor(time[i] / QUARTER)))].map((quarter) => rows.filter((i) => Math.floor(time[i] / QUARTER) === quarter));
}

/** Whether the data have the start of a session: something lies before it, or its first bar is at its open. */
const isWhole = ({ time }: BarColumns, session: readonly number[]): boolean => session[0]! > 0 || time[session[0]!] % QUARTER === 0;

/** One column for each output, from what `of` gives for the rows of a session up to a bar of it and the session before. */
function bySession(bars: BarColumns, outputs: number, of: (upTo: readonly number[], before: readonly number[] | undefined) => readonly number[] | undefined): number[][] {
  const columns = Array.from({ length: outputs }, () => Array.from({ length: bars.length }, () => NaN));
  sessionsIn(bars).forEach((session, s, all) => {
    session.forEach((row, n) => of(session.slice(0, n + 1), all[s - 1])?.forEach((value, k) => (columns[k]![row] = value)));
  });
  return columns;
}

const highest = (bars: BarColumns, rows: readonly number[]): number => Math.max(...rows.map((row) => bars.high[row]!));
const lowest = (bars: BarColumns, rows: readonly number[]): number => Math.min(...rows.map((row) => bars.low[row]!));

function priorOf(bars: BarColumns, before: readonly number[] | undefined): readonly [number, number, number] | undefined {
  return before && isWhole(bars, before) ? [highest(bars, before), lowest(bars, before), bars.close[before.at(-1)!]!] : undefined;
}

const minuteOf = ({ time }: BarColumns, row: number): number => (time[row]! % QUARTER) / MINUTE;
const none = fc.constant({});

describeFeatureLaws([
  { name: 'session-minutes', definition: sessionMinutes, params: none, calendar, bars: sessionBars, warmingBars: fromTheOpen, batch: (bars) => bySession(bars, 2, (rows) => [minuteOf(bars, rows.at(-1)!) + 1, 9 - minuteOf(bars, rows.at(-1)!)]) },
  { name: 'time-bucket', definition: timeBucket, params: fc.record({ minutes: fc.integer({ min: 1, max: 12 }) }), calendar, bars: sessionBars, warmingBars: fromTheOpen, batch: (bars, p) => bySession(bars, 1, (rows) => [Math.floor(minuteOf(bars, rows.at(-1)!) / Number(p['minutes']))]) },
  { name: 'day-of-week', definition: dayOfWeek, params: none, calendar, bars: sessionBars, warmingBars: fromTheOpen, batch: (bars) => bySession(bars, 1, ([first]) => [new Date(Math.floor(bars.time[first!]! / QUARTER) * 86_400_000).getUTCDay() || 7]) },
  {
    name: 'overnight-gap',
    definition: overnightGap,
    params: none,
    calendar,
    bars: sessionBars,
    warmingBars: oneEach,
    batch: (bars) => bySession(bars, 2, ([first], before) => before && [bars.open[first!]! - bars.close[before.at(-1)!]!, bars.open[first!]! / bars.close[before.at(-1)!]! - 1]),
  },
  {
    name: 'opening-range',
    definition: openingRange,
    params: fc.record({ minutes: fc.integer({ min: 1, max: 10 }) }),
    calendar,
    bars: sessionBars,
    warmingBars: fromTheOpen,
    batch: (bars, p) =>
      bySession(bars, 3, (rows) => {
        const range = rows.filter((row) => minuteOf(bars, row) < Number(p['minutes']));
        if (!isWhole(bars, rows) || range.length === 0 || rows.at(-1)! + 1 < Number(p['minutes']) || minuteOf(bars, rows.at(-1)!) + 1 < Number(p['minutes'])) return undefined;
        return [highest(bars, range), lowest(bars, range), highest(bars, range) - lowest(bars, range)];
      }),
  },
  {
    name: 'session-range',
    definition: sessionRange,
    params: none,
    calendar,
    bars: sessionBars,
    warmingBars: fromTheOpen,
    batch: (bars) => bySession(bars, 4, (rows) => (isWhole(bars, rows) ? [highest(bars, rows), lowest(bars, rows), bars.open[rows[0]!]!, bars.close[rows.at(-1)!]! / bars.open[rows[0]!]! - 1] : undefined)),
  },
  { name: 'prior-day', definition: priorDay, params: none, calendar, bars: sessionBars, warmingBars: oneEach, batch: (bars) => bySession(bars, 3, (_, before) => priorOf(bars, before)) },
  {
    name: 'pivot-points',
    definition: pivotPoints,
    params: none,
    calendar,
    bars: sessionBars,
    warmingBars: oneEach,
    batch: (bars) =>
      bySession(bars, 7, (_, before) => {
        const prior = priorOf(bars, before);
        if (prior === undefined) return undefined;
        const [high, low, close] = prior;
        const pivot = (high + low + close) / 3;
        return [pivot, 2 * pivot - low, pivot + high - low, 2 * pivot + high - 2 * low, 2 * pivot - high, pivot - high + low, 2 * pivot + low - 2 * high];
      }),
  },
  {
    name: 'session-vwap-distance',
    definition: sessionVwapDistance,
    params: fc.record({ source: anySource }),
    calendar,
    bars: sessionBars,
    batch: (bars, p) => {
      const prices = pricesOf(bars, p['source']);
      let begun = 0;
      const vwap = prices.map((_, i) => {
        const opens = bars.time[i]! % QUARTER < LENGTH && (i === 0 || Math.floor(bars.time[i - 1]! / QUARTER) < Math.floor(bars.time[i]! / QUARTER));
        if (opens) begun = i;
        let [products, volumes] = [0, 0];
        for (let k = begun; k <= i; k++) [products, volumes] = [products + prices[k]! * bars.volume[k]!, volumes + bars.volume[k]!];
        return products / volumes;
      });
      return [vwap.map((mean, i) => bars.close[i]! / mean - 1), vwap.map((mean, i) => bars.close[i]! - mean)];
    },
  },
]);
