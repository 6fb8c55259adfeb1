import { calendarById, type SessionCalendar } from '@keelson/core/domain';
import { describe, expect, it } from 'vitest';
import { VenueHarness, at, instrumentOf } from '../testing/venue-harness.js';

// hours and holidays: https://www.cmegroup.com/trading-hours.html; sessions are 17:00 to 16:00 in Chicago
const calendar = calendarById('cme-equity-index') as SessionCalendar;

/** A venue for one future that has seen a bar closing at `now`. */
function venueAt(now: string): VenueHarness {
  const harness = new VenueHarness({ start: at(now) - 60_000, instruments: [instrumentOf({ type: 'future', calendar: calendar.id })], calendars: { [calendar.id]: calendar } });
  barAt(harness, at(now) - 60_000, 100);
  return harness;
}

function barAt(harness: VenueHarness, time: number, low: number): void {
  harness.bar([100, 101, low, 100], { time });
}

function ends(harness: VenueHarness): string[] {
  return harness.take().flatMap((event) => (event.kind === 'fill' ? [`fill ${new Date(event.fill.time).toISOString()}`] : event.kind === 'expired' ? [`expired ${new Date(event.time).toISOString()}`] : []));
}

describe('a day order on the calendar of the CME', () => {
  it('ends at the close of Friday when it was sent on Friday', () => {
    const harness = venueAt('2024-01-12T21:30Z');
    harness.submit({ clientOrderId: 'A', quantity: 1, type: 'limit', limitPrice: 90, timeInForce: 'day' });
    barAt(harness, at('2024-01-12T21:58Z'), 100);
    expect(ends(harness)).toEqual([]);
    barAt(harness, at('2024-01-12T21:59Z'), 100);
    expect(ends(harness)).toEqual(['expired 2024-01-12T22:00:00.000Z']);
    barAt(harness, at('2024-01-14T23:00Z'), 80);
    expect(ends(harness)).toEqual([]);
  });

  it.each([
    ['in the open session', '2024-01-14T23:00Z', ['fill 2024-01-14T23:00:00.000Z']],
    ['in the last minute of Monday, a holiday that closes early', '2024-01-15T17:59Z', ['fill 2024-01-15T17:59:00.000Z']],
    ['not in the session after', '2024-01-15T23:00Z', ['expired 2024-01-15T18:00:00.000Z']],
  ])('fills %s when it was sent on Sunday before the open', (_when, time, expected) => {
    const harness = venueAt('2024-01-14T22:30Z');
    harness.submit({ clientOrderId: 'A', quantity: 1, type: 'limit', limitPrice: 90, timeInForce: 'day' });
    barAt(harness, at('2024-01-14T22:45Z'), 80);
    expect(ends(harness)).toEqual([]);
    barAt(harness, at(time), 80);
    expect(ends(harness)).toEqual(expected);
  });

  it.each([
    ['an ordinary Monday', '2024-01-08T15:00Z', '2024-01-08T21:59Z', '2024-01-08T22:00:00.000Z'],
    ['a Monday in summer', '2024-07-08T15:00Z', '2024-07-08T20:59Z', '2024-07-08T21:00:00.000Z'],
    ['the day before Independence Day, which closes early', '2024-07-03T15:00Z', '2024-07-03T17:14Z', '2024-07-03T17:15:00.000Z'],
    ['the day after Thanksgiving, which closes early', '2024-11-29T15:00Z', '2024-11-29T18:14Z', '2024-11-29T18:15:00.000Z'],
  ])('ends with the session of %s', (_day, sent, last, end) => {
    const harness = venueAt(sent);
    harness.submit({ clientOrderId: 'A', quantity: 1, type: 'limit', limitPrice: 90, timeInForce: 'day' });
    barAt(harness, at(last) - 60_000, 100);
    expect(ends(harness)).toEqual([]);
    barAt(harness, at(last), 100);
    expect(ends(harness)).toEqual([`expired ${end}`]);
  });
});
