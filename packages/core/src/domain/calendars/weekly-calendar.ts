import type { Session, SessionCalendar } from '../session-calendar.js';
import type { UtcMs } from '../units.js';
import { toUtcMs } from '../units.js';
import { DAY_MS, dateText, weekdayOf } from './civil-day.js';
import type { ZoneClock } from './zone-clock.js';
import { isPlaceable } from './zone-clock.js';

/** Minutes from midnight of the session's date; `open` is negative when the session opens the evening before. */
export type DayHours = { readonly open: number; readonly close: number };

/** What is different on one date: no session at all, or other minutes for its open or close. */
export type DayException = 'closed' | Partial<DayHours>;

/** Exceptions by day number. */
export type ExceptionRule = (day: number) => DayException | undefined;

/** A year's exceptions, made when the year is first asked for. */
export function byYear(yearOf: (day: number) => number, make: (year: number) => ReadonlyMap<number, DayException>): ExceptionRule {
  const years = new Map<number, ReadonlyMap<number, DayException>>();
  return (day) => {
    const year = yearOf(day);
    let exceptions = years.get(year);
    if (exceptions === undefined) years.set(year, (exceptions = make(year)));
    return exceptions.get(day);
  };
}

/**
 * Sessions from regular hours by weekday and exceptions by date. Each session is computed once, frozen
 * and kept; the last answers are remembered, so that asking in time order costs two comparisons.
 */
export class WeeklyCalendar implements SessionCalendar {
  readonly timeZone: string;
  private readonly sessions = new Map<number, Session | null>();

  /** `current` is what stands at `currentFrom` ≤ t < `currentTo`: a session, or nothing. */
  private current: Session | undefined;
  private currentFrom = Infinity;
  private currentTo = -Infinity;
  /** `next` answers for `nextFrom` ≤ t ≤ `next.open`. */
  private next: Session | undefined;
  private nextFrom = Infinity;
  /** `previous` answers for `previous.close` ≤ t < `previousTo`. */
  private previous: Session | undefined;
  private previousTo = -Infinity;

  constructor(
    readonly id: string,
    private readonly zone: ZoneClock,
    readonly sessionsPerYear: number,
    private readonly hoursByWeekday: ReadonlyArray<DayHours | undefined>,
    private readonly exceptionOn: ExceptionRule,
  ) {
    this.timeZone = zone.timeZone;
  }

  sessionAt(time: UtcMs): Session | undefined {
    if (time >= this.currentFrom && time < this.currentTo) return this.current;
    if (!isPlaceable(time)) return undefined;
    const next = this.nextSession(time);
    if (next.open === time) return this.remember(next, next.open, next.close);
    // The session before `next` holds the time or has ended.
    const candidate = this.sessionBefore(next);
    if (time < candidate.close) return this.remember(candidate, candidate.open, candidate.close);
    return this.remember(undefined, candidate.close, next.open);
  }

  nextSession(time: UtcMs): Session {
    if (this.next !== undefined && time >= this.nextFrom && time <= this.next.open) return this.next;
    this.mustBePlaceable(time);
    // A date in any zone is at most one off the date in UTC.
    let day = Math.floor(time / DAY_MS) - 1;
    let session = this.sessionOn(day);
    while (session === null || session.open < time) session = this.sessionOn(++day);
    this.next = session;
    this.nextFrom = time;
    return session;
  }

  previousSession(time: UtcMs): Session {
    if (this.previous !== undefined && time >= this.previous.close && time < this.previousTo) return this.previous;
    this.mustBePlaceable(time);
    // One for the zone, one for a session that ended early on the evening before its date.
    let day = Math.floor(time / DAY_MS) + 2;
    let session = this.sessionOn(day);
    let following = Infinity;
    while (session === null || session.close > time) {
      if (session !== null) following = session.close;
      session = this.sessionOn(--day);
    }
    this.previous = session;
    // Where no session stood above, the answer is kept for this very moment only.
    this.previousTo = following === Infinity ? -Infinity : following;
    return session;
  }

  private remember(session: Session | undefined, from: number, to: number): Session | undefined {
    this.current = session;
    this.currentFrom = from;
    this.currentTo = to;
    return session;
  }

  private sessionBefore(session: Session): Session {
    let day = Math.floor(session.close / DAY_MS) + 2;
    let before = this.sessionOn(day);
    while (before === null || before.open >= session.open) before = this.sessionOn(--day);
    return before;
  }

  private sessionOn(day: number): Session | null {
    let session = this.sessions.get(day);
    if (session === undefined) this.sessions.set(day, (session = this.makeSession(day)));
    return session;
  }

  private makeSession(day: number): Session | null {
    const regular = this.hoursByWeekday[weekdayOf(day)];
    if (regular === undefined) return null;
    const exception = this.exceptionOn(day);
    if (exception === 'closed') return null;
    const open = this.zone.utcAt(day, exception?.open ?? regular.open);
    const close = this.zone.utcAt(day, exception?.close ?? regular.close);
    // A clock set forward over the whole session leaves none.
    return open < close ? Object.freeze({ date: dateText(day), open: toUtcMs(open), close: toUtcMs(close) }) : null;
  }

  private mustBePlaceable(time: number): void {
    if (!isPlaceable(time)) throw new RangeError(`time was ${time}, expected UTC milliseconds of the years 101 to 9998`);
  }
}
