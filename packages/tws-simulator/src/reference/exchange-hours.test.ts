import { describe, expect, it } from 'vitest';
import { dayOf, dayText } from '../time/calendar-day.js';
import { ExchangeHours } from './exchange-hours.js';
import { HOURS } from './hours-rules.js';

const cme = new ExchangeHours(HOURS.cme);
const stocks = new ExchangeHours(HOURS.usStock);
const utc = (text: string): number => Date.parse(text);

describe('ExchangeHours', () => {
  it('opens the evening before, in the wall time of the exchange, summer and winter', () => {
    expect(cme.on(dayOf(2026, 5, 4), false)).toMatchObject({ startMs: utc('2026-05-03T22:00:00Z'), endMs: utc('2026-05-04T21:00:00Z') });
    expect(cme.on(dayOf(2026, 1, 12), false)).toMatchObject({ startMs: utc('2026-01-11T23:00:00Z'), endMs: utc('2026-01-12T22:00:00Z') });
    expect(cme.on(dayOf(2026, 5, 4), true)).toMatchObject({ startMs: utc('2026-05-04T13:30:00Z'), endMs: utc('2026-05-04T21:00:00Z') });
  });

  it('keeps the hour over the night on which the clocks change', () => {
    // 8 March 2026, a Sunday, at 2 in the morning
    expect(cme.on(dayOf(2026, 3, 9), false)).toMatchObject({ startMs: utc('2026-03-08T22:00:00Z'), endMs: utc('2026-03-09T21:00:00Z') });
    expect(cme.on(dayOf(2026, 3, 6), false)).toMatchObject({ startMs: utc('2026-03-05T23:00:00Z'), endMs: utc('2026-03-06T22:00:00Z') });
  });

  it('knows whether a time is inside a session', () => {
    expect(cme.isOpen(utc('2026-05-03T21:59:59Z'))).toBe(false);
    expect(cme.isOpen(utc('2026-05-03T22:00:00Z'))).toBe(true);
    expect(cme.isOpen(utc('2026-05-04T21:30:00Z'))).toBe(false);
    expect(cme.isOpen(utc('2026-05-09T15:00:00Z'))).toBe(false);
    expect(cme.isOpen(utc('2026-05-04T12:00:00Z'), true)).toBe(false);
    expect(cme.isOpen(utc('2026-05-04T14:00:00Z'), true)).toBe(true);
  });

  it('is closed on holidays, and closes early where the exchange does', () => {
    // Good Friday, Thanksgiving, Christmas and Independence Day (observed on Friday) of 2026: CME Group and NYSE calendars
    expect(cme.on(dayOf(2026, 4, 3), false)).toBeUndefined();
    expect(cme.on(dayOf(2026, 12, 25), false)).toBeUndefined();
    expect(cme.on(dayOf(2026, 11, 26), false)?.endMs).toBe(utc('2026-11-26T18:00:00Z'));
    for (const day of [dayOf(2026, 7, 3), dayOf(2026, 11, 26), dayOf(2026, 1, 19), dayOf(2026, 6, 19)]) expect(stocks.on(day, false), dayText(day)).toBeUndefined();
    expect(stocks.on(dayOf(2026, 10, 12), false)).toBeDefined();
  });

  it('is closed on days that the scenario closes', () => {
    expect(new ExchangeHours(HOURS.cme, new Set([dayOf(2026, 5, 5)])).on(dayOf(2026, 5, 5), false)).toBeUndefined();
  });

  it('writes hours as the venue does: across midnight, closed days by name', () => {
    const thursday = utc('2026-05-07T15:00:00Z');
    expect(cme.text(thursday, false)).toBe('20260506:1700-20260507:1600;20260507:1700-20260508:1600;20260509:CLOSED;20260510:1700-20260511:1600;20260511:1700-20260512:1600;20260512:1700-20260513:1600');
    expect(stocks.text(thursday, true, 4)).toBe('20260507:0930-20260507:1600;20260508:0930-20260508:1600;20260509:CLOSED;20260510:CLOSED');
  });

  it('gives the sessions of a span and the last ones before a time', () => {
    const between = cme.between(utc('2026-05-08T20:00:00Z'), utc('2026-05-11T00:00:00Z'), false);
    expect(between.map(({ day }) => dayText(day))).toEqual(['20260508', '20260511']);
    expect(cme.lastBefore(utc('2026-05-11T00:00:00Z'), 3, false).map(({ day }) => dayText(day))).toEqual(['20260507', '20260508', '20260511']);
  });
});
