import { describe, expect, it } from 'vitest';
import { formatVenueTime, parseVenueTime } from './zone-text.js';

const NOW = Date.UTC(2026, 10, 20, 20, 0, 0);

describe('times in the venue’s form', () => {
  it.each([
    ['20261120 15:30:00 US/Eastern', Date.UTC(2026, 10, 20, 20, 30)],
    ['20260720 15:30:00 America/New_York', Date.UTC(2026, 6, 20, 19, 30)],
    ['20261120-15:30:00', Date.UTC(2026, 10, 20, 15, 30)],
    ['20261120 15:30:00', Date.UTC(2026, 10, 20, 21, 30)],
    ['15:30:00', Date.UTC(2026, 10, 20, 21, 30)],
    ['20261120 15:30', Date.UTC(2026, 10, 20, 21, 30)],
  ])('%s is read in its own zone, or the gateway’s', (text, timeMs) => {
    expect(parseVenueTime(text, 'US/Central', NOW)).toBe(timeMs);
  });

  it.each(['', 'soon', '20261320 10:00:00', '20261120 25:00:00', '20261120 10:00:00 Mars/Base'])('%j is no time', (text) => {
    expect(parseVenueTime(text, 'US/Central', NOW)).toBeUndefined();
  });

  it('are read back as they are written, on both sides of a change of clocks', () => {
    for (const timeMs of [Date.UTC(2026, 2, 8, 9), Date.UTC(2026, 2, 8, 7), Date.UTC(2026, 10, 1, 12), Date.UTC(2026, 10, 1, 3)]) {
      expect(parseVenueTime(formatVenueTime(timeMs, 'US/Central'), 'UTC', NOW)).toBe(timeMs);
    }
  });
});
