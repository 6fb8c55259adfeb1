import { dayOf, dayText, nthWeekday, weekday, dayParts, type CalendarDay } from '../time/calendar-day.js';
import { usHolidays } from '../time/us-holidays.js';
import { utcOf } from '../time/zone-offset.js';
import type { ExchangeHours } from './exchange-hours.js';
import { stableId, type Instrument } from './instrument.js';

const MONTH_CODES = 'FGHJKMNQUVXZ';
const QUARTERS = [3, 6, 9, 12];
const ORDER_TYPES = 'ACTIVETIM,AD,ADJUST,ALERT,ALGO,ALLOC,AVGCOST,BASKET,COND,CONDORDER,DAY,DEACT,DEACTDIS,DEACTEOD,GAT,GTC,GTD,GTT,HID,ICE,IOC,LIT,LMT,LTH,MIT,MKT,MTL,NGCOMB,NONALGO,OCA,PEGBENCH,SCALE,SCALERST,SNAPMID,SNAPMKT,SNAPREL,STP,STPLMT,TRAIL,TRAILLIT,TRAILLMT,TRAILMIT,WHATIF';

/** A futures product; its contracts follow from the calendar. */
export interface FutureProduct {
  readonly symbol: string;
  readonly tradingClass: string;
  readonly exchange: string;
  readonly longName: string;
  readonly multiplier: number;
  readonly minTick: number;
  readonly marketRuleId: number;
  readonly months: readonly number[];
  /** Contracts listed ahead. */
  readonly listed: number;
  readonly expiry: 'third-friday' | 'before-third-wednesday' | 'third-last-business-day';
  /** Minutes of the exchange's wall clock at which trading ends on the last day. */
  readonly expiryMinutes: number;
  readonly hours: 'cme' | 'comex';
  readonly underSecurityType: string;
  readonly underSymbol: string;
  readonly industry: string;
  readonly category: string;
  readonly priceKey: string;
  readonly basePrice: number;
  readonly annualVolatility: number;
  readonly volumePerMinute: number;
}

const index = { exchange: 'CME', minTick: 0.25, marketRuleId: 67, months: QUARTERS, listed: 5, expiry: 'third-friday', expiryMinutes: 510, hours: 'cme', underSecurityType: 'IND', industry: 'Indices', category: 'Broad Range Equity Index' } as const;
const currency = { exchange: 'CME', months: QUARTERS, listed: 6, expiry: 'before-third-wednesday', expiryMinutes: 556, hours: 'cme', underSecurityType: 'CASH', industry: 'Currency', category: 'Currency' } as const;

export const FUTURE_PRODUCTS: readonly FutureProduct[] = [
  { ...index, symbol: 'ES', tradingClass: 'ES', longName: 'E-mini S&P 500', multiplier: 50, underSymbol: 'ES', priceKey: 'SPX', basePrice: 6800, annualVolatility: 0.16, volumePerMinute: 1200 },
  { ...index, symbol: 'MES', tradingClass: 'MES', longName: 'Micro E-Mini S&P 500 Stock Price Index', multiplier: 5, underSymbol: 'MES', priceKey: 'SPX', basePrice: 6800, annualVolatility: 0.16, volumePerMinute: 900 },
  { ...index, symbol: 'NQ', tradingClass: 'NQ', longName: 'E-mini NASDAQ 100', multiplier: 20, underSymbol: 'NQ', priceKey: 'NDX', basePrice: 24_500, annualVolatility: 0.2, volumePerMinute: 450 },
  { ...index, symbol: 'MNQ', tradingClass: 'MNQ', longName: 'Micro E-Mini Nasdaq-100 Index', multiplier: 2, underSymbol: 'MNQ', priceKey: 'NDX', basePrice: 24_500, annualVolatility: 0.2, volumePerMinute: 1100 },
  { ...currency, symbol: 'EUR', tradingClass: '6E', longName: 'European Monetary Union Euro', multiplier: 125_000, minTick: 0.00005, marketRuleId: 239, underSymbol: 'EUR', priceKey: 'EURUSD', basePrice: 1.16, annualVolatility: 0.07, volumePerMinute: 180 },
  { ...currency, symbol: 'GBP', tradingClass: '6B', longName: 'British pound', multiplier: 62_500, minTick: 0.0001, marketRuleId: 240, underSymbol: 'GBP', priceKey: 'GBPUSD', basePrice: 1.32, annualVolatility: 0.08, volumePerMinute: 90 },
  { ...currency, symbol: 'AUD', tradingClass: '6A', longName: 'Australian dollar', multiplier: 100_000, minTick: 0.00005, marketRuleId: 239, underSymbol: 'AUD', priceKey: 'AUDUSD', basePrice: 0.65, annualVolatility: 0.1, volumePerMinute: 80 },
  { symbol: 'GC', tradingClass: 'GC', exchange: 'COMEX', longName: 'Gold', multiplier: 100, minTick: 0.1, marketRuleId: 32, months: [2, 4, 6, 8, 10, 12], listed: 8, expiry: 'third-last-business-day', expiryMinutes: 810, hours: 'comex', underSecurityType: 'CMDTY', underSymbol: 'GC', priceKey: 'XAUUSD', industry: 'Precious Metals', category: 'Gold', basePrice: 4100, annualVolatility: 0.18, volumePerMinute: 200 },
];

/** The contract of a product for a month. */
export function futureContract(product: FutureProduct, year: number, month: number, hours: ExchangeHours): Instrument {
  const day = lastTradingDay(product, year, month);
  const localSymbol = `${product.tradingClass}${MONTH_CODES[month - 1] ?? ''}${year % 10}`;
  const { symbol, tradingClass, exchange, multiplier, minTick, longName, underSymbol, underSecurityType, industry, category, priceKey, basePrice, annualVolatility, volumePerMinute } = product;
  return {
    conId: stableId(`FUT ${localSymbol} ${year}`), symbol, securityType: 'FUT', currency: 'USD', exchange, primaryExchange: '',
    validExchanges: [exchange, 'QBALGO'], marketRuleIds: [product.marketRuleId, product.marketRuleId], localSymbol, tradingClass, marketName: tradingClass,
    multiplier, minTick, longName, lastTradeDate: dayText(day), expiresMs: utcOf(day, product.expiryMinutes, hours.rule.zone),
    contractMonth: `${year}${String(month).padStart(2, '0')}`, underConId: stableId(`${underSecurityType} ${underSymbol}`), underSymbol, underSecurityType,
    industry, category, subcategory: '', stockType: '', orderTypes: ORDER_TYPES, minSize: 1, hours, priceKey, basePrice, annualVolatility, volumePerMinute,
  };
}

function lastTradingDay(product: FutureProduct, year: number, month: number): CalendarDay {
  if (product.expiry === 'third-friday') return businessDayFrom(nthWeekday(year, month, 5, 3), -1);
  if (product.expiry === 'before-third-wednesday') {
    let day = nthWeekday(year, month, 3, 3);
    for (let left = 2; left > 0; left -= 1) day = businessDayFrom(day - 1, -1);
    return day;
  }
  let day = businessDayFrom(dayOf(year, month + 1, 1) - 1, -1);
  for (let left = 2; left > 0; left -= 1) day = businessDayFrom(day - 1, -1);
  return day;
}

/** The day itself, or the nearest business day in the direction. */
function businessDayFrom(start: CalendarDay, step: 1 | -1): CalendarDay {
  let day = start;
  while (weekday(day) === 0 || weekday(day) === 6 || usHolidays(dayParts(day).year).has(day)) day += step;
  return day;
}
