import type { ExchangeHours, TradingSession } from '../reference/exchange-hours.js';
import { dayOf, dayParts } from '../time/calendar-day.js';
import { localDay, utcOf } from '../time/zone-offset.js';
import type { HistoryDuration } from './bar-size.js';

/** Sessions of a request, cut to what was asked for. */
export interface HistorySpan {
  readonly fromMs: number;
  readonly toMs: number;
  /** Sessions that lie in the span; the first and the last may be cut. */
  readonly sessions: readonly TradingSession[];
}

/** What a duration back from a time covers: seconds count trading time, days count sessions, longer units the calendar. */
export function historySpan(hours: ExchangeHours, toMs: number, { count, unit }: HistoryDuration, liquidOnly: boolean): HistorySpan {
  if (unit === 'S') {
    let left = count * 1000;
    const sessions: TradingSession[] = [];
    for (const session of hours.lastBefore(toMs, Math.ceil(left / 3_600_000 / 6) + 1, liquidOnly).toReversed()) {
      if (left <= 0) break;
      const endMs = Math.min(session.endMs, toMs);
      const startMs = Math.max(session.startMs, endMs - left);
      left -= endMs - startMs;
      sessions.unshift({ ...session, startMs, endMs });
    }
    return spanOf(sessions, toMs);
  }
  if (unit === 'D') return spanOf(cut(hours.lastBefore(toMs, count, liquidOnly), toMs), toMs);
  const { zone } = hours.rule;
  const today = localDay(toMs, zone);
  const { year, month, date } = dayParts(today);
  const back = unit === 'W' ? today - 7 * count : unit === 'M' ? dayOf(year, month - count, date) : dayOf(year - count, month, date);
  const fromMs = utcOf(back, 0, zone) + (toMs - utcOf(today, 0, zone));
  return spanOf(cut(hours.between(fromMs, toMs, liquidOnly).filter(({ startMs }) => startMs >= fromMs), toMs), toMs);
}

const cut = (sessions: readonly TradingSession[], toMs: number): TradingSession[] => sessions.map((session) => (session.endMs > toMs ? { ...session, endMs: toMs } : session));

function spanOf(sessions: readonly TradingSession[], toMs: number): HistorySpan {
  return { fromMs: sessions[0]?.startMs ?? toMs, toMs, sessions };
}
