import { sampleTicks } from '../history/sample-ticks.js';
import { permissionFor } from '../market/permissions.js';
import type { Quote } from '../market/quote.js';
import { parseVenueTime } from '../time/zone-text.js';
import { historicalTicksMessage, histogramMessage, readHistogram, readHistoricalTicks } from '../protocol/historical-data.js';
import { readTickByTick, tickByTickMidpointMessage, tickByTickQuoteMessage, tickByTickTradeMessage } from '../protocol/market-data.js';
import { REQUEST } from '../protocol/message-ids.js';
import type { Instrument } from '../reference/instrument.js';
import { request, type MessageFamily } from '../server/message-family.js';
import type { Session } from '../server/session.js';
import { Subscriptions } from '../server/subscriptions.js';
import type { World } from '../server/world.js';

const KINDS = ['Last', 'AllLast', 'BidAsk', 'MidPoint'] as const;
const MOST = 5;
const MOST_PAST = 1000;

interface TickSubscription {
  readonly instrument: Instrument;
  readonly kind: (typeof KINDS)[number];
  readonly ignoreSize: boolean;
  bid: number;
  ask: number;
  bidSize: number;
  askSize: number;
  readonly release: () => void;
}

/** Every tick of a contract, live and of the past. */
export function tickFamily({ catalogue, clock, market, scenario }: World): MessageFamily {
  const subscriptions = new Subscriptions<TickSubscription>();

  market.onTick(({ instrument, timeMs, quote, traded }) => {
    for (const { session, requestId, subscription: each } of subscriptions.of(instrument)) {
      if (each.kind === 'Last' || each.kind === 'AllLast') {
        if (traded) session.send(tickByTickTradeMessage(requestId, each.kind === 'Last' ? 1 : 2, timeMs, quote.last, quote.lastSize, instrument.exchange));
      } else tellQuote(session, requestId, each, timeMs, quote);
    }
  });

  return {
    name: 'ticks',
    requests: [
      request(REQUEST.tickByTick, readTickByTick, (session, { requestId, contract, kind: wanted, count, ignoreSize }) => {
        const kind = KINDS.find((each) => each === wanted);
        if (kind === undefined) return session.error(requestId, 321, `Error validating request.-'cq' : cause - Tick type was ${JSON.stringify(wanted)}, expected one of ${KINDS.join(', ')}`);
        if (subscriptions.has(session, requestId)) return session.error(requestId, 322, "Error processing request.-'cq' : cause - Duplicate ticker id");
        const { instrument, fault } = catalogue.resolve(contract);
        if (instrument === undefined) return session.error(requestId, 200, fault);
        const trades = kind === 'Last' || kind === 'AllLast';
        if (trades && instrument.securityType === 'CASH') return session.error(requestId, 10189, `Failed to request tick-by-tick data:No trades for ${instrument.localSymbol}`);
        const permission = permissionFor(scenario, instrument);
        if (permission !== 'live' && !(permission === 'partial' && trades)) return session.error(requestId, 10189, `Failed to request tick-by-tick data:No market data permissions for ${instrument.exchange} ${instrument.securityType}`);
        if (subscriptions.count() >= MOST) return session.error(requestId, 10190, 'Max number of tick-by-tick requests has been reached');
        if (count > 0) {
          const ticks = sampleTicks(instrument, market.prices(instrument), market.seed, undefined, clock.now(), Math.min(count, MOST_PAST), false);
          session.send(historicalTicksMessage(requestId, trades ? 'TRADES' : kind === 'BidAsk' ? 'BID_ASK' : 'MIDPOINT', ticks, instrument.exchange));
        }
        const subscription = { instrument, kind, ignoreSize, bid: NaN, ask: NaN, bidSize: 0, askSize: 0, release: market.watch(instrument) };
        subscriptions.add(session, requestId, subscription);
        const quote = market.quote(instrument);
        if (!trades && !Number.isNaN(quote.bid)) tellQuote(session, requestId, subscription, clock.now(), quote);
        return undefined;
      }),
      request(REQUEST.cancelTickByTick, (reader) => reader.int(), (session, requestId) => {
        if (!subscriptions.cancel(session, requestId)) session.error(requestId, 300, `Can't find EId with tickerId:${requestId}`);
      }),
      request(REQUEST.historicalTicks, readHistoricalTicks, (session, { requestId, contract, start, end, count, show, liquidOnly }) => {
        const refuse = (text: string): void => session.error(requestId, 321, `Error validating request.-'cp' : cause - ${text}`);
        if (show !== 'TRADES' && show !== 'MIDPOINT' && show !== 'BID_ASK') return refuse(`What to show: ${show} is not supported`);
        if ((start === '') === (end === '')) return refuse('Either start or end time must be given, and not both');
        if (count < 1 || count > MOST_PAST) return refuse(`Number of ticks was ${count}, expected 1 to ${MOST_PAST}`);
        const timeMs = parseVenueTime(start === '' ? end : start, scenario.timeZone, clock.now());
        if (timeMs === undefined) return refuse('Invalid date/time');
        const { instrument, fault } = catalogue.resolve(contract);
        if (instrument === undefined) return session.error(requestId, 200, fault);
        const ticks = sampleTicks(instrument, market.prices(instrument), market.seed, start === '' ? undefined : timeMs, Math.min(clock.now(), start === '' ? timeMs : Infinity), count, liquidOnly);
        return session.send(historicalTicksMessage(requestId, show, ticks, instrument.exchange));
      }),
      request(REQUEST.histogram, readHistogram, (session, { requestId, contract, liquidOnly, period }) => {
        const match = /^(\d+) (day|week|month)s?$/.exec(period.trim());
        if (match === null) return session.error(requestId, 321, `Error validating request.-'cf' : cause - Period was ${JSON.stringify(period)}, expected such as 3 days`);
        const { instrument, fault } = catalogue.resolve(contract);
        if (instrument === undefined) return session.error(requestId, 200, fault);
        const days = Number(match[1]) * (match[2] === 'day' ? 1 : match[2] === 'week' ? 5 : 21);
        return session.send(histogramMessage(requestId, volumeByPrice(instrument, days, liquidOnly)));
      }),
      // answered at once: there is nothing left to cancel
      request(REQUEST.cancelHistogram, (reader) => reader.int(), () => undefined),
    ],
    sessionClosed: (session) => subscriptions.closeSession(session),
  };

  function volumeByPrice(instrument: Instrument, days: number, liquidOnly: boolean): (readonly [number, number])[] {
    const sums = new Map<number, number>();
    const span = new Float64Array(5);
    for (const { startMs, endMs } of instrument.hours.lastBefore(clock.now(), days, liquidOnly)) {
      for (let at = startMs; at < Math.min(endMs, clock.now()); at += 5000) {
        if (market.prices(instrument).span(at, span)) sums.set(span[3] as number, (sums.get(span[3] as number) ?? 0) + (span[4] as number));
      }
    }
    return [...sums].toSorted(([a], [b]) => a - b);
  }
}

function tellQuote(session: Session, requestId: number, told: TickSubscription, timeMs: number, { bid, ask, bidSize, askSize }: Quote): void {
  const moved = bid !== told.bid || ask !== told.ask;
  const resized = bidSize !== told.bidSize || askSize !== told.askSize;
  if (told.kind === 'MidPoint') {
    if (bid + ask !== told.bid + told.ask) session.send(tickByTickMidpointMessage(requestId, timeMs, (bid + ask) / 2));
  } else if (moved || (resized && !told.ignoreSize)) session.send(tickByTickQuoteMessage(requestId, timeMs, bid, ask, bidSize, askSize));
  told.bid = bid;
  told.ask = ask;
  told.bidSize = bidSize;
  told.askSize = askSize;
}
