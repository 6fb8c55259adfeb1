import { describe, expect, it } from 'vitest';
import { calendarById } from '../domain/calendars/index.js';
import type { SessionCalendar } from '../domain/session-calendar.js';
import { toUtcMs } from '../domain/units.js';
import { TradingDay } from './trading-day.js';

const at = (text: string): ReturnType<typeof toUtcMs> => toUtcMs(Date.parse(text));

/** Follows a day as the engine does, and gives the times at which a new one began. */
function begins(calendar: string, times: readonly string[]): string[] {
  const day = new TradingDay(calendarById(calendar) as SessionCalendar);
  return times.filter((text) => {
    if (at(text) <= day.end) return false;
    day.begin(at(text), 100);
    return true;
  });
}

describe('TradingDay', () => {
  it('around the clock lasts from midnight to midnight; the bar that closes at midnight still belongs to it', () => {
    expect(begins('24/7', ['2024-03-09T23:59:00Z', '2024-03-10T00:00:00Z', '2024-03-10T00:01:00Z', '2024-03-10T12:00:00Z', '2024-03-11T00:00:00Z', '2024-03-11T00:01:00Z'])).toEqual(['2024-03-09T23:59:00Z', '2024-03-10T00:01:00Z', '2024-03-11T00:01:00Z']);
  });

  // CME equity index: Sunday to Friday 17:00 to 16:00 in Chicago; daylight saving began on 2024-03-10
  it('follows sessions over a weekend on which the clocks change', () => {
    expect(
      begins('cme-equity-index', [
        '2024-03-08T14:31:00Z', // Friday
        '2024-03-08T22:00:00Z', // its close, 16:00 CST
        '2024-03-10T22:01:00Z', // Sunday, first minute of Monday's session, 17:00 CDT
        '2024-03-11T20:59:00Z',
        '2024-03-11T21:00:00Z', // Monday's close, 16:00 CDT
        '2024-03-11T22:01:00Z',
      ]),
    ).toEqual(['2024-03-08T14:31:00Z', '2024-03-10T22:01:00Z', '2024-03-11T22:01:00Z']);
  });

  it('begins in the middle of a session where the data does', () => {
    expect(begins('cme-equity-index', ['2024-01-09T15:00:00Z', '2024-01-09T21:59:00Z', '2024-01-09T23:01:00Z'])).toEqual(['2024-01-09T15:00:00Z', '2024-01-09T23:01:00Z']);
  });

  it('skips days without data', () => {
    expect(begins('us-equity', ['2024-01-02T21:00:00Z', '2024-01-05T21:00:00Z', '2024-01-08T21:00:00Z'])).toHaveLength(3);
  });

  it('ends also where bars lie outside of any session', () => {
    expect(begins('us-equity', ['2024-01-06T12:00:00Z', '2024-01-07T12:00:00Z', '2024-01-08T15:00:00Z', '2024-01-09T15:00:00Z', '2024-01-10T15:00:00Z']).length).toBeGreaterThanOrEqual(3);
  });

  it('starts with a clean slate', () => {
    const day = new TradingDay(calendarById('24/7') as SessionCalendar);
    Object.assign(day, { entries: 4 });
    day.begin(at('2024-01-01T00:01:00Z'), 250);
    expect(day).toMatchObject({ entries: 0, openingEquity: 250 });
  });
});
