import { describe, expect, it } from 'vitest';
import { isOpenAt, readTradingHours } from './trading-hours.js';

const iso = (time: number): string => new Date(time).toISOString().slice(0, 16);

describe('readTradingHours', () => {
  it('reads sessions over midnight, closed days, and daylight saving between two of them', () => {
    const sessions = readTradingHours('20260305:1700-20260306:1600;20260307:CLOSED;20260308:1700-20260309:1600', 'US/Central');
    expect(sessions.map(({ date, open, close }) => [date, iso(open), iso(close)])).toEqual([
      ['20260306', '2026-03-05T23:00', '2026-03-06T22:00'],
      ['20260309', '2026-03-08T22:00', '2026-03-09T21:00'],
    ]);
  });

  it('reads several ranges of one day, and the older form without a second date', () => {
    const sessions = readTradingHours('20260504:0900-1130,1230-1500;20260505:1700-1600', 'Asia/Tokyo');
    expect(sessions.map(({ open, close }) => [iso(open), iso(close)])).toEqual([
      ['2026-05-04T00:00', '2026-05-04T02:30'],
      ['2026-05-04T03:30', '2026-05-04T06:00'],
      ['2026-05-05T08:00', '2026-05-06T07:00'],
    ]);
  });
});

describe('isOpenAt', () => {
  const sessions = readTradingHours('20260504:1700-20260505:1600', 'US/Central');

  it('tells open from closed, and neither beyond the hours that are known', () => {
    const at = (text: string): boolean | undefined => isOpenAt(sessions, Date.parse(text));
    expect([at('2026-05-04T22:00:00Z'), at('2026-05-05T20:59:59Z'), at('2026-05-04T21:59:59Z'), at('2026-05-05T21:00:00Z'), at('2026-05-01T00:00:00Z')]).toEqual([true, true, false, undefined, undefined]);
  });
});
