import type { SessionCalendar } from '../session-calendar.js';
import { DAY_MINUTES } from './civil-day.js';
import { WeeklyCalendar } from './weekly-calendar.js';
import { ZoneClock } from './zone-clock.js';

/** Markets that never close: each UTC day is a session. 365 sessions a year; the leap day is left out, as is usual. */
export function alwaysOpen(): SessionCalendar {
  const hours = { open: 0, close: DAY_MINUTES };
  return new WeeklyCalendar('24/7', new ZoneClock('UTC'), 365, [hours, hours, hours, hours, hours, hours, hours], () => undefined);
}
