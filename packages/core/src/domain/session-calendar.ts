import type { UtcMs } from './units.js';

/** One trading session. `open` ≤ t < `close`. */
export type Session = {
  /** Trading date in the exchange's zone, `YYYY-MM-DD`; for an overnight session the date it ends on. */
  readonly date: string;
  readonly open: UtcMs;
  readonly close: UtcMs;
};

/** Opening hours of a market, holidays and daylight saving included. Pure: the same answer on every machine. */
export interface SessionCalendar {
  readonly id: string;
  /** IANA zone of the exchange. */
  readonly timeZone: string;
  /** Sessions in a year, for annualisation. */
  readonly sessionsPerYear: number;
  /** The session that holds `time`; undefined outside of sessions. O(1) when asked in time order. */
  sessionAt(time: UtcMs): Session | undefined;
  /** The first session that opens at or after `time`. */
  nextSession(time: UtcMs): Session;
  /** The last session that closes at or before `time`. */
  previousSession(time: UtcMs): Session;
}
