import type { BarWindow, SessionCalendar, UtcMs } from '@keelson/core/domain';
import { defineRegime } from '@keelson/core/plugin';
import type { Regime, RegimeClassifier } from '@keelson/core/ports';
import { z } from 'zod';

const MINUTE = 60_000;

export const SESSION_LABELS = ['opening', 'open', 'closing', 'closed'] as const;

const minutes = z.number().min(0).max(1_440);

/** Settings of `session`. */
export const sessionParams = z.strictObject({
  openingMinutes: minutes.default(15).describe('Length of the opening.'),
  closingMinutes: minutes.default(15).describe('Length of the closing; it wins in a session too short for both.'),
  noEntriesBeforeCloseMinutes: minutes.default(0).describe('No entries in the last minutes of a session.'),
});

/**
 * `session`: what part of the session it is, and no entries outside of it or shortly before its end.
 *
 * Label `session`: `opening` for the first `openingMinutes` (default 15), `closing` for the last
 * `closingMinutes` (15), `open` between them, `closed` outside. It is the time of the bar's close that counts, so
 * the bar that ends a session is `closed`: an order decided on it could only fill in the next session.
 * Not tradable when closed, and within `noEntriesBeforeCloseMinutes` (default 0) of the close.
 * A bar that spans whole sessions, such as `1d`, is always `open` and tradable: it has no parts to tell apart.
 */
export const sessionRegime = defineRegime({
  params: sessionParams,
  create: ({ params, calendar }) =>
    new SessionRegime(calendar, params.openingMinutes * MINUTE, params.closingMinutes * MINUTE, params.noEntriesBeforeCloseMinutes * MINUTE),
});

const OPEN = regime('open');
const OPENING = regime('opening');
const CLOSING = regime('closing');
const CLOSED = regime('closed', 'outside of sessions');

class SessionRegime implements RegimeClassifier {
  readonly labels = { session: SESSION_LABELS };
  private readonly late: Readonly<Record<'open' | 'opening' | 'closing', Regime>>;
  private current: Regime = CLOSED;
  /** `current` holds from `since` until just before `until`. */
  private since = Infinity;
  private until = -Infinity;

  constructor(
    private readonly calendar: SessionCalendar,
    private readonly openingMs: number,
    private readonly closingMs: number,
    private readonly noEntriesMs: number,
  ) {
    const reason = `less than ${noEntriesMs / MINUTE} minutes to the session's close`;
    this.late = { open: regime('open', reason), opening: regime('opening', reason), closing: regime('closing', reason) };
  }

  classify(bars: BarWindow, close: UtcMs): Regime {
    const open = bars.time[bars.index];
    // no session is shorter than an hour, so most bars need not ask the calendar
    if (close - open >= 60 * MINUTE && this.spansSession(open, close)) return OPEN;
    if (close < this.since || close >= this.until) this.look(close);
    return this.current;
  }

  private look(time: UtcMs): void {
    const session = this.calendar.sessionAt(time);
    if (!session) {
      this.current = CLOSED;
      this.since = time;
      this.until = this.calendar.nextSession(time).open;
      return;
    }
    const openingEnds = Math.min(session.open + this.openingMs, session.close);
    const closingStarts = Math.max(session.close - this.closingMs, session.open);
    const entriesEnd = Math.max(session.close - this.noEntriesMs, session.open);
    // the closing wins in a session too short for both
    const part = time >= closingStarts ? 'closing' : time < openingEnds ? 'opening' : 'open';
    const tradable = time < entriesEnd;
    this.current = tradable ? { open: OPEN, opening: OPENING, closing: CLOSING }[part] : this.late[part];
    this.since = time;
    this.until = session.close;
    for (const edge of [openingEnds, closingStarts, entriesEnd]) if (edge > time && edge < this.until) this.until = edge;
  }

  private spansSession(open: number, close: UtcMs): boolean {
    const session = this.calendar.previousSession(close);
    return session.open >= open && session.close <= close;
  }
}

function regime(session: string, reason = ''): Regime {
  return Object.freeze({ tradable: reason === '', reason, labels: Object.freeze({ session }) });
}
