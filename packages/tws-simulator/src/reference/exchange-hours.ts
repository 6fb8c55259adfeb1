import { dayParts, dayText, weekday, type CalendarDay } from '../time/calendar-day.js';
import { usHolidays } from '../time/us-holidays.js';
import { localDay, utcOf } from '../time/zone-offset.js';

/** One span of trading that belongs to one trading day. */
export interface TradingSession {
  readonly startMs: number;
  readonly endMs: number;
  /** Day that the session counts for. */
  readonly day: CalendarDay;
}

/** What was last found, and for which times it holds: times are mostly asked for in order. */
interface Answer {
  readonly fromMs: number;
  readonly toMs: number;
  readonly session: TradingSession | undefined;
}

/** When a product trades, in minutes of the exchange's wall clock. */
export interface HoursRule {
  /** IANA. */
  readonly zone: string;
  /** The zone by the name that the venue writes. */
  readonly zoneName: string;
  /** After `close`: trading opens on the evening before. */
  readonly open: number;
  readonly close: number;
  readonly liquidOpen: number;
  readonly liquidClose: number;
  /** How holidays of the United States are kept; by default not at all. */
  readonly holidays?: 'stocks' | 'futures';
  /** Minutes at which trading ends early on some holidays. */
  readonly earlyClose?: number;
}

/** Sessions of one kind of product on the calendar. */
export class ExchangeHours {
  private latest: Answer = { fromMs: 0, toMs: 0, session: undefined };
  private latestLiquid: Answer = this.latest;
  private readonly cache = new Map<CalendarDay, { readonly all: TradingSession; readonly liquid: TradingSession } | undefined>();

  constructor(readonly rule: HoursRule, private readonly closedDays: ReadonlySet<CalendarDay> = new Set()) {}

  /** The session of a trading day; undefined when the exchange is closed. */
  on(day: CalendarDay, liquidOnly: boolean): TradingSession | undefined {
    let found = this.cache.get(day);
    if (found === undefined && !this.cache.has(day)) {
      found = this.make(day);
      this.cache.set(day, found);
    }
    return liquidOnly ? found?.liquid : found?.all;
  }

  /** The session that holds a time. */
  at(timeMs: number, liquidOnly: boolean): TradingSession | undefined {
    const latest = liquidOnly ? this.latestLiquid : this.latest;
    if (latest.fromMs <= timeMs && timeMs < latest.toMs) return latest.session;
    const found = this.search(timeMs, liquidOnly);
    if (liquidOnly) this.latestLiquid = found;
    else this.latest = found;
    return found.session;
  }

  private search(timeMs: number, liquidOnly: boolean): Answer {
    const today = localDay(timeMs, this.rule.zone);
    for (const day of [today, today + 1]) {
      const session = this.on(day, liquidOnly);
      if (session === undefined) continue;
      if (session.startMs <= timeMs && timeMs < session.endMs) return { fromMs: session.startMs, toMs: session.endMs, session };
      if (session.startMs > timeMs) return { fromMs: timeMs, toMs: session.startMs, session: undefined };
    }
    return { fromMs: timeMs, toMs: timeMs, session: undefined };
  }

  isOpen(timeMs: number, liquidOnly = false): boolean {
    return this.at(timeMs, liquidOnly) !== undefined;
  }

  /** Sessions that overlap a span, in order. */
  between(fromMs: number, toMs: number, liquidOnly: boolean): TradingSession[] {
    const sessions: TradingSession[] = [];
    for (let day = localDay(fromMs, this.rule.zone); day <= localDay(toMs, this.rule.zone) + 1; day += 1) {
      const session = this.on(day, liquidOnly);
      if (session !== undefined && session.startMs < toMs && session.endMs > fromMs) sessions.push(session);
    }
    return sessions;
  }

  /** The last `count` sessions that began before a time, in order. */
  lastBefore(timeMs: number, count: number, liquidOnly: boolean): TradingSession[] {
    const sessions: TradingSession[] = [];
    // no exchange is closed for a month on end
    for (let day = localDay(timeMs, this.rule.zone) + 1, tries = count * 3 + 30; sessions.length < count && tries > 0; day -= 1, tries -= 1) {
      const session = this.on(day, liquidOnly);
      if (session !== undefined && session.startMs < timeMs) sessions.push(session);
    }
    return sessions.toReversed();
  }

  /** `20260503:1700-20260504:1600;20260509:CLOSED`, for the days from the present one on. */
  text(nowMs: number, liquidOnly: boolean, days = 7): string {
    const { zone } = this.rule;
    const open = liquidOnly ? this.rule.liquidOpen : this.rule.open;
    const close = liquidOnly ? this.rule.liquidClose : this.rule.close;
    const first = localDay(nowMs, zone);
    const parts: string[] = [];
    for (let day = first; day < first + days; day += 1) {
      const session = this.on(day, liquidOnly);
      if (session !== undefined) {
        const end = Math.min(close, Math.round((session.endMs - utcOf(day, 0, zone)) / 60_000));
        parts.push(`${dayText(startDay(day, open, close))}:${clockText(open)}-${dayText(day)}:${clockText(end)}`);
      } else if (open < close || this.on(day + 1, false) === undefined) parts.push(`${dayText(day)}:CLOSED`);
    }
    return parts.join(';');
  }

  private make(day: CalendarDay): { readonly all: TradingSession; readonly liquid: TradingSession } | undefined {
    const { zone, open, close, liquidOpen, liquidClose, holidays, earlyClose } = this.rule;
    const which = weekday(day);
    if (which === 0 || which === 6 || this.closedDays.has(day)) return undefined;
    const holiday = holidays === undefined ? undefined : usHolidays(dayParts(day).year).get(day);
    if (holiday !== undefined && (holidays === 'stocks' || holiday === 'closed')) return undefined;
    const end = holiday === undefined || earlyClose === undefined ? Infinity : earlyClose;
    return {
      all: { startMs: utcOf(startDay(day, open, close), open, zone), endMs: utcOf(day, Math.min(close, end), zone), day },
      liquid: { startMs: utcOf(startDay(day, liquidOpen, liquidClose), liquidOpen, zone), endMs: utcOf(day, Math.min(liquidClose, end), zone), day },
    };
  }
}

/** What closes before it opens has opened on the day before. */
const startDay = (day: CalendarDay, open: number, close: number): CalendarDay => (open > close ? day - 1 : day);

const clockText = (minutes: number): string => `${String(Math.floor(minutes / 60)).padStart(2, '0')}${String(minutes % 60).padStart(2, '0')}`;
