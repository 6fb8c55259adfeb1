import type { LiveQuote } from '../market/live-quote.js';
import { openInterest } from '../market/open-interest.js';
import { permissionFor } from '../market/permissions.js';
import {
  marketDataTypeMessage, readMarketData, TICK, tickGenericMessage, tickReqParamsMessage, tickSizeMessage, tickSnapshotEndMessage, type MarketDataRequest,
} from '../protocol/market-data.js';
import { REQUEST } from '../protocol/message-ids.js';
import type { Instrument } from '../reference/instrument.js';
import { readVersionAndId, request, type MessageFamily } from '../server/message-family.js';
import type { Session } from '../server/session.js';
import { Subscriptions } from '../server/subscriptions.js';
import type { World } from '../server/world.js';
import { QuoteTeller } from './quote-subscription.js';

/** Delayed data is this late. */
const DELAY_MS = 15 * 60_000;
const MORE = 'Requested market data requires additional subscription for API. See link in \'Market Data Connections\' dialog for more details.';
const NOT_SUBSCRIBED = 'Requested market data is not subscribed.';

interface QuoteSubscription {
  readonly instrument: Instrument;
  readonly teller: QuoteTeller;
  /** The quote of a while ago; undefined for live data. */
  readonly late: LiveQuote | undefined;
  readonly release: () => void;
}

/** Quotes of contracts, live or delayed, and whether clients want which. */
export function marketDataFamily(world: World): MessageFamily {
  const { catalogue, clock, market, scenario } = world;
  const wantedTypes = new WeakMap<Session, number>();
  const subscriptions = new Subscriptions<QuoteSubscription>();

  market.onTick((tick) => {
    for (const { subscription: each } of subscriptions.of(tick.instrument)) {
      if (each.late === undefined) each.teller.tell(tick.quote, tick.traded);
      else {
        const change = each.late.moveTo(tick.timeMs - DELAY_MS, market.tickMs);
        if (change !== undefined) each.teller.tell(each.late.quote, change.trade);
      }
    }
  });

  /** Tells what the login may not see. @returns how the data goes out; undefined when there is none */
  const admit = (session: Session, requestId: number, instrument: Instrument): 'live' | 'partial' | 'delayed' | undefined => {
    const permission = permissionFor(scenario, instrument);
    const name = `${instrument.localSymbol} ${instrument.exchange}/TOP/ALL`;
    const wantsDelayed = (wantedTypes.get(session) ?? 1) >= 3;
    if (permission === 'none') {
      session.error(requestId, 354, `${NOT_SUBSCRIBED}Check API status by selecting the Account menu then under Management choose Market Data Subscription Manager and/or availability of delayed data.${name}`);
      return undefined;
    }
    if (permission === 'partial') session.error(requestId, 10090, `Part of requested market data is not subscribed. Subscription-independent ticks are still active.Delayed market data is available.${name}`);
    if (permission !== 'delayed') return permission;
    if (!wantsDelayed) {
      session.error(requestId, 10089, `${MORE}Delayed market data is available.${name}`);
      return undefined;
    }
    session.error(requestId, 10167, `${NOT_SUBSCRIBED} Displaying delayed market data.`);
    return 'delayed';
  };

  const subscribe = (session: Session, asked: MarketDataRequest): void => {
    const { requestId, contract, genericTicks, snapshot, regulatorySnapshot } = asked;
    if (subscriptions.has(session, requestId)) return session.error(requestId, 322, "Error processing request.-'bW' : cause - Duplicate ticker id");
    if (snapshot && genericTicks !== '') return session.error(requestId, 321, "Error validating request.-'bW' : cause - Snapshot market data subscription is not applicable to generic ticks");
    if (contract.securityType === 'CONTFUT') return session.error(requestId, 321, "Error validating request.-'bW' : cause - Market data of continuous futures is not supported, ask for one of the contracts");
    const { instrument, fault } = catalogue.resolve(contract);
    if (instrument === undefined) return session.error(requestId, 200, fault);
    if (subscriptions.count() >= scenario.market.lines) return session.error(requestId, 101, 'Max number of tickers has been reached');
    const admitted = admit(session, requestId, instrument);
    if (admitted === undefined) return undefined;

    const delayed = admitted === 'delayed';
    const frozen = (wantedTypes.get(session) ?? 1) % 2 === 0 && !instrument.hours.isOpen(clock.now());
    session.send(tickReqParamsMessage(requestId, instrument.minTick, instrument.securityType === 'STK' ? '9c0001' : '', instrument.securityType === 'STK' ? 3 : 0));
    session.send(marketDataTypeMessage(requestId, (delayed ? 3 : 1) + (frozen ? 1 : 0)));
    const generic = genericTicks.split(',').map((each) => each.trim());
    const teller = new QuoteTeller(session, requestId, {
      numbers: delayed ? TICK.delayed : TICK.live, tradesOnly: admitted === 'partial', tradeVolume: generic.includes('233'),
    });
    const late = delayed ? market.lateQuote(instrument) : undefined;
    late?.moveTo(clock.now() - DELAY_MS, market.tickMs);
    teller.tell(late?.quote ?? market.quote(instrument), true);
    session.send(tickGenericMessage(requestId, TICK.halted, 0));
    if (generic.includes('588') && instrument.securityType === 'FUT') session.send(tickSizeMessage(requestId, TICK.futuresOpenInterest, openInterest(instrument, clock.now())));
    if (snapshot || regulatorySnapshot) session.send(tickSnapshotEndMessage(requestId));
    else subscriptions.add(session, requestId, { instrument, teller, late, release: market.watch(instrument) });
    return undefined;
  };

  return {
    name: 'market data',
    requests: [
      request(REQUEST.marketData, readMarketData, subscribe),
      request(REQUEST.cancelMarketData, readVersionAndId, (session, requestId) => {
        if (!subscriptions.cancel(session, requestId)) session.error(requestId, 300, `Can't find EId with tickerId:${requestId}`);
      }),
      request(REQUEST.marketDataType, readVersionAndId, (session, type) => {
        if (type >= 1 && type <= 4) wantedTypes.set(session, type);
        else session.error(-1, 321, `Error validating request.-'cc' : cause - Market data type was ${type}, expected 1 to 4`);
      }),
    ],
    sessionClosed: (session) => subscriptions.closeSession(session),
  };
}
