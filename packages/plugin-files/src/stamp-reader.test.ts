import { describe, expect, it } from 'vitest';
import { StampReader, detectTimeFormat, type TimeFormat } from './stamp-reader.js';
import { ZoneClock } from './zone-clock.js';

function reader(format: Exclude<TimeFormat, 'auto'>, zone = 'UTC'): StampReader {
  return new StampReader(format, new ZoneClock(zone));
}
function read(stamps: StampReader, text: string): string | undefined {
  const bytes = Buffer.from(`,${text},`, 'latin1');
  const ms = stamps.read(bytes, 1, 1 + text.length);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

describe('StampReader', () => {
  it.each([
    ['2024-01-02 03:04:05', '2024-01-02T03:04:05.000Z'],
    ['2024-01-02T03:04:05', '2024-01-02T03:04:05.000Z'],
    ['2024-01-02 03:04', '2024-01-02T03:04:00.000Z'],
    ['2024/01/02 03:04', '2024-01-02T03:04:00.000Z'],
    ['2024.01.02 03:04', '2024-01-02T03:04:00.000Z'],
    ['2024-01-02', '2024-01-02T00:00:00.000Z'],
    ['2024-01-02 03:04:05.678901', '2024-01-02T03:04:05.678Z'],
    ['2024-01-02 03:04:05.6', '2024-01-02T03:04:05.600Z'],
    ['2024-01-02T03:04:05Z', '2024-01-02T03:04:05.000Z'],
    ['2024-01-02T03:04:05.000000000Z', '2024-01-02T03:04:05.000Z'],
    ['2024-01-02 03:04:05 UTC', '2024-01-02T03:04:05.000Z'],
    ['2024-01-02 03:04:05+01:00', '2024-01-02T02:04:05.000Z'],
    ['2024-01-02 03:04:05-0530', '2024-01-02T08:34:05.000Z'],
    ['2024-01-02T03:04-05', '2024-01-02T08:04:00.000Z'],
    ['2024-02-29 00:00:00', '2024-02-29T00:00:00.000Z'],
  ])('reads ISO stamp %s', (text, expected) => {
    expect(read(reader('iso'), text)).toBe(expected);
  });

  it.each(['', '2024', '2024-13-01', '2024-02-30 00:00', '2023-02-29', '2024-01-00', '2024-01-02 24:00:00', '2024-01-02 03:60', '2024-01-02 03:04:05 CET', '2024-01-02 3:4', '2024-01-0x', 'yesterday', '2024-01-02 03:04:05+99:00'])('does not read %j as ISO', (text) => {
    const stamps = reader('iso');
    expect(read(stamps, text)).toBeUndefined();
    expect(stamps.failure).toBe('unreadable');
  });

  it.each([
    ['yyyymmdd', '20240102', '2024-01-02T00:00:00.000Z'],
    ['yyyymmdd', '20240102 030405', '2024-01-02T03:04:05.000Z'],
    ['yyyymmdd', '20240102 03:04:05', '2024-01-02T03:04:05.000Z'],
    ['yyyymmdd', '202401020304', '2024-01-02T03:04:00.000Z'],
    ['yyyymmdd', '20240102030405', '2024-01-02T03:04:05.000Z'],
    ['yyyymmdd', '20240102T030405Z', '2024-01-02T03:04:05.000Z'],
    ['dmy', '02/01/2024 03:04', '2024-01-02T03:04:00.000Z'],
    ['dmy', '2.1.2024 03:04:05', '2024-01-02T03:04:05.000Z'],
    ['mdy', '01/02/2024 03:04 PM', '2024-01-02T15:04:00.000Z'],
    ['mdy', '1/2/2024 12:04 AM', '2024-01-02T00:04:00.000Z'],
    ['epoch-s', '1704164645', '2024-01-02T03:04:05.000Z'],
    ['epoch-s', '1704164645.5', '2024-01-02T03:04:05.500Z'],
    ['epoch-ms', '1704164645678', '2024-01-02T03:04:05.678Z'],
    ['epoch-us', '1704164645678901', '2024-01-02T03:04:05.678Z'],
    ['epoch-ns', '1704164645678901234', '2024-01-02T03:04:05.678Z'],
  ] as const)('reads %s stamp %s', (format, text, expected) => {
    expect(read(reader(format), text)).toBe(expected);
    if (format !== 'epoch-s' || !text.includes('.')) expect(detectTimeFormat(text) === format || detectTimeFormat(text) === 'ambiguous').toBe(true);
  });

  it('reads stamps without a zone as local times of the given one', () => {
    const stamps = reader('iso', 'America/New_York');
    expect(read(stamps, '2024-01-02 09:30:00')).toBe('2024-01-02T14:30:00.000Z');
    expect(read(stamps, '2024-07-02 09:30:00')).toBe('2024-07-02T13:30:00.000Z');
  });

  it('says that a local time is skipped by the clocks', () => {
    const stamps = reader('iso', 'America/New_York');
    expect(read(stamps, '2024-03-10 02:30:00')).toBeUndefined();
    expect(stamps.failure).toBe('skipped');
  });

  it('refuses a stamp with a zone after one without, and the other way round', () => {
    for (const [first, second] of [['2024-01-02 03:04:05', '2024-01-02 03:05:05Z'], ['2024-01-02 03:04:05+00:00', '2024-01-02 03:05:05']] as const) {
      const stamps = reader('iso');
      expect(read(stamps, first)).toBeDefined();
      expect(read(stamps, second)).toBeUndefined();
      expect(stamps.failure).toBe('mixed');
    }
  });

  it('gives the same on the fast way for whole stamps as on the general one', () => {
    const text = '2024-02-29T23:59:58';
    expect(reader('iso', 'Europe/Paris').readPlain(Buffer.from(`${text},`), 0)).toBe(Date.parse('2024-02-29T22:59:58Z'));
    for (const bad of ['2024-02-30 23:59:58', '2024-02-29 24:59:58', '2024-02-29 23:61:58', '2024-02-29 23:59:6x', '2024-02-29,23:59:58']) expect(reader('iso').readPlain(Buffer.from(`${bad},`), 0)).toBeNaN();
  });
});

describe('detectTimeFormat', () => {
  it.each([
    ['13/01/2024', 'dmy'], ['01/13/2024', 'mdy'], ['01/02/2024', 'ambiguous'], ['1704164645', 'epoch-s'], ['1704164645678', 'epoch-ms'], ['20240102', 'yyyymmdd'], ['2024-01-02T00:00:00Z', 'iso'], ['Jan 2 2024', undefined], ['', undefined],
  ])('finds that %s is %s', (text, expected) => {
    expect(detectTimeFormat(text)).toBe(expected);
  });
});
