import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { calendarById, type SessionCalendar } from '@keelson/core/domain';
import { errorOf, instrument, read, timesOf } from '../testing/fixture.js';

// The real files' rows, first and last bars and hashes as their README and the files themselves state them.
const folder = process.env.KEELSON_DATA_DIR ?? '';
const file = (name: string): string => join(folder, name);

function calendar(id: string): SessionCalendar {
  const found = calendarById(id);
  if (found === undefined) throw new RangeError(id);
  return found;
}

describe('the real files', () => {
  it.skipIf(!folder)('GOOG daily: strict, with every session of eight years in its place', async () => {
    const result = await read(file('goog-1d.csv'), { timeframe: '1d', calendar: calendar('us-equity'), instrument: instrument('GOOG', 0.01) });
    expect(result.bars).toBe(2148);
    expect(result.hash).toMatch(/^sha256:60e961a5/);
    expect([timesOf(result)[0], timesOf(result).at(-1)]).toEqual(['2004-08-19T13:30:00.000Z', '2013-03-01T14:30:00.000Z']);
    expect(result.warnings).toEqual([]);
  });

  it.skipIf(!folder)('6E one-minute: strict with stamps read as closes, and says so where they are not', async () => {
    const options = { calendar: calendar('cme-fx'), instrument: instrument('6E', 0.00005) };
    const result = await read(file('6eh4-1m.csv.gz'), { ...options, params: { stamp: 'close' } });
    expect(result.bars).toBe(29_996);
    expect(result.hash).toMatch(/^sha256:8eb31b64/);
    expect(result.warnings).toEqual([]);
    expect([timesOf(result)[0], timesOf(result).at(-1)]).toEqual(['2024-01-01T23:00:00.000Z', '2024-01-31T23:58:00.000Z']);
    expect((await errorOf(read(file('6eh4-1m.csv.gz'), options))).line).toMatch(/^DATA_QUALITY: .*22 outside-session.*set stamp: close/);
  });

  it.skipIf(!folder)('BTC perpetual one-minute: strict but for bars that its vendor interpolated', async () => {
    const options = { calendar: calendar('24/7'), instrument: instrument('BTC', 1) };
    expect((await errorOf(read(file('btc-perp-1m.csv.gz'), options))).line).toMatch(/^DATA_QUALITY: .*41 off-tick.*row 244: open 46821.75/);
    const result = await read(file('btc-perp-1m.csv.gz'), { ...options, params: { tolerate: ['off-tick'] } });
    expect(result.bars).toBe(45_031);
    expect(result.hash).toMatch(/^sha256:783040b3/);
    expect(result.warnings).toHaveLength(1);
  });
});
