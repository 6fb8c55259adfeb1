import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Session } from '../session-calendar.js';
import { isoTime, toUtcMs } from '../units.js';
import { CALENDAR_IDS, calendarById } from './index.js';

const at = (text: string) => toUtcMs(Date.parse(text));
const equityIndex = calendarById('cme-equity-index')!;
const fx = calendarById('cme-fx')!;
const metals = calendarById('comex-metals')!;
const stocks = calendarById('us-equity')!;
const always = calendarById('24/7')!;
const all = [equityIndex, fx, metals, stocks, always];

/** `date open close` of all sessions with dates from `first` to `last`, in UTC. */
function between(calendar: typeof fx, first: string, last: string): string[] {
  const out: string[] = [];
  for (let s = calendar.nextSession(toUtcMs(Date.parse(first) - 2 * 86_400_000)); s.date <= last; s = calendar.nextSession(s.close)) {
    if (s.date >= first) out.push(`${s.date} ${isoTime(s.open)} ${isoTime(s.close)}`);
  }
  return out;
}

describe('calendars', () => {
  it('are found by their id, and by no other', () => {
    expect(CALENDAR_IDS).toEqual(['24/7', 'cme-equity-index', 'cme-fx', 'comex-metals', 'us-equity']);
    for (const id of CALENDAR_IDS) expect(calendarById(id)?.id).toBe(id);
    expect(calendarById('cme')).toBeUndefined();
    expect(calendarById('constructor')).toBeUndefined();
  });

  it('open an hour of UTC earlier from the Monday after the clocks went forward', () => {
    // The clocks change on the second Sunday of March since 2007, on the first of April before.
    expect(between(stocks, '2024-03-08', '2024-03-11')).toEqual(['2024-03-08 2024-03-08T14:30:00Z 2024-03-08T21:00:00Z', '2024-03-11 2024-03-11T13:30:00Z 2024-03-11T20:00:00Z']);
    expect(between(stocks, '2006-03-31', '2006-04-03')).toEqual(['2006-03-31 2006-03-31T14:30:00Z 2006-03-31T21:00:00Z', '2006-04-03 2006-04-03T13:30:00Z 2006-04-03T20:00:00Z']);
  });

  it('keep their local hours over the weekend of 48 hours in March', () => {
    expect(between(equityIndex, '2024-03-08', '2024-03-11')).toEqual(['2024-03-08 2024-03-07T23:00:00Z 2024-03-08T22:00:00Z', '2024-03-11 2024-03-10T22:00:00Z 2024-03-11T21:00:00Z']);
    expect(between(fx, '2023-03-10', '2023-03-13')).toEqual(['2023-03-10 2023-03-09T23:00:00Z 2023-03-10T22:00:00Z', '2023-03-13 2023-03-12T22:00:00Z 2023-03-13T21:00:00Z']);
  });

  it('keep their local hours over the weekend of 50 hours in November', () => {
    expect(between(equityIndex, '2024-11-01', '2024-11-04')).toEqual(['2024-11-01 2024-10-31T22:00:00Z 2024-11-01T21:00:00Z', '2024-11-04 2024-11-03T23:00:00Z 2024-11-04T22:00:00Z']);
    expect(between(fx, '2019-11-01', '2019-11-04')).toEqual(['2019-11-01 2019-10-31T22:00:00Z 2019-11-01T21:00:00Z', '2019-11-04 2019-11-03T23:00:00Z 2019-11-04T22:00:00Z']);
    expect(between(metals, '2025-10-31', '2025-11-03')).toEqual(['2025-10-31 2025-10-30T22:00:00Z 2025-10-31T21:00:00Z', '2025-11-03 2025-11-02T23:00:00Z 2025-11-03T22:00:00Z']);
  });

  it('end a session at its early close and open the next the same evening', () => {
    expect(between(equityIndex, '2024-11-28', '2024-12-02')).toEqual([
      '2024-11-28 2024-11-27T23:00:00Z 2024-11-28T18:00:00Z',
      '2024-11-29 2024-11-28T23:00:00Z 2024-11-29T18:15:00Z',
      '2024-12-02 2024-12-01T23:00:00Z 2024-12-02T22:00:00Z',
    ]);
  });

  it('stay shut on the eve of a holiday and open on its evening', () => {
    expect(between(fx, '2024-12-24', '2025-01-02')).toEqual([
      '2024-12-24 2024-12-23T23:00:00Z 2024-12-24T18:15:00Z',
      '2024-12-26 2024-12-25T23:00:00Z 2024-12-26T22:00:00Z',
      '2024-12-27 2024-12-26T23:00:00Z 2024-12-27T22:00:00Z',
      '2024-12-30 2024-12-29T23:00:00Z 2024-12-30T22:00:00Z',
      '2024-12-31 2024-12-30T23:00:00Z 2024-12-31T22:00:00Z',
      '2025-01-02 2025-01-01T23:00:00Z 2025-01-02T22:00:00Z',
    ]);
    expect(between(metals, '2024-03-28', '2024-04-01').map((text) => text.slice(0, 10))).toEqual(['2024-03-28', '2024-04-01']);
  });

  it('keep the holidays by rule beyond the listed years', () => {
    const early = (calendar: typeof fx, date: string): string | undefined => between(calendar, date, date)[0]?.slice(-9);
    expect([early(equityIndex, '2027-06-18'), early(fx, '2027-06-18'), early(metals, '2027-06-18')]).toEqual(['17:00:00Z', '17:00:00Z', '17:00:00Z']);
    expect([early(equityIndex, '2028-07-03'), early(equityIndex, '2028-11-23'), early(equityIndex, '2028-11-24')]).toEqual(['17:15:00Z', '18:00:00Z', '18:15:00Z']);
    for (const calendar of [equityIndex, fx, metals]) for (const date of ['2027-01-01', '2027-03-26', '2027-12-24', '2028-04-14']) expect(between(calendar, date, date)).toEqual([]);
  });

  it.each([
    // https://www.nyse.com/markets/hours-calendars for 2025 and 2026; press notices for the single closures.
    ['2025', '01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25', '07-03 11-28 12-24'],
    ['2026', '01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25', '11-27 12-24'],
    ['2001', '01-01 01-15 02-19 04-13 05-28 07-04 09-03 09-11 09-12 09-13 09-14 11-22 12-25', '07-03 11-23 12-24'],
    ['2002', '01-01 01-21 02-18 03-29 05-27 07-04 09-02 11-28 12-25', '07-05 11-29 12-24'],
    ['2004', '01-01 01-19 02-16 04-09 05-31 06-11 07-05 09-06 11-25 12-24', '11-26'],
    ['2007', '01-01 01-02 01-15 02-19 04-06 05-28 07-04 09-03 11-22 12-25', '07-03 11-23 12-24'],
    ['2012', '01-02 01-16 02-20 04-06 05-28 07-04 09-03 10-29 10-30 11-22 12-25', '07-03 11-23 12-24'],
    ['2018', '01-01 01-15 02-19 03-30 05-28 07-04 09-03 11-22 12-05 12-25', '07-03 11-23 12-24'],
    ['2021', '01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24', '11-26'],
    ['2011', '01-17 02-21 04-22 05-30 07-04 09-05 11-24 12-26', '11-25'],
    ['2013', '01-01 01-21 02-18 03-29 05-27 07-04 09-02 11-28 12-25', '07-03 11-29 12-24'],
  ])('us-equity of %s rests on %s and ends early on %s', (year, closed, early) => {
    const sessions = new Map<string, Session>();
    for (let s = stocks.nextSession(at(`${year}-01-01T00:00:00Z`)); s.date.startsWith(year); s = stocks.nextSession(s.close)) sessions.set(s.date.slice(5), s);
    const missing: string[] = [];
    const short: string[] = [];
    for (let t = at(`${year}-01-01T12:00:00Z`); isoTime(t).startsWith(year); t = toUtcMs(t + 86_400_000)) {
      const session = sessions.get(isoTime(t).slice(5, 10));
      const weekday = new Date(t).getUTCDay();
      if (session === undefined && weekday > 0 && weekday < 6) missing.push(isoTime(t).slice(5, 10));
      if (session !== undefined && session.close - session.open === 3.5 * 3_600_000) short.push(session.date.slice(5));
    }
    expect([missing.join(' '), short.join(' ')]).toEqual([closed, early]);
  });

  it('opened New York at noon on the first anniversary of the attacks', () => {
    expect(between(stocks, '2002-09-11', '2002-09-11')).toEqual(['2002-09-11 2002-09-11T16:00:00Z 2002-09-11T20:00:00Z']);
  });

  it('state the sessions of a year', () => {
    expect(all.map((calendar) => calendar.sessionsPerYear)).toEqual([252, 252, 252, 252, 365]);
    let count = 0;
    for (let s = stocks.nextSession(at('2000-01-01T00:00:00Z')); s.date < '2025-01-01'; s = stocks.nextSession(s.close)) count++;
    expect(Math.round(count / 25)).toBe(252);
  });

  it('24/7 has each UTC day as a session, one after the other', () => {
    expect(between(always, '2024-02-28', '2024-03-01')).toEqual([
      '2024-02-28 2024-02-28T00:00:00Z 2024-02-29T00:00:00Z', '2024-02-29 2024-02-29T00:00:00Z 2024-03-01T00:00:00Z', '2024-03-01 2024-03-01T00:00:00Z 2024-03-02T00:00:00Z',
    ]);
    expect(always.sessionAt(at('2024-02-29T00:00:00Z'))?.date).toBe('2024-02-29');
    expect(always.previousSession(at('2024-02-29T00:00:00Z')).date).toBe('2024-02-28');
  });

  it('count the open as inside and the close as outside', () => {
    const session = stocks.nextSession(at('2024-01-02T00:00:00Z'));
    expect(stocks.sessionAt(session.open)).toBe(session);
    expect(stocks.sessionAt(toUtcMs(session.close - 1))).toBe(session);
    expect(stocks.sessionAt(session.close)).toBeUndefined();
    expect(stocks.sessionAt(toUtcMs(session.open - 1))).toBeUndefined();
    expect(stocks.nextSession(session.open)).toBe(session);
    expect(stocks.nextSession(toUtcMs(session.open + 1)).date).toBe('2024-01-03');
    expect(stocks.previousSession(session.close)).toBe(session);
    expect(stocks.previousSession(toUtcMs(session.close - 1)).date).toBe('2023-12-29');
  });

  it('give the same frozen session each time it is asked for', () => {
    const time = at('2024-05-07T15:00:00Z');
    for (const calendar of all) {
      const first = calendar.sessionAt(time)!;
      calendar.sessionAt(at('2010-05-04T15:00:00Z'));
      expect(calendar.sessionAt(toUtcMs(time + 1_000))).toBe(first);
      expect(Object.isFrozen(first)).toBe(true);
    }
  });

  it('answer alike in whatever order they are asked, and each answer agrees with the others', () => {
    const time = fc.integer({ min: Date.parse('1999-12-25'), max: Date.parse('2032-01-10') }).map(toUtcMs);
    const near = fc.tuple(time, fc.array(fc.integer({ min: -5 * 86_400_000, max: 5 * 86_400_000 }), { maxLength: 8 })).map(([t, steps]) => [t, ...steps.map((step) => toUtcMs(t + step))]);
    const kind = fc.constantFrom('sessionAt', 'nextSession', 'previousSession');
    fc.assert(fc.property(fc.constantFrom(...CALENDAR_IDS), near, fc.array(kind, { minLength: 9, maxLength: 9 }), (id, times, kinds) => {
      const used = all.find((calendar) => calendar.id === id)!;
      const fresh = calendarById(id)!;
      times.forEach((t, i) => used[kinds[i]!](t));
      for (const t of times) {
        const [now, next, previous] = [used.sessionAt(t), used.nextSession(t), used.previousSession(t)];
        expect([fresh.previousSession(t), fresh.sessionAt(t), fresh.nextSession(t)]).toEqual([previous, now, next]);
        expect(next.open >= t && previous.close <= t).toBe(true);
        if (now !== undefined) expect(now.open <= t && t < now.close).toBe(true);
        // The neighbours stand next to each other, with nothing between them but the session that holds the time.
        if (now === undefined) expect(fresh.nextSession(previous.close)).toEqual(next);
        else if (now.open === t) expect(next).toBe(now);
        else expect([fresh.nextSession(previous.close), fresh.nextSession(now.close)]).toEqual([now, next]);
      }
    }), { numRuns: 300 });
  });

  it('place no time that is not one', () => {
    for (const calendar of all) {
      for (const bad of [NaN, Infinity, -Infinity, 1e18]) {
        expect(calendar.sessionAt(toUtcMs(bad))).toBeUndefined();
        expect(() => calendar.nextSession(toUtcMs(bad))).toThrow(RangeError);
        expect(() => calendar.previousSession(toUtcMs(bad))).toThrow(RangeError);
      }
    }
  });
});
