import type { SessionCalendar } from '../session-calendar.js';
import { yearOf } from './civil-day.js';
import { cmeHolidays, cmeWeek } from './cme-week.js';
import { closes } from './date-table.js';
import { christmasEve, goodFriday, isFriday, thanksgiving, usBankHolidays } from './us-holidays.js';
import type { DayException } from './weekly-calendar.js';
import { WeeklyCalendar, byYear } from './weekly-calendar.js';
import { ZoneClock } from './zone-clock.js';

/** Early closes of 2009 to 2026 in Chicago time. 10:15 is a Good Friday with an employment report. */
const EARLY_CLOSES = closes({
  '10:15':
    '2010-04-02 2012-04-06 2015-04-03 2021-04-02 2023-04-07 2026-04-03',
  '12:00':
    '2009-01-19 2009-02-16 2009-05-25 2009-07-03 2009-09-07 2009-11-26 2010-01-18 2010-02-15 2010-05-31 2010-07-05 ' +
    '2010-09-06 2010-11-25 2011-01-17 2011-02-21 2011-05-30 2011-07-04 2011-09-05 2011-11-24 2012-01-16 2012-02-20 ' +
    '2012-05-28 2012-07-04 2012-09-03 2012-11-22 2013-01-21 2013-02-18 2013-05-27 2013-07-04 2013-09-02 2013-11-28 ' +
    '2014-01-20 2014-02-17 2014-05-26 2014-07-04 2014-09-01 2014-11-27 2015-01-19 2015-02-16 2015-05-25 2015-07-03 ' +
    '2015-09-07 2015-11-26 2016-01-18 2016-02-15 2016-05-30 2016-07-04 2016-09-05 2016-11-24 2017-01-16 2017-02-20 ' +
    '2017-05-29 2017-07-04 2017-09-04 2017-11-23 2018-01-15 2018-02-19 2018-05-28 2018-07-04 2018-09-03 2018-11-22 ' +
    '2019-01-21 2019-02-18 2019-05-27 2019-07-04 2019-09-02 2019-11-28 2020-01-20 2020-02-17 2020-05-25 2020-07-03 ' +
    '2020-09-07 2020-11-26 2021-01-18 2021-02-15 2021-05-31 2021-07-05 2021-09-06 2021-11-25 2025-07-04 2026-06-19 ' +
    '2026-07-03',
  '12:15':
    '2009-11-27 2009-12-24 2010-11-26 2010-12-31 2011-11-25 2012-11-23 2012-12-24 2013-11-29 2013-12-24 2014-11-28 ' +
    '2014-12-24 2015-11-27 2015-12-24 2016-11-25 2017-11-24 2018-11-23 2018-12-24 2019-11-29 2019-12-24 2020-11-27 ' +
    '2020-12-24 2021-11-26 2022-11-25 2023-11-24 2024-12-24',
  '12:45':
    '2025-12-24 2026-12-24',
  '13:45':
    '2025-11-28 2026-11-27',
  '15:15':
    '2009-01-16 2009-02-13 2009-04-09 2009-05-22 2009-09-04 2009-10-09 2010-01-15 2010-02-12 2010-05-28 2010-07-02 ' +
    '2010-09-03 2010-10-08 2011-01-14 2011-02-18 2011-05-27 2011-07-01 2011-09-02 2011-10-07 2012-01-13 2012-02-17 ' +
    '2012-05-25 2012-08-31 2012-10-05 2013-01-18 2013-02-15 2013-05-24 2013-08-30 2014-01-17 2014-02-14 2014-05-23 ' +
    '2014-08-29 2015-01-16 2015-02-13 2015-05-22',
});
const LAST_LISTED_YEAR = 2026;

/** Later years follow the pattern of the last listed ones: a bank holiday is a whole day unless it is a Friday. */
export function cmeFxRule(year: number): ReadonlyMap<number, DayException> {
  const days = new Map<number, DayException>();
  for (const day of usBankHolidays(year)) if (isFriday(day)) days.set(day, { close: 12 * 60 });
  days.set(thanksgiving(year) + 1, { close: 13 * 60 + 45 });
  const eve = christmasEve(year);
  if (eve !== undefined) days.set(eve, { close: 12 * 60 + 45 });
  for (const day of [...cmeHolidays(year), goodFriday(year)]) days.set(day, 'closed');
  return days;
}

function exceptions(year: number): ReadonlyMap<number, DayException> {
  if (year > LAST_LISTED_YEAR) return cmeFxRule(year);
  const days = new Map<number, DayException>();
  for (const day of [...cmeHolidays(year), goodFriday(year)]) days.set(day, 'closed');
  for (const [day, early] of EARLY_CLOSES) if (yearOf(day) === year) days.set(day, early);
  return days;
}

/**
 * Currency futures on CME Globex (6E, 6B, 6A …): 17:00 the evening before to 16:00 Chicago time, Monday to
 * Friday. Early closes before 2009 are not listed.
 *
 * 252 sessions a year, the number of daily settlements: a bank holiday's session is one of its own here, but
 * belongs to the next day's settlement.
 * Source of hours and dates: https://www.cmegroup.com/tools-information/holiday-calendar.html
 */
export function cmeFx(): SessionCalendar {
  return new WeeklyCalendar('cme-fx', new ZoneClock('America/Chicago'), 252, cmeWeek(17, 16), byYear(yearOf, exceptions));
}
