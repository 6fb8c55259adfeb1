import type { SessionCalendar } from '../domain/session-calendar.js';
import { toUtcMs, type UtcMs } from '../domain/units.js';

/**
 * The account's trading day: the sessions of the calendar of its first instrument, each lasting until the
 * next one opens. Daily limits count within it.
 */
export class TradingDay {
  /** Equity when the day began. */
  openingEquity = 0;
  entries = 0;
  /** Last time of the present day: a bar that closes then still belongs to it. */
  end = Number.NEGATIVE_INFINITY;

  constructor(private readonly calendar: SessionCalendar) {}

  /** Starts the day that holds `time`. */
  begin(time: UtcMs, equity: number): void {
    const session = this.calendar.sessionAt(toUtcMs(time - 1)) ?? this.calendar.nextSession(time);
    this.end = Math.max(this.calendar.nextSession(session.close).open, time);
    this.openingEquity = equity;
    this.entries = 0;
  }
}
