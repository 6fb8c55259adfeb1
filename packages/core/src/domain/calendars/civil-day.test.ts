import { describe, expect, it } from 'vitest';
import { dateText, dayOf, easterSunday, lastWeekday, nthWeekday, parseDate, parseMinutes, weekdayOf } from './civil-day.js';

describe('civil days', () => {
  it('know the Easter Sundays', () => {
    // United States Census Bureau, "Easter Dates from 1600 to 2099".
    const dates = ['2000-04-23', '2008-03-23', '2011-04-24', '2019-04-21', '2024-03-31', '2025-04-20', '2038-04-25', '2049-04-18', '2076-04-19', '2099-04-12'];
    expect(dates.map((date) => dateText(easterSunday(Number(date.slice(0, 4)))))).toEqual(dates);
  });

  it('count weekdays from Sunday, before 1970 as well', () => {
    expect([weekdayOf(0), weekdayOf(dayOf(1969, 12, 28)), weekdayOf(dayOf(2024, 1, 6))]).toEqual([4, 0, 6]);
  });

  it('find the nth and the last weekday of a month', () => {
    expect([nthWeekday(2024, 11, 4, 4), nthWeekday(2023, 1, 1, 3), lastWeekday(2024, 5, 1), lastWeekday(2021, 5, 1)].map(dateText)).toEqual(['2024-11-28', '2023-01-16', '2024-05-27', '2021-05-31']);
  });

  it('read dates and times strictly', () => {
    expect(['2024-02-29', '2023-02-29', '2024-2-9', '2024-13-01', '0050-01-01', ' 2024-01-01'].map((text) => parseDate(text) !== undefined)).toEqual([true, false, false, false, false, false]);
    expect(['00:00', '09:30', '24:00', '24:01', '9:30', '10:60', '10:30:00'].map(parseMinutes)).toEqual([0, 570, 1440, undefined, undefined, undefined, undefined]);
  });
});
