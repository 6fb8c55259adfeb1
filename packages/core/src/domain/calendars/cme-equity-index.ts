import type { SessionCalendar } from '../session-calendar.js';
import { yearOf } from './civil-day.js';
import { cmeHolidays, cmeWeek } from './cme-week.js';
import { closes } from './date-table.js';
import { christmasEve, goodFriday, independenceEve, thanksgiving, usBankHolidays } from './us-holidays.js';
import type { DayException } from './weekly-calendar.js';
import { WeeklyCalendar, byYear } from './weekly-calendar.js';
import { ZoneClock } from './zone-clock.js';

/**
 * Early closes of 2009 to 2026 in New York time. 09:15 is a Good Friday with an employment report, and the
 * two days of hurricane Sandy; 09:30 a day of mourning.
 */
const EARLY_CLOSES = closes({
  '09:15':
    '2010-04-02 2012-04-06 2012-10-29 2012-10-30 2015-04-03 2021-04-02 2023-04-07 2026-04-03',
  '09:30':
    '2018-12-05 2025-01-09',
  '11:30':
    '2009-01-19 2009-02-16 2009-05-25 2009-07-03 2009-09-07 2009-11-26 2010-01-18 2010-02-15 2010-05-31 2010-07-05 ' +
    '2010-09-06 2010-11-25 2011-01-17 2011-02-21 2011-05-30 2011-07-04 2011-09-05 2011-11-24 2012-01-16 2012-02-20 ' +
    '2012-05-28 2012-07-04 2012-09-03 2012-11-22 2013-01-21 2013-02-18 2013-05-27 2013-07-04 2013-09-02 2013-11-28 ' +
    '2014-01-20 2014-02-17',
  '13:00':
    '2014-05-26 2014-07-04 2014-09-01 2014-11-27 2015-01-19 2015-02-16 2015-05-25 2015-07-03 2015-09-07 2015-11-26 ' +
    '2016-01-18 2016-02-15 2016-05-30 2016-07-04 2016-09-05 2016-11-24 2017-01-16 2017-02-20 2017-05-29 2017-07-04 ' +
    '2017-09-04 2017-11-23 2018-01-15 2018-02-19 2018-05-28 2018-07-04 2018-09-03 2018-11-22 2019-01-21 2019-02-18 ' +
    '2019-05-27 2019-07-04 2019-09-02 2019-11-28 2020-01-20 2020-02-17 2020-05-25 2020-07-03 2020-09-07 2020-11-26 ' +
    '2021-01-18 2021-02-15 2021-05-31 2021-07-05 2021-09-06 2021-11-25 2022-01-17 2022-02-21 2022-05-30 2022-06-20 ' +
    '2022-07-04 2022-09-05 2022-11-24 2023-01-16 2023-02-20 2023-05-29 2023-06-19 2023-07-04 2023-09-04 2023-11-23 ' +
    '2024-01-15 2024-02-19 2024-05-27 2024-06-19 2024-07-04 2024-09-02 2024-11-28 2025-01-20 2025-02-17 2025-05-26 ' +
    '2025-06-19 2025-07-04 2025-09-01 2025-11-27 2026-01-19 2026-02-16 2026-05-25 2026-06-19 2026-07-03 2026-09-07 ' +
    '2026-11-26',
  '13:15':
    '2009-11-27 2009-12-24 2010-11-26 2011-11-25 2012-07-03 2012-11-23 2012-12-24 2013-07-03 2013-11-29 2013-12-24 ' +
    '2014-07-03 2014-11-28 2014-12-24 2015-11-27 2015-12-24 2016-11-25 2017-07-03 2017-11-24 2018-07-03 2018-11-23 ' +
    '2018-12-24 2019-07-03 2019-11-29 2019-12-24 2020-11-27 2020-12-24 2021-11-26 2022-11-25 2023-07-03 2023-11-24 ' +
    '2024-07-03 2024-11-29 2024-12-24 2025-07-03 2025-11-28 2025-12-24 2026-11-27 2026-12-24',
});
const LAST_LISTED_YEAR = 2026;

/** Later years follow the pattern of the last listed ones. */
export function cmeEquityIndexRule(year: number): ReadonlyMap<number, DayException> {
  const days = new Map<number, DayException>();
  for (const day of usBankHolidays(year)) days.set(day, { close: 13 * 60 });
  for (const day of [independenceEve(year), thanksgiving(year) + 1, christmasEve(year)]) {
    if (day !== undefined) days.set(day, { close: 13 * 60 + 15 });
  }
  for (const day of [...cmeHolidays(year), goodFriday(year)]) days.set(day, 'closed');
  return days;
}

function exceptions(year: number): ReadonlyMap<number, DayException> {
  if (year > LAST_LISTED_YEAR) return cmeEquityIndexRule(year);
  const days = new Map<number, DayException>();
  for (const day of [...cmeHolidays(year), goodFriday(year)]) days.set(day, 'closed');
  for (const [day, early] of EARLY_CLOSES) if (yearOf(day) === year) days.set(day, early);
  return days;
}

/**
 * Equity index futures on CME Globex (ES, MES, NQ, MNQ …): 18:00 the evening before to 17:00 New York time,
 * Monday to Friday. Today's hours: the pause from 16:15 to 16:30 that was kept until June 2021 and the close
 * at 17:15 until September 2015 are not in it, nor are early closes before 2009.
 *
 * 252 sessions a year, the number of daily settlements: a shortened holiday is a session of its own here,
 * but belongs to the next day's settlement.
 * Source of hours and dates: https://www.cmegroup.com/tools-information/holiday-calendar.html
 */
export function cmeEquityIndex(): SessionCalendar {
  return new WeeklyCalendar('cme-equity-index', new ZoneClock('America/New_York'), 252, cmeWeek(18, 17), byYear(yearOf, exceptions));
}
