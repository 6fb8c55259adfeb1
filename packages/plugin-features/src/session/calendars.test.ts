import { calendarById, parseTimeframe, toUtcMs, type BarColumns, type SessionCalendar, type Timeframe } from '@keelson/core/domain';
import type { FeatureDefinition } from '@keelson/core/ports';
import { allocateBars } from '@keelson/core/series';
import { instrumentWith, parse, runFeature } from '@keelson/test-kit/features';
import { describe, expect, it } from 'vitest';
import { dayOfWeek } from './day-of-week.js';
import { openingRange } from './opening-range.js';
import { overnightGap } from './overnight-gap.js';
import { priorDay } from './prior-day.js';
import { sessionMinutes } from './session-minutes.js';
import { timeBucket } from './time-bucket.js';

const stocks = calendarById('us-equity') as SessionCalendar;
const futures = calendarById('cme-equity-index') as SessionCalendar;

/** Bars that open at the given times, with prices 10, 11, … of which each bar goes one up and one down. */
function barsAt(...times: readonly string[]): BarColumns {
  const bars = allocateBars(times.length);
  times.forEach((time, i) => {
    bars.time[i] = toUtcMs(Date.parse(time));
    bars.open[i] = bars.close[i] = 10 + i;
    bars.high[i] = 11 + i;
    bars.low[i] = 9 + i;
    bars.volume[i] = 1;
  });
  return bars;
}

function run(definition: FeatureDefinition, calendar: SessionCalendar, bars: BarColumns, params: Record<string, unknown> = {}, timeframe = '1m'): number[][] {
  const feature = definition.create({ params: parse(definition.params, params), instrument: instrumentWith(1), calendar, timeframe: parseTimeframe(timeframe) as Timeframe });
  return runFeature(feature, bars, definition.outputs.length).map((column) => Array.from(column));
}

describe('session features on real calendars', () => {
  it('count minutes from the exchange\'s open, before and after the clocks change', () => {
    // New York goes to summer time on 2024-03-10: 09:30 is 14:30 UTC before and 13:30 after
    const bars = barsAt('2024-03-08T14:30:00Z', '2024-03-08T20:59:00Z', '2024-03-11T13:30:00Z', '2024-03-11T14:30:00Z', '2024-03-11T20:30:00Z');
    expect(run(sessionMinutes, stocks, bars)).toEqual([[1, 390, 1, 61, NaN], [389, 0, 389, 329, NaN]]);
    expect(run(timeBucket, stocks, bars)[0]).toEqual([0, 12, 0, 2, NaN]);
  });

  it('know an early close: minutes until it, and the last bar of a longer timeframe that it cuts short', () => {
    // the day after Thanksgiving: 13:00 in New York
    expect(run(sessionMinutes, stocks, barsAt('2024-11-29T17:00:00Z', '2024-11-29T17:59:00Z', '2024-11-29T18:00:00Z'))).toEqual([[151, 210, NaN], [59, 0, NaN]]);
    expect(run(sessionMinutes, stocks, barsAt('2024-11-29T17:30:00Z'), {}, '1h')).toEqual([[210], [0]]);
    expect(run(sessionMinutes, stocks, barsAt('2024-11-27T14:30:00Z', '2024-11-29T14:30:00Z'), {}, '1d')).toEqual([[390, 210], [0, 0]]);
  });

  it('give an overnight session the weekday that it ends on', () => {
    // Sunday 18:00 in New York is Monday's session; Friday 16:59 still is Friday's
    expect(run(dayOfWeek, futures, barsAt('2024-03-03T23:00:00Z', '2024-03-04T20:00:00Z', '2024-03-04T23:00:00Z', '2024-03-08T21:59:00Z'))[0]).toEqual([1, 1, 2, 5]);
  });

  it('take the session before over weekends and holidays, and the last that has bars', () => {
    // Friday, then Tuesday after Martin Luther King's day; then Thursday: Wednesday has no bars
    const bars = barsAt('2024-01-12T14:30:00Z', '2024-01-12T14:31:00Z', '2024-01-16T14:30:00Z', '2024-01-16T20:59:00Z', '2024-01-18T14:30:00Z');
    expect(run(priorDay, stocks, bars)).toEqual([[NaN, NaN, 12, 12, 14], [NaN, NaN, 9, 9, 11], [NaN, NaN, 11, 11, 13]]);
    expect(run(overnightGap, stocks, bars)[0]).toEqual([NaN, NaN, 1, 1, 1]);
  });

  it('give no range of a session that the data begin in the middle of, and its close all the same', () => {
    const bars = barsAt('2024-01-16T15:00:00Z', '2024-01-17T14:30:00Z', '2024-01-18T14:31:00Z', '2024-01-19T14:30:00Z');
    expect(run(priorDay, stocks, bars)[0]).toEqual([NaN, NaN, 12, 13]);
    expect(run(overnightGap, stocks, bars)[0]).toEqual([NaN, 1, 1, 1]);
  });

  it('show the opening range from the bar that closes with it, over a hole as well, and none without bars in it', () => {
    const bars = barsAt('2024-01-16T14:30:00Z', '2024-01-16T14:31:00Z', '2024-01-16T14:32:00Z', '2024-01-16T15:30:00Z', '2024-01-17T14:31:00Z', '2024-01-17T15:10:00Z', '2024-01-18T15:10:00Z');
    expect(run(openingRange, stocks, bars, { minutes: 3 })).toEqual([[NaN, NaN, 13, 13, NaN, 15, NaN], [NaN, NaN, 9, 9, NaN, 13, NaN], [NaN, NaN, 4, 4, NaN, 2, NaN]]);
    const coarse = barsAt('2024-01-16T14:30:00Z', '2024-01-16T14:45:00Z', '2024-01-16T15:00:00Z');
    expect(run(openingRange, stocks, coarse, {}, '15m')[0]).toEqual([NaN, 12, 12]);
  });

  it.each([['7', '5m'], ['30', '1h'], ['30', '1d']])('refuse an opening range of %s minutes on bars of %s, of which none closes with it', (minutes, timeframe) => {
    expect(() => run(openingRange, stocks, barsAt(), { minutes: Number(minutes) }, timeframe)).toThrow(`minutes was ${minutes}, expected a multiple of the bars' length (${timeframe})`);
  });
});
