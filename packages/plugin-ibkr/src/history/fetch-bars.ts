import type { SessionCalendar, Timeframe } from '@keelson/core/domain';
import { toUtcMs } from '@keelson/core/domain';
import { isKeelsonError } from '@keelson/core/errors';
import type { BarSizeSetting, Contract, IBApi, WhatToShow } from '@stoqey/ib';
import { readTime } from '../contracts/gateway-time.js';
import type { IbGateway } from '../gateway/gateway.js';
import type { PacingGate } from './pacing-gate.js';
import { barSizeOf, durationText } from './bar-sizes.js';

/** A bar of the gateway; `time` is its open (UtcMs). */
export type HistoryBar = { readonly time: number; readonly open: number; readonly high: number; readonly low: number; readonly close: number; readonly volume: number };

export type BarsWanted = {
  readonly contract: Contract;
  readonly timeframe: Timeframe;
  readonly calendar: SessionCalendar;
  /** What prices are of, e.g. `TRADES` or `MIDPOINT`. */
  readonly source: string;
  readonly timeZone: string;
};

const DAY_MS = 86_400_000;
/** A question that others' questions made one too many is asked again, so often; the pacing gate has equal ones wait. */
const PACED_ATTEMPTS = 3;

/** UTC in the form that the gateway takes as the end of a span. */
export function endText(time: number): string {
  const text = new Date(time).toISOString();
  return `${text.slice(0, 10).replaceAll('-', '')}-${text.slice(11, 19)}`;
}

/**
 * Bars that open from `from` up to `to` (UtcMs), oldest first, in one answer; the span must not be longer than a page
 * of this bar length. No data is an empty answer.
 */
export async function fetchPage(gateway: IbGateway, pacing: PacingGate, wanted: BarsWanted, from: number, to: number): Promise<readonly HistoryBar[]> {
  const { contract, timeframe, source, timeZone, calendar } = wanted;
  const end = endText(to);
  // sessions that are not open shorten a span of the gateway's: what was asked for too much is left out below
  const duration = durationText(timeframe.session ? Math.max(to - from, DAY_MS) : to - from);
  const { setting } = barSizeOf(timeframe);
  const series = `${contract.conId}/${contract.exchange}/${source}`;
  const ask = (attempt: number): Promise<readonly (readonly unknown[])[]> => pacing.run({ key: `${series}/${setting}/${end}/${duration}`, series, weight: source === 'BID_ASK' ? 2 : 1 }, () =>
    gateway.ask<readonly unknown[]>(
      `history of ${contract.localSymbol ?? contract.symbol}`,
      (ib: IBApi, id) => ib.reqHistoricalData(id, contract, end, duration, setting as BarSizeSetting, source as WhatToShow, 0, 2, false),
      (event, args, found) => {
        if (event !== 'historicalData') return false;
        if (String(args[1]).startsWith('finished')) return true;
        found.push(args);
        return false;
      },
      (ib, id) => ib.cancelHistoricalData(id),
    ),
  ).catch((thrown: unknown) => {
    if (isKeelsonError(thrown) && thrown.context.kind === 'no-data') return [];
    if (isKeelsonError(thrown) && thrown.context.kind === 'pacing' && attempt < PACED_ATTEMPTS) return ask(attempt + 1);
    throw thrown;
  });
  const rows = await ask(1);
  const bars: HistoryBar[] = [];
  for (const [, time, open, high, low, close, volume] of rows) {
    const at = timeframe.session ? sessionOpen(String(time), calendar, timeZone) : readTime(String(time), timeZone);
    if (at === undefined || at < from || at >= to) continue;
    bars.push({ time: at, open: Number(open), high: Number(high), low: Number(low), close: Number(close), volume: Math.max(0, Number(volume)) });
  }
  return bars.sort((a, b) => a.time - b.time);
}

/** A daily bar carries the session's date: its open is the session's. */
function sessionOpen(text: string, calendar: SessionCalendar, timeZone: string): number | undefined {
  const date = /^\d{8}$/.test(text) ? `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}` : undefined;
  if (date === undefined) return readTime(text, timeZone);
  let session = calendar.nextSession(toUtcMs(Date.parse(`${date}T00:00:00Z`) - 2 * DAY_MS));
  while (session.date < date) session = calendar.nextSession(session.close);
  return session.date === date ? session.open : undefined;
}

/** Opens (UtcMs) of the oldest bar that is to be had. */
export async function headTime(gateway: IbGateway, pacing: PacingGate, { contract, source, timeZone }: BarsWanted): Promise<number | undefined> {
  const series = `${contract.conId}/${contract.exchange}/${source}/head`;
  const [text] = await pacing.run({ key: series, series, weight: 1 }, () =>
    gateway.ask<string>(
      `the oldest bar of ${contract.localSymbol ?? contract.symbol}`,
      (ib, id) => ib.reqHeadTimestamp(id, contract, source as WhatToShow, false, 2),
      (event, args, found) => {
        if (event === 'headTimestamp') found.push(String(args[1]));
        return event === 'headTimestamp';
      },
      (ib, id) => ib.cancelHeadTimestamp(id),
    ),
  );
  return text === undefined ? undefined : readTime(text, timeZone);
}
