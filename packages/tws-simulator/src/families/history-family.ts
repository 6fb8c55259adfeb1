import { BAR_SIZES, parseBarSize, parseHistoryDuration, type BarSize } from '../history/bar-size.js';
import { barSteps, buildBars, presentBar, type BarQuery } from '../history/build-bars.js';
import type { HistoryBar, Show } from '../history/history-bar.js';
import { historySpan } from '../history/history-span.js';
import { permissionFor } from '../market/permissions.js';
import { parseVenueTime } from '../time/zone-text.js';
import {
  headTimestampMessage, historicalDataMessage, historicalDataUpdateMessage, historicalScheduleMessage, readHeadTimestamp, readHistoricalData, realTimeBarMessage,
  readRealTimeBars, type HistoricalDataRequest,
} from '../protocol/historical-data.js';
import { REQUEST } from '../protocol/message-ids.js';
import type { Instrument } from '../reference/instrument.js';
import { workInSteps } from '../server/long-work.js';
import { readVersionAndId, request, type MessageFamily } from '../server/message-family.js';
import type { Session } from '../server/session.js';
import { Subscriptions } from '../server/subscriptions.js';
import type { World } from '../server/world.js';
import { dayText } from '../time/calendar-day.js';
import { dateTimeText } from '../time/zone-text.js';

const HMDS = 'Historical Market Data Service error message:';
const MOST_OPEN = 50;
/** What bars can be made of, as clients write it. */
const SHOWS: ReadonlyMap<string, Show> = new Map([['TRADES', 'TRADES'], ['ADJUSTED_LAST', 'TRADES'], ['MIDPOINT', 'MIDPOINT'], ['BID', 'BID'], ['ASK', 'ASK'], ['BID_ASK', 'BID_ASK']]);

/** A subscription to bars: of the history that is kept up to date, or of five seconds each. */
interface BarSubscription {
  readonly instrument: Instrument;
  readonly query: BarQuery;
  readonly liquidOnly: boolean;
  readonly tell: (bar: HistoryBar) => void;
}

/** Bars of the past, bars under way, and what is known of their extent. */
export function historyFamily(world: World): MessageFamily {
  const { catalogue, clock, host, market, pacing, scenario } = world;
  const updates = new Subscriptions<BarSubscription>();
  /** Questions whose answers are being made. */
  const underWay = new Subscriptions<{ readonly instrument: Instrument; readonly release: () => void }>();
  const realTime = new Subscriptions<BarSubscription>();
  let stopSpans: (() => void) | undefined;

  const fail = (session: Session, requestId: number, text: string): void => session.error(requestId, 162, HMDS + text);
  const invalid = (session: Session, requestId: number, text: string): void => session.error(requestId, 321, `Error validating request.-'bE' : cause - ${text}`);
  const queryOf = (instrument: Instrument, show: Show, size: BarSize): BarQuery => ({ instrument, prices: market.prices(instrument), seed: market.seed, show, size });

  const onSpan = (endMs: number): void => {
    for (const { subscription: each } of realTime) {
      if (each.instrument.hours.isOpen(endMs - 1, each.liquidOnly)) {
        const [bar] = buildBars(each.query, [{ startMs: endMs - 5000, endMs, day: 0 }]);
        if (bar !== undefined) each.tell(bar);
      }
    }
    for (const { subscription: each } of updates) {
      const bar = each.instrument.hours.isOpen(endMs - 1, each.liquidOnly) ? presentBar(each.query, endMs, each.liquidOnly) : undefined;
      if (bar !== undefined) each.tell(bar);
    }
    if (updates.count() + realTime.count() === 0) {
      stopSpans?.();
      stopSpans = undefined;
    }
  };
  const listen = (): void => {
    stopSpans ??= market.onSpan(onSpan);
  };

  /** The contract of a request that may be answered; everything else was told to the client. */
  const resolve = (session: Session, { requestId, contract }: Pick<HistoricalDataRequest, 'requestId' | 'contract'>): Instrument | undefined => {
    const { instrument, fault } = catalogue.resolve(contract);
    if (instrument === undefined) {
      session.error(requestId, 200, fault ?? '');
      return undefined;
    }
    const permission = permissionFor(scenario, instrument);
    if (permission === 'live' || permission === 'partial') return instrument;
    fail(session, requestId, `No market data permissions for ${instrument.exchange} ${instrument.securityType}`);
    return undefined;
  };

  const history = (session: Session, asked: HistoricalDataRequest): void => {
    const { requestId, contract } = asked;
    const size = parseBarSize(asked.barSize);
    const duration = parseHistoryDuration(asked.duration);
    const schedule = asked.show === 'SCHEDULE';
    const show = SHOWS.get(asked.show);
    const endMs = asked.end === '' ? clock.now() : parseVenueTime(asked.end, scenario.timeZone, clock.now());
    if (size === undefined) return invalid(session, requestId, `Historical data bar size setting is invalid. Legal ones are: ${BAR_SIZES}`);
    if (duration === undefined) return invalid(session, requestId, `Historical data query duration string (${asked.duration}) is invalid. Format: <integer>{SPACE}<unit (S|D|W|M|Y)>`);
    if (duration.unit === 'S' && duration.count > 86_400) return invalid(session, requestId, 'Historical data requests for durations longer than 86400 seconds must be made in days.');
    if (duration.unit === 'D' && duration.count > 365) return invalid(session, requestId, 'Historical data requests for durations longer than 365 days must be made in years.');
    if (endMs === undefined) {
      return session.error(requestId, 10314, 'End Date/Time: The date, time, or time-zone entered is invalid. The correct format is yyyymmdd hh:mm:ss xx/xxxx where yyyymmdd and xx/xxxx are optional. E.g.: 20031126 15:59:00 US/Eastern');
    }
    if (show === undefined && !schedule) return invalid(session, requestId, `What to show: ${asked.show === '' ? 'empty' : asked.show} is not supported`);
    if (schedule && size.whole !== 'day') return invalid(session, requestId, 'Schedule is supported for 1 day bars only');
    if (asked.end !== '' && (asked.keepUpToDate || contract.securityType === 'CONTFUT' || asked.show === 'ADJUSTED_LAST')) {
      return invalid(session, requestId, asked.keepUpToDate ? 'End date/time is not supported for requests that are kept up to date' : `End date not supported with ${contract.securityType === 'CONTFUT' ? 'continuous futures' : 'adjusted last'}`);
    }
    if (asked.keepUpToDate && (show === 'BID_ASK' || schedule || (size.ms !== undefined && size.ms < 5000))) return invalid(session, requestId, 'Bars that are kept up to date are of 5 seconds or more and of trades, midpoint, bid or ask');
    if (updates.has(session, requestId) || underWay.has(session, requestId)) return session.error(requestId, 322, "Error processing request.-'bE' : cause - Duplicate ticker id");
    if (updates.count() + underWay.count() >= MOST_OPEN) return session.error(requestId, 322, "Error processing request.-'bE' : cause - Only 50 simultaneous API historical data requests allowed.");
    const instrument = resolve(session, asked);
    if (instrument === undefined) return undefined;
    const series = `${instrument.conId} ${contract.exchange} ${asked.show}`;
    if (!pacing.historicalAllowed({ series, request: `${series} ${asked.end} ${asked.barSize} ${asked.duration} ${asked.liquidOnly}`, weight: show === 'BID_ASK' ? 2 : 1 })) return fail(session, requestId, 'Historical data request pacing violation');
    if (size.ms !== undefined && duration.unit !== 'S' && size.ms === 1000) return fail(session, requestId, 'invalid step: 1');
    if (show === 'TRADES' && instrument.securityType === 'CASH') return fail(session, requestId, `No historical market data for ${instrument.symbol}/CASH@${instrument.exchange} Last ${(size.ms ?? 86_400_000) / 1000}`);

    const span = historySpan(instrument.hours, Math.min(endMs, clock.now()), duration, asked.liquidOnly);
    const zone = instrument.hours.rule;
    const timeOf = (timeMs: number): string => `${dateTimeText(timeMs, zone.zone)} ${zone.zoneName}`;
    if (schedule) {
      const rows = span.sessions.map(({ startMs, day }) => {
        const whole = instrument.hours.on(day, asked.liquidOnly);
        return [dashed(whole?.startMs ?? startMs, zone.zone), dashed(whole?.endMs ?? startMs, zone.zone), dayText(day)] as const;
      });
      return session.send(historicalScheduleMessage(requestId, dashed(span.fromMs, zone.zone), dashed(span.toMs, zone.zone), zone.zoneName, rows));
    }
    const query = queryOf(instrument, show ?? 'TRADES', size);
    const dateOf = (bar: HistoryBar): string => {
      if (size.ms === undefined) return dayText(bar.day);
      return asked.dateFormat === 2 ? String(Math.floor(bar.startMs / 1000)) : timeOf(bar.startMs);
    };
    const answer = (bars: readonly HistoryBar[]): void => {
      underWay.cancel(session, requestId);
      if (bars.length === 0 && !asked.keepUpToDate) return fail(session, requestId, `HMDS query returned no data: ${instrument.localSymbol}@${instrument.exchange} ${titled(asked.show)}`);
      session.send(historicalDataMessage(requestId, timeOf(span.fromMs), timeOf(span.toMs), bars, dateOf));
      if (asked.keepUpToDate) {
        updates.add(session, requestId, { instrument, query, liquidOnly: asked.liquidOnly, tell: (bar) => session.send(historicalDataUpdateMessage(requestId, bar, dateOf(bar))) });
        listen();
      }
      return undefined;
    };
    let release = (): void => undefined;
    underWay.add(session, requestId, { instrument, release: () => release() });
    release = workInSteps(host, barSteps(query, span.sessions), answer);
    return undefined;
  };

  return {
    name: 'history',
    requests: [
      request(REQUEST.historicalData, readHistoricalData, history),
      request(REQUEST.cancelHistoricalData, readVersionAndId, (session, requestId) => {
        if (updates.cancel(session, requestId) || underWay.cancel(session, requestId)) fail(session, requestId, `API historical data query cancelled: ${requestId}`);
        else session.error(requestId, 366, `No historical data query found for ticker id:${requestId}`);
      }),
      request(REQUEST.headTimestamp, readHeadTimestamp, (session, asked) => {
        const instrument = resolve(session, asked);
        if (instrument === undefined) return;
        if (asked.show === 'TRADES' && instrument.securityType === 'CASH') {
          fail(session, asked.requestId, 'No head time stamp');
          return;
        }
        const { firstMs } = market.prices(instrument);
        session.send(headTimestampMessage(asked.requestId, asked.dateFormat === 2 ? String(Math.floor(firstMs / 1000)) : dashed(firstMs, 'UTC')));
      }),
      // answered at once: there is nothing left to cancel
      request(REQUEST.cancelHeadTimestamp, (reader) => reader.int(), () => undefined),
      request(REQUEST.realTimeBars, readRealTimeBars, (session, asked) => {
        const { requestId } = asked;
        const show = SHOWS.get(asked.show);
        if (show === undefined || show === 'BID_ASK' || asked.show === 'ADJUSTED_LAST') return invalid(session, requestId, `What to show: ${asked.show} is not supported`);
        if (realTime.has(session, requestId)) return session.error(requestId, 322, "Error processing request.-'bE' : cause - Duplicate ticker id");
        const { instrument, fault } = catalogue.resolve(asked.contract);
        if (instrument === undefined) return session.error(requestId, 200, fault);
        const permission = permissionFor(scenario, instrument);
        if (permission === 'none' || permission === 'delayed') return session.error(requestId, 420, `Invalid Real-time Query:No market data permissions for ${instrument.exchange} ${instrument.securityType}`);
        if (show === 'TRADES' && instrument.securityType === 'CASH') return session.error(requestId, 420, 'Invalid Real-time Query:Trades are not supported for this security type');
        if (!pacing.historicalAllowed({ series: `${instrument.conId} real-time ${asked.show}`, request: `${session.client} ${requestId} real-time ${instrument.conId} ${asked.show}`, weight: 1 })) {
          return session.error(requestId, 420, 'Invalid Real-time Query:Historical data request pacing violation');
        }
        realTime.add(session, requestId, { instrument, query: queryOf(instrument, show, { ms: 5000 }), liquidOnly: asked.liquidOnly, tell: (bar) => session.send(realTimeBarMessage(requestId, bar)) });
        listen();
        return undefined;
      }),
      request(REQUEST.cancelRealTimeBars, readVersionAndId, (session, requestId) => {
        if (!realTime.cancel(session, requestId)) session.error(requestId, 300, `Can't find EId with tickerId:${requestId}`);
      }),
    ],
    sessionClosed: (session) => {
      updates.closeSession(session);
      underWay.closeSession(session);
      realTime.closeSession(session);
    },
    stopped: () => {
      for (const { session } of underWay) underWay.closeSession(session);
    },
  };
}

/** `20260504-17:00:00` */
const dashed = (timeMs: number, zone: string): string => dateTimeText(timeMs, zone).replace(' ', '-');

/** `TRADES` as `Trades`. */
const titled = (show: string): string => show.charAt(0) + show.slice(1).toLowerCase();
