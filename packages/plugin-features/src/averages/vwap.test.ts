import type { Session, SessionCalendar } from '@keelson/core/domain';
import { toUtcMs } from '@keelson/core/domain';
import { allocateBars } from '@keelson/core/series';
import { describe, expect, it } from 'vitest';
import { seeded } from '@keelson/test-kit/bars';
import { createFeature, runFeature } from '@keelson/test-kit/features';
import { vwap } from './vwap.js';

function bars(rows: ReadonlyArray<readonly [minute: number, price: number, volume: number]>) {
  const columns = allocateBars(rows.length);
  rows.forEach(([minute, price, volume], i) => {
    columns.time[i] = minute * 60_000;
    columns.open[i] = columns.high[i] = columns.low[i] = columns.close[i] = price;
    columns.volume[i] = volume;
  });
  return columns;
}

/** Two sessions: minutes 0 to 10 and 20 to 30, and again every 100 minutes. */
const session = (minute: number): Session => ({ date: '2024-01-02', open: toUtcMs(minute * 60_000), close: toUtcMs((minute + 10) * 60_000) });
const openings = Array.from({ length: 20 }, (_, i) => Math.floor(i / 2) * 100 + (i % 2) * 20);
const calendar: SessionCalendar = {
  id: 'test',
  timeZone: 'UTC',
  sessionsPerYear: 500,
  sessionAt: (time) => openings.map(session).find(({ open, close }) => open <= time && time < close),
  nextSession: (time) => openings.map(session).find(({ open }) => open >= time) as Session,
  previousSession: (time) => openings.map(session).findLast(({ close }) => close <= time) as Session,
};

const values = (rows: Parameters<typeof bars>[0], params: Record<string, unknown> = {}) => Array.from(runFeature(createFeature(vwap, params, { calendar }), bars(rows))[0] as Float64Array);

describe('vwap', () => {
  it('weighs prices by volume from the start of the session and begins anew in the next', () => {
    expect(values([[0, 10, 100], [1, 13, 200], [9, 12, 0], [20, 50, 5], [21, 51, 5], [100, 7, 1]])).toEqual([10, 12, 12, 50, 50.5, 7]);
  });

  it('counts a bar outside of sessions to the session before', () => {
    expect(values([[0, 10, 100], [12, 13, 200], [15, 13, 300], [20, 50, 5]])).toEqual([10, 12, 12.5, 50]);
  });

  it('has no value while nothing was traded', () => {
    expect(values([[0, 10, 0], [1, 11, 3], [20, 12, 0], [21, 13, 1]])).toEqual([NaN, 11, NaN, 13]);
  });

  it('takes the mean of high, low and close unless told otherwise', () => {
    const columns = bars([[0, 10, 1]]);
    columns.high[0] = 13;
    columns.low[0] = 4;
    expect(runFeature(createFeature(vwap), columns)[0]?.[0]).toBe(9);
    expect(runFeature(createFeature(vwap, { source: 'close' }), columns)[0]?.[0]).toBe(10);
  });

  it('looks back over a number of bars', () => {
    expect(values([[0, 10, 100], [1, 13, 200], [20, 16, 200], [21, 16, 0], [22, 9, 0], [23, 9, 0]], { window: 'bars', period: 3 })).toEqual([NaN, NaN, 13.6, 14.5, 16, NaN]);
  });

  it('is exactly the price where all bars have one', () => {
    const rows = Array.from({ length: 60 }, (_, i) => [i, 1.10775, 0.1 + i * 0.37] as const);
    expect(values(rows).slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 1.10775));
    expect(values(rows, { window: 'bars' }).slice(19)).toEqual(Array.from({ length: 41 }, () => 1.10775));
  });

  it('does not drift over a million bars of very different volume', () => {
    const next = seeded(9);
    const rows = Array.from({ length: 1_000_000 }, (_, i) => [i, Math.round(1e4 + 1e4 * next()) / 100, next() < 1e-3 ? 1e12 * next() : next()] as const);
    const computed = values(rows, { window: 'bars', period: 20 });
    for (let i = rows.length - 1; i > 20; i -= 9_973) {
      let [products, volumes] = [0, 0];
      for (const [, price, volume] of rows.slice(i - 19, i + 1)) {
        products += price * volume;
        volumes += volume;
      }
      expect(Math.abs(computed[i] / (products / volumes) - 1)).toBeLessThan(1e-12);
    }
  });

  it('is in a band of deviations by volume', () => {
    const rows = [[0, 10, 1], [1, 14, 3], [2, 13, 0]] as const;
    // mean 13, squares 9 × 1 + 1 × 3 over 4
    for (const params of [{}, { window: 'bars', period: 3 }]) {
      const [mean, upper, lower] = runFeature(createFeature(vwap, { ...params, deviations: 2 }, { calendar }), bars(rows), 3).map((column) => column[2]) as [number, number, number];
      expect(mean).toBe(13);
      expect(upper).toBeCloseTo(13 + 2 * Math.sqrt(3), 12);
      expect(lower).toBeCloseTo(13 - 2 * Math.sqrt(3), 12);
    }
  });

  it('has a band without width over equal prices, whatever came before', () => {
    const rows = [[0, 900.5, 7], [1, 0.33333, 1e12], ...Array.from({ length: 40 }, (_, i) => [20 + i, 1.10775, 0.1 + i] as const)] as const;
    for (const params of [{}, { window: 'bars', period: 20 }]) {
      const [mean, upper, lower] = runFeature(createFeature(vwap, params, { calendar }), bars(rows), 3).map((column) => column[rows.length - 1]);
      expect(mean).toBeCloseTo(1.10775, 9);
      expect([upper, lower]).toEqual([mean, mean]);
    }
  });

  it('keeps the digits of its band over 200,000 bars far from where it began, volumes of all sizes included', () => {
    const next = seeded(5);
    const rows = Array.from({ length: 200_000 }, (_, i) => [i, Math.round((100 + i * 0.05 + 2 * next()) * 100) / 100, next() < 1e-3 ? 1e12 * next() : next()] as const);
    const [mean, upper] = runFeature(createFeature(vwap, { window: 'bars', period: 20, deviations: 1 }), bars(rows), 3) as [Float64Array, Float64Array];
    for (let i = rows.length - 1; i > 20; i -= 997) {
      const window = rows.slice(i - 19, i + 1);
      const volume = window.reduce((sum, row) => sum + row[2], 0);
      const center = window.reduce((sum, row) => sum + row[1] * row[2], 0) / volume;
      const deviation = Math.sqrt(window.reduce((sum, row) => sum + (row[1] - center) ** 2 * row[2], 0) / volume);
      expect(Math.abs(upper[i] - mean[i] - deviation)).toBeLessThan(1e-9 * deviation + 1e-11);
    }
  });
});
