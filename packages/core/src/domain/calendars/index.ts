import type { SessionCalendar } from '../session-calendar.js';
import { alwaysOpen } from './always-open.js';
import { cmeEquityIndex } from './cme-equity-index.js';
import { cmeFx } from './cme-fx.js';
import { comexMetals } from './comex-metals.js';
import { usEquity } from './us-equity.js';

export type { CalendarSpec, Weekday, WeeklyHours } from './create-calendar.js';
export { createCalendar } from './create-calendar.js';

const MAKERS: ReadonlyMap<string, () => SessionCalendar> = new Map([
  ['24/7', alwaysOpen],
  ['cme-equity-index', cmeEquityIndex],
  ['cme-fx', cmeFx],
  ['comex-metals', comexMetals],
  ['us-equity', usEquity],
]);

/** Ids of the calendars that come with Keelson. */
export const CALENDAR_IDS: readonly string[] = [...MAKERS.keys()];

/**
 * The calendar of that id, newly made; undefined for an id that does not come with Keelson. Make one and
 * keep it: it remembers the sessions it has computed.
 */
export function calendarById(id: string): SessionCalendar | undefined {
  return MAKERS.get(id)?.();
}
