import { calendarById, parseTimeframe, type SessionCalendar, type Timeframe } from '@keelson/core/domain';
import { describe, expect, it } from 'vitest';
import { PeriodBars, type Period } from './period-bars.js';

const START = Date.parse('2026-05-04T15:00:00Z');

function series(): { readonly bars: PeriodBars; readonly periods: Period[]; piece(second: number, price: number): void } {
  const periods: Period[] = [];
  const bars = new PeriodBars(parseTimeframe('1m') as Timeframe, calendarById('24/7') as SessionCalendar, (period) => periods.push(period));
  return { bars, periods, piece: (second, price) => bars.take({ time: START + second * 1000, open: price, high: price + 1, low: price - 1, close: price, volume: 2 }) };
}

describe('PeriodBars', () => {
  it('closes a bar with its last piece', () => {
    const { periods, piece } = series();
    for (let i = 0; i < 11; i++) piece(i * 5, 100 + i);
    expect(periods).toEqual([]);
    piece(55, 90);
    expect(periods).toEqual([{ open: START, close: START + 60_000, complete: true, bar: { time: START, open: 100, high: 111, low: 89, close: 90, volume: 24 } }]);
  });

  it('says that a period is not complete when pieces of it were missed', () => {
    const { bars, periods, piece } = series();
    piece(30, 100);
    piece(60, 101);
    expect(periods).toMatchObject([{ open: START, complete: false }]);
    for (let i = 1; i < 11; i++) piece(60 + i * 5, 101);
    bars.flush(START + 119_999);
    expect(periods).toHaveLength(1);
    bars.flush(START + 120_000);
    expect(periods[1]).toMatchObject({ open: START + 60_000, complete: false });
  });

  it('leaves out a piece that came before', () => {
    const { periods, piece } = series();
    for (const second of [0, 5, 5, 0]) piece(second, 100);
    for (let i = 2; i < 12; i++) piece(i * 5, 100);
    expect(periods).toMatchObject([{ complete: true, bar: { volume: 24 } }]);
  });
});
