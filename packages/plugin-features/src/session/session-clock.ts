import type { BarWindow, Session, SessionCalendar, Timeframe } from '@keelson/core/domain';
import { toUtcMs } from '@keelson/core/domain';

/** Follows the sessions of a calendar from bar to bar; asks the calendar once a session. */
export class SessionClock {
  /** Whether the newest bar lies in a session. */
  inside = false;
  /** Whether it is the first of its session. */
  begins = false;
  /**
   * Whether the session can be known from its start: false where the data begin in the middle of it. What is
   * gathered over such a session would depend on where the data begin.
   */
  whole = false;
  session: Session | undefined;
  /** Bounds of the session (UtcMs); NaN outside. */
  open = NaN;
  close = NaN;
  /** From this time on the next session, or the pause before it, may have begun. */
  private until = -Infinity;
  private seen = false;

  constructor(private readonly calendar: SessionCalendar) {}

  update(bars: BarWindow): void {
    if (bars.time[bars.index] >= this.until) this.enter(bars);
    else this.begins = false;
  }

  clear(): void {
    this.inside = false;
    this.begins = false;
    this.whole = false;
    this.session = undefined;
    this.open = NaN;
    this.close = NaN;
    this.until = -Infinity;
    this.seen = false;
  }

  private enter(bars: BarWindow): void {
    const time = toUtcMs(bars.time[bars.index]);
    const session = this.calendar.sessionAt(time);
    this.session = session;
    this.inside = this.begins = session !== undefined;
    this.whole = session !== undefined && (this.seen || time === session.open);
    this.open = session === undefined ? NaN : session.open;
    this.close = session === undefined ? NaN : session.close;
    this.until = session === undefined ? this.calendar.nextSession(time).open : session.close;
    this.seen = true;
  }
}

/** Milliseconds from a bar's open to its close, unless its session ends before. */
export function lengthOf(timeframe: Timeframe): number {
  return timeframe.session ? Infinity : timeframe.ms;
}
