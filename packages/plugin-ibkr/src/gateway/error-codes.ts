import type { ErrorCode, Retry } from '@keelson/core/errors';

/** What a message of the gateway is about. */
export type IbErrorKind =
  /** The order it names was refused, or ended by the venue. */
  | 'order-rejected'
  | 'order-canceled'
  /** A cancel or a change was refused; the order stands as it stood, or has ended. */
  | 'cancel-rejected'
  /** The connection between gateway and venue broke, or stands again. */
  | 'connection-lost'
  | 'connection-restored'
  /** A request that can be asked again, later. */
  | 'request-failed'
  /** Asked too often. */
  | 'pacing'
  /** What was asked for is not there, or not allowed. */
  | 'no-permission'
  | 'no-data'
  | 'contract'
  /** The client may not connect like this. */
  | 'refused'
  /** The layout of a message was not understood: the state is to be read again. */
  | 'layout'
  /** The same of one that carries prices only: no order and no answer hangs on it. */
  | 'layout-of-prices'
  /** Said, and nothing to be done. */
  | 'notice';

export type IbErrorMeaning = {
  readonly kind: IbErrorKind;
  /** Code that a user sees. */
  readonly code: ErrorCode;
  readonly retry: Retry;
  readonly meaning: string;
};

const row = (kind: IbErrorKind, code: ErrorCode, retry: Retry, meaning: string): IbErrorMeaning => ({ kind, code, retry, meaning });

/**
 * What the numbers of Interactive Brokers mean for us. The docs' table is made of this one.
 * Source: TWS API, "Message codes".
 */
export const IB_ERRORS: ReadonlyMap<number, IbErrorMeaning> = new Map<number, IbErrorMeaning>([
  [100, row('pacing', 'BRK_CONNECTION', 'safe', 'more than 50 messages a second')],
  [101, row('request-failed', 'BRK_CONNECTION', 'never', 'more market data lines than the account has')],
  [103, row('order-rejected', 'BRK_REJECTED', 'reconcile-first', 'an order with this id was sent before')],
  [104, row('cancel-rejected', 'BRK_REJECTED', 'reconcile-first', 'a filled order cannot be changed')],
  [105, row('cancel-rejected', 'BRK_REJECTED', 'never', 'the change does not fit the order')],
  [106, row('order-rejected', 'BRK_REJECTED', 'reconcile-first', 'the order cannot be sent on')],
  [107, row('order-rejected', 'BRK_REJECTED', 'never', 'the order is incomplete')],
  [109, row('order-rejected', 'BRK_REJECTED', 'never', 'the price is beyond what the gateway allows')],
  [110, row('order-rejected', 'BRK_REJECTED', 'never', 'the price does not conform to the tick size')],
  [111, row('order-rejected', 'BRK_UNSUPPORTED', 'never', 'this time in force does not go with this order type')],
  [113, row('order-rejected', 'BRK_UNSUPPORTED', 'never', 'this time in force is for market orders only')],
  [116, row('order-rejected', 'BRK_REJECTED', 'reconcile-first', 'the order could not be sent to the exchange')],
  [117, row('order-rejected', 'BRK_REJECTED', 'never', 'a price of the order is missing or wrong')],
  [135, row('cancel-rejected', 'BRK_UNKNOWN_ORDER', 'reconcile-first', 'no order has this id')],
  [136, row('cancel-rejected', 'BRK_REJECTED', 'reconcile-first', 'the order cannot be cancelled')],
  [161, row('cancel-rejected', 'BRK_REJECTED', 'reconcile-first', 'the order is in no state to be cancelled')],
  [162, row('no-data', 'DATA_FEED', 'safe', 'historical data are not to be had, or were asked for too often')],
  [163, row('order-rejected', 'BRK_REJECTED', 'never', 'the price is too far from the market')],
  [200, row('contract', 'CFG_REFERENCE', 'never', 'no contract fits the description')],
  [201, row('order-rejected', 'BRK_REJECTED', 'never', 'the order was rejected; the text says why')],
  [202, row('order-canceled', 'BRK_REJECTED', 'never', 'the order was cancelled')],
  [203, row('order-rejected', 'BRK_REJECTED', 'never', 'the account may not trade this')],
  [300, row('notice', 'DATA_FEED', 'never', 'the subscription is gone already')],
  [309, row('request-failed', 'DATA_FEED', 'never', 'more market depth than the account may have')],
  [310, row('notice', 'DATA_FEED', 'never', 'the depth subscription is gone already')],
  [316, row('request-failed', 'DATA_FEED', 'safe', 'market depth was reset; it is subscribed anew')],
  [317, row('request-failed', 'DATA_FEED', 'safe', 'market depth was reset; it is subscribed anew')],
  [320, row('request-failed', 'BRK_CONNECTION', 'never', 'the gateway could not read the request')],
  [321, row('order-rejected', 'BRK_UNSUPPORTED', 'never', 'the request does not validate, or the API is read-only')],
  [322, row('request-failed', 'BRK_CONNECTION', 'safe', 'the gateway could not work the request')],
  [326, row('refused', 'BRK_CONNECTION', 'safe', 'the client id is in use')],
  [354, row('no-permission', 'DATA_FEED', 'never', 'the account is not subscribed to these market data')],
  [366, row('no-data', 'DATA_FEED', 'safe', 'no such historical request')],
  [382, row('order-rejected', 'BRK_REJECTED', 'never', 'the price is beyond a limit of the gateway')],
  [383, row('order-rejected', 'BRK_REJECTED', 'never', 'the size is beyond the limit that is set in the gateway')],
  [387, row('order-rejected', 'BRK_UNSUPPORTED', 'never', 'this order type is not supported here')],
  [388, row('order-rejected', 'BRK_REJECTED', 'never', 'the size is below the smallest one')],
  [399, row('notice', 'BRK_REJECTED', 'never', 'a warning with an order, e.g. that it waits for the session')],
  [404, row('notice', 'BRK_REJECTED', 'never', 'the order waits until shares to sell short are found')],
  [420, row('pacing', 'DATA_FEED', 'safe', 'data were asked for too often')],
  [434, row('order-rejected', 'BRK_REJECTED', 'never', 'the size of an order cannot be zero')],
  [435, row('order-rejected', 'BRK_REJECTED', 'never', 'the account must be named')],
  [461, row('order-rejected', 'BRK_REJECTED', 'never', 'the size does not conform to the lot')],
  [502, row('refused', 'BRK_CONNECTION', 'safe', 'nothing listens there')],
  [503, row('refused', 'BRK_UNSUPPORTED', 'never', 'the gateway is too old')],
  [504, row('connection-lost', 'BRK_CONNECTION', 'safe', 'there is no connection')],
  [505, row('layout', 'BRK_CONNECTION', 'reconcile-first', 'a message of an unknown layout')],
  [507, row('connection-lost', 'BRK_CONNECTION', 'safe', 'the connection broke off')],
  [509, row('connection-lost', 'BRK_CONNECTION', 'safe', 'the connection broke off while reading')],
  [1100, row('connection-lost', 'BRK_CONNECTION', 'reconcile-first', 'the gateway lost Interactive Brokers')],
  [1101, row('connection-restored', 'BRK_CONNECTION', 'reconcile-first', 'it is back, and market data are to be asked for anew')],
  [1102, row('connection-restored', 'BRK_CONNECTION', 'reconcile-first', 'it is back, and market data go on')],
  [1300, row('connection-lost', 'BRK_CONNECTION', 'safe', 'the port of the gateway was changed')],
  [2103, row('notice', 'DATA_FEED', 'safe', 'a market data farm is down')],
  [2104, row('notice', 'DATA_FEED', 'safe', 'a market data farm is up')],
  [2105, row('notice', 'DATA_FEED', 'safe', 'a historical data farm is down')],
  [2106, row('notice', 'DATA_FEED', 'safe', 'a historical data farm is up')],
  [2107, row('notice', 'DATA_FEED', 'safe', 'a historical data farm sleeps until it is asked')],
  [2108, row('notice', 'DATA_FEED', 'safe', 'a market data farm sleeps until it is asked')],
  [2109, row('notice', 'BRK_REJECTED', 'never', 'outside of regular hours is ignored for this order')],
  [2110, row('connection-lost', 'BRK_CONNECTION', 'reconcile-first', 'TWS lost its server; it tries again by itself')],
  [2137, row('notice', 'BRK_REJECTED', 'never', 'the order would turn the position around')],
  [2158, row('notice', 'DATA_FEED', 'safe', 'the security definition farm is up')],
  [10089, row('no-permission', 'DATA_FEED', 'never', 'these market data need a subscription for the API')],
  [10090, row('no-permission', 'DATA_FEED', 'never', 'a part of these market data is not subscribed to')],
  [10147, row('cancel-rejected', 'BRK_UNKNOWN_ORDER', 'reconcile-first', 'the order to cancel is not known, or of another client')],
  [10148, row('cancel-rejected', 'BRK_REJECTED', 'reconcile-first', 'the order to cancel has ended')],
  [10167, row('notice', 'DATA_FEED', 'safe', 'not subscribed: delayed data come instead')],
  [10168, row('no-permission', 'DATA_FEED', 'never', 'not subscribed, and delayed data are not enabled')],
  [10182, row('request-failed', 'DATA_FEED', 'safe', 'the live update of bars broke off')],
  [10189, row('no-permission', 'DATA_FEED', 'never', 'the account is not subscribed to these ticks')],
  [10197, row('no-permission', 'DATA_FEED', 'safe', 'no market data while another session uses them')],
  [10225, row('request-failed', 'DATA_FEED', 'safe', 'a bust stopped the real-time bars; they are subscribed anew')],
]);

/** Messages of prices, as the client names them: they are never the answer to a question, and bars that lack some are looked up. */
const OF_PRICES = /\bon (?:TICK_(?:PRICE|SIZE|GENERIC|STRING|EFP|OPTION_COMPUTATION|REQ_PARAMS|BY_TICK|NEWS)|MARKET_DEPTH(?:_L2)?|MARKET_DATA_TYPE|REAL_TIME_BARS|HISTORICAL_DATA_UPDATE|REROUTE_MKT_(?:DATA|DEPTH)):/;

const ORDER_UNKNOWN: IbErrorMeaning = row('order-rejected', 'BRK_REJECTED', 'reconcile-first', 'a number that is not in the table');
const REQUEST_UNKNOWN: IbErrorMeaning = row('request-failed', 'BRK_CONNECTION', 'reconcile-first', 'a number that is not in the table');

/**
 * What a number means. Numbers of 2100 to 2199 are notices also where the table does not know them.
 * @param aboutOrder whether it names an order
 */
export function meaningOf(number: number, text: string, aboutOrder: boolean): IbErrorMeaning {
  const known = IB_ERRORS.get(number);
  if (known === undefined) {
    if (number >= 2100 && number < 2200) return row('notice', 'BRK_CONNECTION', 'safe', text);
    return aboutOrder ? ORDER_UNKNOWN : REQUEST_UNKNOWN;
  }
  if ((number === 162 || number === 420) && /permission/i.test(text)) return { ...known, kind: 'no-permission', retry: 'never' };
  if (number === 162) return { ...known, kind: /pacing/i.test(text) ? 'pacing' : /no data/i.test(text) ? 'no-data' : 'request-failed' };
  if (number === 201 && /margin|equity|buying power|available funds/i.test(text)) return { ...known, code: 'BRK_MARGIN' };
  if (number === 505 && OF_PRICES.test(text)) return { ...known, kind: 'layout-of-prices', code: 'DATA_FEED', retry: 'safe' };
  if (number === 321 && !aboutOrder) return { ...known, kind: 'request-failed' };
  return known;
}

/** True for the refusal of orders that the setting "Read-Only API" of the gateway gives. */
export function isReadOnly(number: number, text: string): boolean {
  return number === 321 && /read-?only/i.test(text);
}
