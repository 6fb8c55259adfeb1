import { describe, expect, it } from 'vitest';
import { readTime, zoneOf } from './gateway-time.js';

const iso = (time: number): string => new Date(time).toISOString();

describe('readTime', () => {
  it.each([
    ['20260504 10:15:30 US/Central', '2026-05-04T15:15:30.000Z'],
    ['20261204 10:15:30 US/Central', '2026-12-04T16:15:30.000Z'],
    ['20260504-15:15:30', '2026-05-04T15:15:30.000Z'],
    ['20260504 10:15:30', '2026-05-04T14:15:30.000Z'],
    ['20260504  10:15:30', '2026-05-04T14:15:30.000Z'],
    ['20260504', '2026-05-04T04:00:00.000Z'],
    ['1777903200', '2026-05-04T14:00:00.000Z'],
    ['20260504 10:15:30 America/Chicago', '2026-05-04T15:15:30.000Z'],
  ])('reads %s', (text, expected) => {
    expect(iso(readTime(text, 'America/New_York'))).toBe(expected);
  });

  it('takes the first of an hour that comes twice, and the later of one that is left out', () => {
    expect(iso(readTime('20261101 01:30:00', 'America/New_York'))).toBe('2026-11-01T05:30:00.000Z');
    expect(iso(readTime('20260308 02:30:00', 'America/New_York'))).toBe('2026-03-08T07:30:00.000Z');
  });

  it('says what it found in another form', () => {
    expect(() => readTime('May 4', 'UTC')).toThrow("the gateway gave the time 'May 4', expected one such as 20260504 10:15:30 US/Central");
  });
});

describe('zoneOf', () => {
  it('knows the short names of the gateway and refuses what is no zone', () => {
    expect([zoneOf('US/Central'), zoneOf('JST'), zoneOf('Europe/Berlin')]).toEqual(['America/Chicago', 'Asia/Tokyo', 'Europe/Berlin']);
    expect(() => zoneOf('Atlantis')).toThrow("the time zone 'Atlantis'");
  });
});
