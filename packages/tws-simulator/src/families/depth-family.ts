import { hashUnit } from '../market/hash-noise.js';
import { permissionFor } from '../market/permissions.js';
import { toTick } from '../market/price-source.js';
import type { Quote } from '../market/quote.js';
import { marketDepthL2Message, marketDepthMessage, readCancelMarketDepth, readMarketDepth } from '../protocol/market-data.js';
import { REQUEST } from '../protocol/message-ids.js';
import type { Instrument } from '../reference/instrument.js';
import { request, type MessageFamily } from '../server/message-family.js';
import type { Session } from '../server/session.js';
import { Subscriptions } from '../server/subscriptions.js';
import type { World } from '../server/world.js';

const MOST = 3;
/** Rows that any of the exchanges shows. */
const DEEPEST = 20;
/** Who stands in the rows of a stock. */
const MAKERS = ['NSDQ', 'ARCA', 'BATS', 'EDGX', 'NYSE', 'IEX'] as const;

interface Row {
  price: number;
  size: number;
}

interface DepthSubscription {
  readonly instrument: Instrument;
  readonly smart: boolean;
  readonly rows: number;
  /** What the client holds: asks, bids. */
  readonly told: readonly [Row[], Row[]];
  readonly release: () => void;
}

/** Order books around the quote. */
export function depthFamily({ catalogue, market, scenario }: World): MessageFamily {
  const subscriptions = new Subscriptions<DepthSubscription>();

  const tell = (session: Session, requestId: number, subscription: DepthSubscription, timeMs: number, quote: Quote): void => {
    const { instrument, rows, told, smart } = subscription;
    if (Number.isNaN(quote.bid)) return;
    for (const side of [1, 0] as const) {
      const held = told[side];
      for (let position = 0; position < rows; position += 1) {
        const best = side === 1 ? quote.bid : quote.ask;
        const price = toTick(best + (side === 1 ? -1 : 1) * position * instrument.minTick, instrument.minTick);
        const size = position === 0 ? (side === 1 ? quote.bidSize : quote.askSize) : rowSize(instrument, market.seed, timeMs, price, position);
        const row = held[position];
        if (row?.price === price && row.size === size) continue;
        const operation = row === undefined ? 0 : 1;
        held[position] = { price, size };
        session.send(instrument.securityType === 'STK'
          ? marketDepthL2Message(requestId, position, MAKERS[position % MAKERS.length] ?? '', operation, side, price, size, smart)
          : marketDepthMessage(requestId, position, operation, side, price, size));
      }
    }
  };

  market.onTick(({ instrument, timeMs, quote }) => {
    for (const { session, requestId, subscription } of subscriptions.of(instrument)) tell(session, requestId, subscription, timeMs, quote);
  });

  return {
    name: 'depth',
    requests: [
      request(REQUEST.marketDepth, readMarketDepth, (session, { requestId, contract, rows, smart }) => {
        if (subscriptions.has(session, requestId)) return session.error(requestId, 322, "Error processing request.-'bZ' : cause - Duplicate ticker id");
        const { instrument, fault } = catalogue.resolve(contract);
        if (instrument === undefined) return session.error(requestId, 200, fault);
        if (rows < 1) return session.error(requestId, 321, `Error validating request.-'bZ' : cause - Number of rows was ${rows}, expected at least 1`);
        if (instrument.securityType === 'STK' && (contract.exchange === 'SMART' || contract.exchange === '') && !smart) {
          return session.error(requestId, 10092, 'Deep market data is not supported for this combination of security type/exchange');
        }
        if (permissionFor(scenario, instrument) !== 'live') return session.error(requestId, 354, `Requested market data is not subscribed.${instrument.localSymbol} ${instrument.exchange}/DEEP/ALL`);
        if (subscriptions.count() >= MOST) return session.error(requestId, 309, `Max number (${MOST}) of market depth requests has been reached`);
        const release = market.watch(instrument);
        const subscription = { instrument, smart, rows: Math.min(rows, DEEPEST), told: [[], []] as const satisfies readonly [Row[], Row[]], release };
        subscriptions.add(session, requestId, subscription);
        const quote = market.quote(instrument);
        tell(session, requestId, subscription, quote.timeMs, quote);
        return undefined;
      }),
      request(REQUEST.cancelMarketDepth, readCancelMarketDepth, (session, { requestId }) => {
        if (!subscriptions.cancel(session, requestId)) session.error(requestId, 310, `Can't find the subscribed market depth with tickerId:${requestId}`);
      }),
    ],
    sessionClosed: (session) => subscriptions.closeSession(session),
  };
}

/** More stands further from the market; a row changes its size about once a second. */
function rowSize({ conId }: Instrument, seed: number, timeMs: number, price: number, position: number): number {
  const moment = Math.floor(timeMs / 1000 + hashUnit(seed ^ conId, Math.round(price * 1e5), 8));
  return Math.max(1, Math.round((10 + position * 6) * (0.4 + hashUnit(seed ^ conId, moment * 64 + position, 9))));
}
