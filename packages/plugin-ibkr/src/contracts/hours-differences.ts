import { toUtcMs, type SessionCalendar } from '@keelson/core/domain';
import type { ContractDetails } from '@stoqey/ib';
import { readTradingHours } from './trading-hours.js';

/** Less than this is no difference. */
const TOLERANCE_MS = 60_000;

type Span = { readonly open: number; readonly close: number };

/**
 * Where the calendar of an instrument is not the venue's, over the days that the venue tells of: it counts on bars and
 * fills while the venue is closed, or it is closed in the venue's liquid hours. In words, nothing when they agree.
 */
export function hoursDifferences({ tradingHours, liquidHours, timeZoneId = 'UTC' }: Pick<ContractDetails, 'tradingHours' | 'liquidHours' | 'timeZoneId'>, calendar: SessionCalendar, now: number): readonly string[] {
  const trading = readTradingHours(tradingHours ?? '', timeZoneId);
  const last = trading.at(-1);
  if (last === undefined) return [];
  const ours: Span[] = [];
  for (let session = calendar.sessionAt(toUtcMs(now)) ?? calendar.nextSession(toUtcMs(now)); session.open < last.close; session = calendar.nextSession(session.close)) ours.push(session);
  const liquid = readTradingHours(liquidHours ?? '', timeZoneId);
  return [
    ...beyond(ours, trading, now, last.close).map((span) => `the venue is closed ${text(span)}, and calendar ${calendar.id} is open`),
    ...beyond(liquid, ours, now, last.close).map((span) => `the venue trades ${text(span)}, and calendar ${calendar.id} is closed`),
  ];
}

/** What of some spans no other covers. */
function beyond(spans: readonly Span[], others: readonly Span[], from: number, to: number): readonly Span[] {
  const left: Span[] = [];
  for (const span of spans) {
    let open = Math.max(span.open, from);
    const close = Math.min(span.close, to);
    for (const other of others) {
      if (other.close <= open || other.open >= close) continue;
      if (other.open > open) left.push({ open, close: other.open });
      open = other.close;
    }
    if (open < close) left.push({ open, close });
  }
  return left.filter(({ open, close }) => close - open >= TOLERANCE_MS);
}

const text = ({ open, close }: Span): string => `from ${minute(open)} to ${minute(close)} UTC`;
const minute = (time: number): string => new Date(time).toISOString().slice(0, 16).replace('T', ' ');
