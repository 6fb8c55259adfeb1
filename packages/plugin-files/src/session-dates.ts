import type { Session, SessionCalendar, UtcMs } from '@keelson/core/domain';
import { toUtcMs } from '@keelson/core/domain';
import { ZoneClock } from './zone-clock.js';

const DAY_MS = 86_400_000;

/** Finds the session that a bar of a whole session belongs to. Fast when asked in time order. */
export class SessionDates {
  private readonly exchange: ZoneClock;
  private last: Session | undefined;

  constructor(private readonly calendar: SessionCalendar) {
    this.exchange = new ZoneClock(calendar.timeZone);
  }

  /** The session with the date of `day` (midnight as if UTC); undefined on a day without one. */
  byDate(day: number): Session | undefined {
    const date = new Date(day).toISOString().slice(0, 10);
    if (this.last?.date === date) return this.last;
    let session = this.last === undefined || this.last.date > date ? this.first(day) : this.calendar.nextSession(this.last.close);
    if (session.date < date) session = this.first(day);
    while (session.date < date) session = this.calendar.nextSession(session.close);
    if (session.date !== date) return undefined;
    this.last = session;
    return session;
  }

  /** The session that `time` lies in, or else the one of its date at the exchange. */
  byTime(time: UtcMs): Session | undefined {
    return this.calendar.sessionAt(time) ?? this.byDate(this.exchange.localDay(time));
  }

  /** A session opens at most two days before the date that it is named after (a weekend's evening). */
  private first(day: number): Session {
    return this.calendar.nextSession(toUtcMs(day - 5 * DAY_MS));
  }
}
