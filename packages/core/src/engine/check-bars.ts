import { showDuration } from '../domain/duration.js';
import type { BarColumns } from '../domain/market-data.js';
import type { SessionCalendar } from '../domain/session-calendar.js';
import { isoTime, toUtcMs, type UtcMs } from '../domain/units.js';
import { isKeelsonError, messageOf } from '../errors.js';
import type { Desk } from '../pipeline/desk.js';
import type { Finding } from '../ports/diagnosis.js';
import { barCloseOf } from '../series/bar-close.js';
import type { AccountParts } from './account-parts.js';
import type { CheckOptions } from './check-account.js';
import { within } from './within.js';

/** Sessions before the present in which a last bar is looked for. */
const SESSIONS = 3;
/** Bars that are read before whole sessions are. */
const RECENT_BARS = 100;

/** Whether each instrument has bars, and for a live run: whether its last one is as new as the market's hours say. */
export async function checkBars({ account, base }: AccountParts, options: CheckOptions): Promise<Finding[]> {
  const { mode, data, watch } = options.config;
  const live = mode !== 'backtest' && data.speed === undefined;
  const findings: Finding[] = [];
  if (live && !base.feed.capabilities.live) return [{ level: 'fault', check: `feed '${data.feed}'`, found: 'it has no live bars', hint: 'use a live feed, or play its history with data.speed: max' }];
  if (!base.feed.capabilities.history) return [{ level: 'warning', check: `feed '${data.feed}'`, found: 'it has no history: features warm up with live bars only, and how old its last bar is cannot be seen' }];
  for (const desk of account.desks) {
    const check = `bars of ${desk.instrument.id}`;
    const now = options.clock.now();
    try {
      const last = await within(options.timeoutMs, check, options.timer, lastBar(desk, base, live ? now : undefined));
      findings.push({ check, ...(live ? freshness(last, desk, base.timeframe.ms * watch.staleAfterBars, now) : there(last)) });
    } catch (thrown) {
      const hint = isKeelsonError(thrown) ? thrown.hint : undefined;
      findings.push({ level: 'fault', check, found: messageOf(thrown), ...(hint === undefined ? {} : { hint }) });
    }
  }
  return findings;
}

/** Close of the newest bar; of a run over the past, of the first chunk's. */
async function lastBar({ instrument, calendar }: Desk, { feed, timeframe }: AccountParts['base'], now: UtcMs | undefined): Promise<UtcMs | undefined> {
  const look = async (from: UtcMs | undefined): Promise<UtcMs | undefined> => {
    let last: UtcMs | undefined;
    for await (const chunk of feed.history({ instrument, calendar, timeframe, ...(from === undefined || now === undefined ? {} : { from, to: now }) })) {
      last = newest(chunk, (open) => barCloseOf(open, timeframe, calendar), now) ?? last;
      if (now === undefined && last !== undefined) break;
    }
    return last;
  };
  if (now === undefined) return look(undefined);
  // sessions of short bars take long to read, and the newest one mostly lies near
  const end = calendar.sessionAt(now) === undefined ? calendar.previousSession(now).close : now;
  return (await look(toUtcMs(end - RECENT_BARS * timeframe.ms))) ?? look(sessionsBefore(now, calendar));
}

function sessionsBefore(now: UtcMs, calendar: SessionCalendar): UtcMs {
  let from = now;
  for (let i = 0; i < SESSIONS; i++) from = calendar.previousSession(from).open;
  return from;
}

function newest({ time, length }: BarColumns, closeOf: (open: number) => number, now: UtcMs | undefined): UtcMs | undefined {
  for (let row = length - 1; row >= 0; row--) {
    const close = closeOf(time[row] as number);
    if (now === undefined || close <= now) return toUtcMs(close);
  }
  return undefined;
}

function there(last: UtcMs | undefined): Omit<Finding, 'check'> {
  if (last === undefined) return { level: 'fault', found: 'there are none', hint: 'see where data: looks for them' };
  return { level: 'ok', found: 'there are bars' };
}

function freshness(last: UtcMs | undefined, { calendar }: Desk, staleMs: number, now: UtcMs): Omit<Finding, 'check'> {
  const session = calendar.sessionAt(now);
  const market = session === undefined ? `the market is closed until ${isoTime(calendar.nextSession(now).open)}` : `the market is open until ${isoTime(session.close)}`;
  if (last === undefined) return { level: 'fault', found: `none in ${SESSIONS} sessions; ${market}`, hint: 'see whether the instrument is named as the feed knows it, and its data is subscribed to' };
  const due = session === undefined ? calendar.previousSession(now).close : Math.max(session.open, now - staleMs);
  // an open market that has been silent since before its open may just have opened
  const stale = session === undefined ? due - last > staleMs : last < due && now - session.open > staleMs;
  const found = `the last one closed at ${isoTime(last)}, ${showDuration(Math.max(0, now - last))} ago; ${market}`;
  return stale ? { level: 'warning', found, hint: 'see whether the feed is late, its data is delayed, or the calendar fits the instrument' } : { level: 'ok', found };
}
