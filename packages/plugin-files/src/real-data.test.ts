import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SessionCalendar } from '@keelson/core/domain';
import { FixedHours, always, errorOf, instrument, read, timesOf } from '../testing/fixture.js';

// The real files' rows, first and last bars and hashes as their README and the files themselves state them.
const folder = process.env.KEELSON_DATA_DIR ?? '';
const file = (name: string): string => join(folder, name);

/** CME FX in January 2024, in UTC: Sunday to Thursday evening 23:00 to 22:00 of the next day. */
const fxWinter: SessionCalendar = shifted(new FixedHours('fx-winter', 0, 23 * 3_600_000, [1, 2, 3, 4, 5]), -3_600_000);

function shifted(calendar: SessionCalendar, byMs: number): SessionCalendar {
  const move = (session: ReturnType<SessionCalendar['nextSession']>) => ({ ...session, open: session.open + byMs, close: session.close + byMs }) as typeof session;
  return {
    ...calendar, id: calendar.id, timeZone: 'UTC', sessionsPerYear: 252,
    sessionAt(time) {
      const found = calendar.sessionAt((time - byMs) as typeof time);
      return found === undefined ? undefined : move(found);
    },
    nextSession: (time) => move(calendar.nextSession((time - byMs) as typeof time)),
    previousSession: (time) => move(calendar.previousSession((time - byMs) as typeof time)),
  };
}

describe('the real files', () => {
  it.skipIf(!folder)('GOOG daily: no fault on a tick of 0.01 but the market holidays that this calendar lacks', async () => {
    const weekdays = new FixedHours('weekdays', 14.5 * 3_600_000, 21 * 3_600_000, [1, 2, 3, 4, 5]);
    const result = await read(file('goog-1d.csv'), { timeframe: '1d', calendar: weekdays, instrument: instrument('GOOG', 0.01), params: { tolerate: ['gap'] } });
    expect(result.bars).toBe(2148);
    expect(result.hash).toMatch(/^sha256:60e961a5/);
    expect([timesOf(result)[0], timesOf(result).at(-1)]).toEqual(['2004-08-19T14:30:00.000Z', '2013-03-01T14:30:00.000Z']);
    expect(result.warnings).toHaveLength(1);
    expect(result.warnings[0]).toContain('no bars in the session of 2004-09-06');
  });

  it.skipIf(!folder)('6E one-minute: strict with stamps read as closes, and says so where they are not', async () => {
    const options = { calendar: fxWinter, instrument: instrument('6E', 0.00005) };
    const result = await read(file('6eh4-1m.csv.gz'), { ...options, params: { stamp: 'close' } });
    expect(result.bars).toBe(29_996);
    expect(result.hash).toMatch(/^sha256:8eb31b64/);
    expect(result.warnings).toEqual([]);
    expect([timesOf(result)[0], timesOf(result).at(-1)]).toEqual(['2024-01-01T23:00:00.000Z', '2024-01-31T23:58:00.000Z']);
    expect((await errorOf(read(file('6eh4-1m.csv.gz'), options))).line).toMatch(/^DATA_QUALITY: .*22 outside-session.*set stamp: close/);
  });

  it.skipIf(!folder)('BTC perpetual one-minute: strict but for bars that its vendor interpolated', async () => {
    const options = { calendar: always, instrument: instrument('BTC', 1) };
    expect((await errorOf(read(file('btc-perp-1m.csv.gz'), options))).line).toMatch(/^DATA_QUALITY: .*41 off-tick.*row 244: open 46821.75/);
    const result = await read(file('btc-perp-1m.csv.gz'), { ...options, params: { tolerate: ['off-tick'] } });
    expect(result.bars).toBe(45_031);
    expect(result.hash).toMatch(/^sha256:783040b3/);
    expect(result.warnings).toHaveLength(1);
  });
});
