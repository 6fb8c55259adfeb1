import { describe, expect, it } from 'vitest';
import { zoneMidnight } from './zone-midnight.js';

const iso = (time: number | undefined): string | undefined => (time === undefined ? undefined : new Date(time).toISOString());

describe('zoneMidnight', () => {
  it.each([
    ['2024-01-15', 'America/Chicago', '2024-01-15T06:00:00.000Z'],
    ['20240715', 'America/Chicago', '2024-07-15T05:00:00.000Z'],
    ['2024-03-10', 'America/New_York', '2024-03-10T05:00:00.000Z'],
    ['2024-03-11', 'America/New_York', '2024-03-11T04:00:00.000Z'],
    // the clocks go back at 16:00 UTC, between this midnight and the midnight of UTC
    ['2024-04-07', 'Australia/Sydney', '2024-04-06T13:00:00.000Z'],
    ['2024-01-15', 'UTC', '2024-01-15T00:00:00.000Z'],
  ])('puts the start of %s in %s at %s', (date, zone, expected) => {
    expect(iso(zoneMidnight(date, zone))).toBe(expected);
  });

  it.each(['2024-02-30', '2024-13-01', '24-01-01', ''])('does not take %j for a date', (text) => {
    expect(zoneMidnight(text, 'UTC')).toBeUndefined();
  });
});
