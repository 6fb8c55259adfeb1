import { parseTimeframe, type Timeframe } from '../domain/market-data.js';
import type { SessionCalendar } from '../domain/session-calendar.js';
import { toUtcMs, type UtcMs } from '../domain/units.js';
import type { Desk } from '../pipeline/desk.js';
import { FEATURE_WINDOW } from '../pipeline/feature-window.js';

/** Features that never forget, such as an EMA, are near what a longer run gives after so many warm-ups. */
const SETTLED = 10;

/**
 * Where a live run begins to look at bars of the past: early enough for every feature of the desk, on its own
 * timeframe. Each gets its warm-up ten times, as far as that is no more than a window of values beyond it, and the bars
 * that strategies can look back on are there.
 */
export function warmupStart({ calendar, bars, bank, higher }: Desk, base: Timeframe, now: UtcMs): UtcMs {
  let start = openBack(calendar, base, bars.mask + 1, now);
  for (const { timeframe, features } of [bank, ...higher.map((series) => series.bank)]) {
    const most = features.reduce((sum, { feature }) => Math.max(sum, feature.warmupBars), 0);
    if (most === 0) continue;
    const needed = most + Math.min((SETTLED - 1) * most, FEATURE_WINDOW);
    start = Math.min(start, openBack(calendar, parseTimeframe(timeframe) as Timeframe, needed, now));
  }
  return toUtcMs(start);
}

/** Open of the bar from which on `count` bars have closed by `now`, as far as the calendar goes back to 1970. */
function openBack(calendar: SessionCalendar, { ms, session: whole }: Timeframe, count: number, now: UtcMs): number {
  let session = calendar.sessionAt(now) ?? calendar.previousSession(now);
  let closed = whole ? Number(session.close <= now) : Math.floor((Math.min(session.close, now) - session.open) / ms) + Number(session.close <= now && (session.close - session.open) % ms > 0);
  for (let left = count; ; closed = whole ? 1 : Math.ceil((session.close - session.open) / ms)) {
    if (closed >= left) return whole ? session.open : session.open + (closed - left) * ms;
    if (session.open <= 0) return session.open;
    left -= closed;
    session = calendar.previousSession(session.open);
  }
}
