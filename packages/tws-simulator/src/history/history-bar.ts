import type { CalendarDay } from '../time/calendar-day.js';

/** One bar of an answer. */
export interface HistoryBar {
  /** Start, UTC ms. */
  readonly startMs: number;
  /** Trading day that the bar is dated by when it covers whole days. */
  readonly day: CalendarDay;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** -1 for what is not traded: quotes and midpoints. */
  readonly volume: number;
  readonly average: number;
  readonly count: number;
}

/** What bars are made of. */
export type Show = 'TRADES' | 'MIDPOINT' | 'BID' | 'ASK' | 'BID_ASK';
