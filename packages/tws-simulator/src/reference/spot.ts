import type { ExchangeHours } from './exchange-hours.js';
import { stableId, type Instrument } from './instrument.js';
import { incrementAt } from './market-rules.js';

const CENTS = 26;

const STOCK_EXCHANGES = ['SMART', 'AMEX', 'NYSE', 'CBOE', 'PHLX', 'ISE', 'CHX', 'ARCA', 'NASDAQ', 'ISLAND', 'DRCTEDGE', 'BEX', 'BATS', 'EDGEA', 'BYX', 'IEX', 'EDGX', 'FOXRIVER', 'PEARL', 'NYSENAT', 'LTSE', 'MEMX', 'IBEOS', 'OVERNIGHT', 'TPLUS0', 'PSX'];
const STOCK_ORDER_TYPES = 'ACTIVETIM,AD,ADJUST,ALERT,ALGO,ALLOC,AON,AVGCOST,BASKET,COND,CONDORDER,DARKPOLL,DAY,DEACT,DIS,FOK,GAT,GTC,GTD,GTT,HID,IOC,LIT,LMT,LOC,LOO,MIT,MKT,MOC,MOO,MTL,NONALGO,OCA,OPG,PEGMID,REL,SCALE,SNAPMKT,STP,STPLMT,TRAIL,TRAILLMT,WHATIF';
const FOREX_ORDER_TYPES = 'ACTIVETIM,AD,ADJUST,ALERT,ALGO,ALLOC,AVGCOST,BASKET,CASHQTY,COND,CONDORDER,DAY,DEACT,GAT,GTC,GTD,GTT,HID,IOC,LIT,LMT,MIT,MKT,NONALGO,OCA,REL,SCALE,STP,STPLMT,TRAIL,TRAILLMT,WHATIF';

/** What has to be known of a stock; the rest follows. */
export interface StockListing {
  readonly symbol: string;
  readonly conId?: number | undefined;
  readonly primaryExchange: string;
  readonly longName: string;
  readonly industry?: string;
  readonly category?: string;
  readonly stockType?: 'COMMON' | 'ETF';
  readonly currency?: string;
  /** Steps of its prices; one cent by default. */
  readonly marketRule?: number;
  readonly basePrice: number;
  readonly annualVolatility?: number;
}

export const STOCKS: readonly StockListing[] = [
  { symbol: 'AAPL', conId: 265598, primaryExchange: 'NASDAQ', longName: 'APPLE INC', industry: 'Technology', category: 'Computers', basePrice: 270 },
  { symbol: 'MSFT', conId: 272093, primaryExchange: 'NASDAQ', longName: 'MICROSOFT CORP', industry: 'Technology', category: 'Software', basePrice: 500 },
  { symbol: 'IBM', conId: 8314, primaryExchange: 'NYSE', longName: 'INTL BUSINESS MACHINES CORP', industry: 'Technology', category: 'Computers', basePrice: 300 },
  { symbol: 'AMZN', conId: 3691937, primaryExchange: 'NASDAQ', longName: 'AMAZON.COM INC', industry: 'Communications', category: 'Internet', basePrice: 230 },
  { symbol: 'GOOG', conId: 208813720, primaryExchange: 'NASDAQ', longName: 'ALPHABET INC-CL C', industry: 'Communications', category: 'Internet', basePrice: 280 },
  { symbol: 'NVDA', conId: 4815747, primaryExchange: 'NASDAQ', longName: 'NVIDIA CORP', industry: 'Technology', category: 'Semiconductors', basePrice: 185, annualVolatility: 0.4 },
  { symbol: 'TSLA', conId: 76792991, primaryExchange: 'NASDAQ', longName: 'TESLA INC', industry: 'Consumer, Cyclical', category: 'Auto Manufacturers', basePrice: 420, annualVolatility: 0.5 },
  { symbol: 'SPY', conId: 756733, primaryExchange: 'ARCA', longName: 'SPDR S&P 500 ETF TRUST', stockType: 'ETF', basePrice: 680, annualVolatility: 0.16 },
  { symbol: 'QQQ', conId: 320227571, primaryExchange: 'NASDAQ', longName: 'INVESCO QQQ TRUST SERIES 1', stockType: 'ETF', basePrice: 610, annualVolatility: 0.2 },
];

/** Spot pairs: base, quote, id of the venue, a price to start from. */
export const FOREX_PAIRS: readonly (readonly [base: string, quote: string, conId: number, price: number])[] = [
  ['EUR', 'USD', 12087792, 1.16], ['GBP', 'USD', 12087797, 1.32], ['AUD', 'USD', 14433401, 0.65], ['NZD', 'USD', 39453441, 0.58],
  ['USD', 'JPY', 15016059, 155], ['USD', 'CAD', 15016062, 1.4], ['USD', 'CHF', 12087820, 0.8], ['EUR', 'GBP', 12087807, 0.88], ['EUR', 'JPY', 14321016, 180],
];

const lasting = { multiplier: undefined, lastTradeDate: undefined, expiresMs: Infinity, contractMonth: '', underConId: 0, underSymbol: '', underSecurityType: '' } as const;

export function stock(listing: StockListing, hours: ExchangeHours): Instrument {
  const { symbol, primaryExchange, longName, industry = 'Funds', category = 'Equity Fund', stockType = 'COMMON', currency = 'USD', marketRule = CENTS, basePrice, annualVolatility = 0.28 } = listing;
  return {
    ...lasting, conId: listing.conId ?? stableId(`STK ${symbol} ${currency}`), symbol, securityType: 'STK', currency, exchange: 'SMART', primaryExchange,
    validExchanges: STOCK_EXCHANGES.includes(primaryExchange) ? STOCK_EXCHANGES : [...STOCK_EXCHANGES, primaryExchange],
    marketRuleIds: STOCK_EXCHANGES.map(() => marketRule).concat(STOCK_EXCHANGES.includes(primaryExchange) ? [] : [marketRule]), localSymbol: symbol,
    tradingClass: primaryExchange === 'NASDAQ' ? 'NMS' : symbol, marketName: primaryExchange === 'NASDAQ' ? 'NMS' : symbol, minTick: incrementAt(marketRule, basePrice) ?? 0.01, longName, industry, category,
    subcategory: '', stockType, orderTypes: STOCK_ORDER_TYPES, minSize: 0.0001, hours, priceKey: symbol, basePrice, annualVolatility, volumePerMinute: 20_000,
  };
}

export function forexPair(base: string, quote: string, conId: number, price: number, hours: ExchangeHours): Instrument {
  const fine = quote !== 'JPY';
  return {
    ...lasting, conId, symbol: base, securityType: 'CASH', currency: quote, exchange: 'IDEALPRO', primaryExchange: '', validExchanges: ['IDEALPRO'],
    marketRuleIds: [fine ? 239 : 5020], localSymbol: `${base}.${quote}`, tradingClass: `${base}.${quote}`, marketName: `${base}.${quote}`, minTick: fine ? 0.00005 : 0.005,
    longName: `${base} against ${quote}`, industry: '', category: '', subcategory: '', stockType: '', orderTypes: FOREX_ORDER_TYPES, minSize: 1, hours,
    priceKey: base + quote, basePrice: price, annualVolatility: 0.08, volumePerMinute: 0,
  };
}
