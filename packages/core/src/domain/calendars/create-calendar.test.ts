import { describe, expect, it } from 'vitest';
import { KeelsonErrors, isKeelsonError } from '../../errors.js';
import { isoTime, toUtcMs } from '../units.js';
import type { CalendarSpec } from './create-calendar.js';
import { createCalendar } from './create-calendar.js';

const at = (text: string) => toUtcMs(Date.parse(text));
const spec: CalendarSpec = {
  id: 'eurex',
  timeZone: 'Europe/Berlin',
  sessions: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], open: '01:10', close: '22:00' }],
  holidays: ['2024-05-01'],
  earlyCloses: { '2024-12-30': '20:00' },
  lateOpens: { '2024-05-02': '08:00' },
  sessionsPerYear: 253,
};
const night: CalendarSpec = { id: 'night', timeZone: 'America/New_York', sessions: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], open: '18:00', close: '17:00' }], sessionsPerYear: 252 };

function show(calendar: ReturnType<typeof createCalendar>, date: string): string {
  const session = calendar.nextSession(toUtcMs(Date.parse(date) - 12 * 3_600_000));
  return `${session.date} ${isoTime(session.open)} ${isoTime(session.close)}`;
}

function codes(bad: CalendarSpec): string[] {
  try {
    createCalendar(bad);
  } catch (error) {
    if (!isKeelsonError(error)) throw error;
    return (error instanceof KeelsonErrors ? error.errors : [error]).map((one) => one.line);
  }
  return [];
}

describe('createCalendar', () => {
  it('keeps the hours, holidays, early closes and late opens that it is given', () => {
    const calendar = createCalendar(spec);
    expect([calendar.id, calendar.timeZone, calendar.sessionsPerYear]).toEqual(['eurex', 'Europe/Berlin', 253]);
    expect(show(calendar, '2024-04-30')).toBe('2024-04-30 2024-04-29T23:10:00Z 2024-04-30T20:00:00Z');
    expect(show(calendar, '2024-05-01')).toBe('2024-05-02 2024-05-02T06:00:00Z 2024-05-02T20:00:00Z');
    expect(show(calendar, '2024-12-30')).toBe('2024-12-30 2024-12-30T00:10:00Z 2024-12-30T19:00:00Z');
  });

  it('opens the evening before where the open is not before the close', () => {
    const calendar = createCalendar({ ...night, earlyCloses: { '2024-01-15': '13:00' }, lateOpens: { '2024-01-16': '20:00', '2024-01-17': '03:00' } });
    expect(show(calendar, '2024-01-15')).toBe('2024-01-15 2024-01-14T23:00:00Z 2024-01-15T18:00:00Z');
    expect(show(calendar, '2024-01-16')).toBe('2024-01-16 2024-01-16T01:00:00Z 2024-01-16T22:00:00Z');
    expect(calendar.sessionAt(at('2024-01-17T07:59:59Z'))).toBeUndefined();
    expect(calendar.sessionAt(at('2024-01-17T08:00:00Z'))?.date).toBe('2024-01-17');
  });

  it('keeps sessions of 24 hours from end to end when the clocks change', () => {
    const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
    const calendar = createCalendar({ id: 'local', timeZone: 'America/New_York', sessions: [{ days, open: '00:00', close: '24:00' }], sessionsPerYear: 365 });
    const march = calendar.sessionAt(at('2024-03-10T12:00:00Z'))!;
    const november = calendar.sessionAt(at('2024-11-03T12:00:00Z'))!;
    expect([march.close - march.open, november.close - november.open].map((ms) => ms / 3_600_000)).toEqual([23, 25]);
    expect([calendar.nextSession(march.close).open, calendar.previousSession(march.open).close]).toEqual([march.close, march.open]);
  });

  it('takes the first of two equal times and the moment after a gap', () => {
    const calendar = createCalendar({ id: 'odd', timeZone: 'Europe/London', sessions: [{ days: ['sun'], open: '01:30', close: '12:00' }], sessionsPerYear: 52 });
    expect(show(calendar, '2024-10-27')).toBe('2024-10-27 2024-10-27T00:30:00Z 2024-10-27T12:00:00Z');
    expect(show(calendar, '2024-03-31')).toBe('2024-03-31 2024-03-31T01:30:00Z 2024-03-31T11:00:00Z');
  });

  it('serves zones with offsets of parts of an hour', () => {
    const calendar = createCalendar({ id: 'nse', timeZone: 'Asia/Kolkata', sessions: [{ days: ['mon'], open: '09:15', close: '15:30' }], sessionsPerYear: 52 });
    expect(show(calendar, '2024-01-01')).toBe('2024-01-01 2024-01-01T03:45:00Z 2024-01-01T10:00:00Z');
  });

  it.each<[string, Partial<CalendarSpec>, string]>([
    ['an unknown zone', { timeZone: 'Mars/Base' }, 'CFG_TYPE: calendar eurex: timeZone was Mars/Base, expected an IANA zone: write a zone such as America/New_York or UTC'],
    ['no session', { sessions: [], earlyCloses: {}, lateOpens: {} }, 'CFG_MISSING: calendar eurex: sessions was empty, expected the hours of at least one weekday'],
    ['a wrong open', { sessions: [{ days: ['sun'], open: '9:00', close: '17:00' }], earlyCloses: {}, lateOpens: {} }, "CFG_TYPE: calendar eurex: session's open was 9:00, expected HH:MM"],
    ['a wrong close', { sessions: [{ days: ['sun'], open: '09:00', close: '24:01' }], earlyCloses: {}, lateOpens: {} }, "CFG_TYPE: calendar eurex: session's close was 24:01, expected HH:MM"],
    ['an unknown day', { sessions: [...spec.sessions, { days: ['sunday' as 'sun'], open: '09:00', close: '17:00' }] }, "CFG_TYPE: calendar eurex: session's day was sunday, expected one of sun, mon"],
    ['two sessions on a day', { sessions: [...spec.sessions, { days: ['mon'], open: '22:30', close: '23:00' }] }, 'CFG_CONFLICT: calendar eurex: mon has two sessions, expected one'],
    ['sessions that overlap', { sessions: [...spec.sessions, { days: ['sat'], open: '21:00', close: '20:00' }] }, 'CFG_TYPE: calendar eurex: sat opens before fri has closed, expected sessions one after the other'],
    ['a date that does not exist', { holidays: ['2023-02-29'] }, 'CFG_TYPE: calendar eurex: holiday was 2023-02-29, expected YYYY-MM-DD'],
    ['an early close after the close', { earlyCloses: { '2024-12-30': '22:01' } }, 'CFG_TYPE: calendar eurex: earlyCloses of 2024-12-30 was 22:01, expected a time within the session'],
    ['a late open before the open', { lateOpens: { '2024-12-30': '01:00' } }, 'CFG_TYPE: calendar eurex: lateOpens of 2024-12-30 was 01:00, expected a time within the session'],
    ['an exception on a day without session', { earlyCloses: { '2024-12-28': '12:00' } }, 'CFG_CONFLICT: calendar eurex: earlyCloses has 2024-12-28, expected a weekday with a session'],
    ['a holiday with an early close', { holidays: ['2024-12-30'] }, 'CFG_CONFLICT: calendar eurex: 2024-12-30 is in holidays and in earlyCloses, expected one'],
    ['an open after the close', { lateOpens: { '2024-12-30': '21:00' } }, 'CFG_CONFLICT: calendar eurex: 2024-12-30 opens late after it has closed early'],
    ['no sessions a year', { sessionsPerYear: 0 }, 'CFG_TYPE: calendar eurex: sessionsPerYear was 0, expected 1 to 366'],
  ])('refuses %s', (_, change, line) => {
    const found = codes({ ...spec, ...change });
    expect(found.length).toBe(1);
    expect(found[0]).toContain(line);
  });

  it('reports all faults at once', () => {
    expect(codes({ ...spec, timeZone: 'Nowhere', holidays: ['soon'], sessionsPerYear: NaN }).length).toBe(3);
  });
});
