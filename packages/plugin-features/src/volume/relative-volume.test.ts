import type { BarColumns, SessionCalendar } from '@keelson/core/domain';
import { calendarById } from '@keelson/core/domain';
import { allocateBars } from '@keelson/core/series';
import { createFeature, runFeature } from '@keelson/test-kit/features';
import { describe, expect, it } from 'vitest';
import { relativeVolume } from './relative-volume.js';

const MINUTE = 60_000;

function barsAt(times: readonly number[], volumes: readonly number[]): BarColumns {
  const bars = allocateBars(times.length);
  bars.time.set(times);
  bars.volume.set(volumes);
  for (const column of [bars.open, bars.high, bars.low, bars.close]) column.fill(1);
  return bars;
}
const values = (bars: BarColumns, sessions: number, calendar: SessionCalendar): number[] =>
  Array.from(runFeature(createFeature(relativeVolume, { sessions }, { calendar }), bars)[0] as Float64Array);

describe('relative-volume', () => {
  const nyse = calendarById('us-equity') as SessionCalendar;
  /** 390 minutes from 9:30 in New York on a Friday and the Monday after, over the end of daylight saving time. */
  const friday = Date.UTC(2023, 10, 3, 13, 30);
  const monday = Date.UTC(2023, 10, 6, 14, 30);
  const minutes = Array.from({ length: 390 }, (_, i) => i * MINUTE);

  it('compares a minute with the same minute after the open, weekends and daylight saving left out', () => {
    const bars = barsAt([...minutes.map((at) => friday + at), ...minutes.map((at) => monday + at)], [...minutes.map((_, i) => 1 + i), ...minutes.map((_, i) => 3 * (1 + i))]);
    const found = values(bars, 1, nyse);
    expect(found.slice(0, 390).every(Number.isNaN)).toBe(true);
    expect(found.slice(390)).toEqual(minutes.map(() => 3));
  });

  it('takes no part of a session that began before its first bar, nor of bars outside of sessions', () => {
    const tuesday = monday + 24 * 60 * MINUTE;
    const before = monday - 30 * MINUTE;
    const times = [...minutes.slice(100).map((at) => friday + at), before, ...minutes.map((at) => monday + at), ...minutes.map((at) => tuesday + at)];
    const found = values(barsAt(times, times.map((time) => (time < monday ? 1_000 : time < tuesday ? 10 : 5))), 1, nyse);
    expect(found.slice(0, 290 + 1 + 390).every(Number.isNaN)).toBe(true);
    expect(found.slice(290 + 1 + 390)).toEqual(minutes.map(() => 0.5));
  });
});
