import type { Timeframe } from '../domain/market-data.js';
import type { SessionCalendar } from '../domain/session-calendar.js';
import { toUtcMs } from '../domain/units.js';

const HOUR_MS = 3_600_000;

/** When a bar that opens at `open` closes: bars of an hour and more are cut short by the end of their session. */
export function barCloseOf(open: number, timeframe: Timeframe, calendar: SessionCalendar): number {
  if (!timeframe.session && timeframe.ms < HOUR_MS) return open + timeframe.ms;
  const session = calendar.sessionAt(toUtcMs(open));
  if (session === undefined) return open + timeframe.ms;
  return timeframe.session ? session.close : Math.min(open + timeframe.ms, session.close);
}
