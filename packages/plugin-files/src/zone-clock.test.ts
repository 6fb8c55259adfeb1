import { describe, expect, it } from 'vitest';
import { ZoneClock } from './zone-clock.js';

// Clock changes of 2024 in New York: 10 March 02:00 EST to 03:00 EDT, 3 November 02:00 EDT to 01:00 EST
// (IANA time zone database, northamerica file).
const newYork = (): ZoneClock => new ZoneClock('America/New_York');
const local = (text: string): number => Date.parse(`${text}Z`);
const iso = (utc: number): string => new Date(utc).toISOString();

describe('ZoneClock', () => {
  it('reads winter and summer times of a zone', () => {
    expect(iso(newYork().toUtc(local('2024-01-02T09:30:00'), NaN))).toBe('2024-01-02T14:30:00.000Z');
    expect(iso(newYork().toUtc(local('2024-07-02T09:30:00'), NaN))).toBe('2024-07-02T13:30:00.000Z');
  });

  it('gives NaN for a time that the clocks skip in spring, and reads the hours beside it', () => {
    const clock = newYork();
    expect(iso(clock.toUtc(local('2024-03-10T01:59:59'), NaN))).toBe('2024-03-10T06:59:59.000Z');
    expect(clock.toUtc(local('2024-03-10T02:00:00'), NaN)).toBeNaN();
    expect(clock.toUtc(local('2024-03-10T02:59:59'), NaN)).toBeNaN();
    expect(iso(clock.toUtc(local('2024-03-10T03:00:00'), NaN))).toBe('2024-03-10T07:00:00.000Z');
  });

  it('takes the first of two equal hours in autumn, and the second where time would not go on', () => {
    const clock = newYork();
    const first = clock.toUtc(local('2024-11-03T01:30:00'), NaN);
    expect(iso(first)).toBe('2024-11-03T05:30:00.000Z');
    expect(iso(clock.toUtc(local('2024-11-03T01:30:00'), first))).toBe('2024-11-03T06:30:00.000Z');
    expect(iso(clock.toUtc(local('2024-11-03T02:00:00'), first))).toBe('2024-11-03T07:00:00.000Z');
  });

  it('agrees with the time zone database for every hour of two years', () => {
    for (const zone of ['America/Chicago', 'Europe/London', 'Asia/Kolkata', 'Australia/Lord_Howe']) {
      const clock = new ZoneClock(zone);
      const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
      let previous = NaN;
      for (let utc = Date.UTC(2023, 0, 1); utc < Date.UTC(2025, 0, 1); utc += 1_800_000) {
        const found = clock.toUtc(local(format.format(utc).replace(' ', 'T')), previous);
        if (found !== utc) expect.fail(`${zone} ${iso(utc)} was read as ${Number.isNaN(found) ? 'NaN' : iso(found)}`);
        previous = found;
      }
    }
  });

  it('refuses a zone that does not exist', () => {
    expect(() => new ZoneClock('America/Atlantis')).toThrow(RangeError);
  });
});
