import type { SimulatorClock } from '../clock/simulator-clock.js';
import type { ContractQuery } from '../protocol/contract-fields.js';
import type { CalendarDay } from '../time/calendar-day.js';
import { dayParts } from '../time/calendar-day.js';
import { localDay } from '../time/zone-offset.js';
import { ExchangeHours } from './exchange-hours.js';
import { FUTURE_PRODUCTS, futureContract, type FutureProduct } from './futures.js';
import { HOURS } from './hours-rules.js';
import type { Instrument } from './instrument.js';
import { FOREX_PAIRS, forexPair, stock, STOCKS, type StockListing } from './spot.js';

/** The lead contract hands over this long before it expires. */
const ROLL_MS = 8 * 86_400_000;
/** Contracts that expired this long ago are still known. */
const YEARS_BACK = 6;
const YEARS_AHEAD = 5;

/** What a request got: one contract, or why not. */
export type Resolved = { readonly instrument: Instrument; readonly fault?: undefined } | { readonly instrument?: undefined; readonly fault: string };

/** Every contract that the venue knows, and how clients find them. */
export class Catalogue {
  private readonly byId = new Map<number, Instrument>();
  private readonly chains = new Map<FutureProduct, readonly Instrument[]>();
  private readonly spot: readonly Instrument[];

  constructor(private readonly clock: SimulatorClock, stocks: readonly StockListing[], closedDays: ReadonlySet<CalendarDay>) {
    const hours = { cme: new ExchangeHours(HOURS.cme, closedDays), comex: new ExchangeHours(HOURS.comex, closedDays) };
    const stockHours = new ExchangeHours(HOURS.usStock, closedDays);
    const forexHours = new ExchangeHours(HOURS.forex, closedDays);
    const { year } = dayParts(localDay(clock.now(), 'UTC'));
    for (const product of FUTURE_PRODUCTS) {
      const chain: Instrument[] = [];
      for (let each = year - YEARS_BACK; each <= year + YEARS_AHEAD; each += 1) {
        for (const month of product.months) chain.push(futureContract(product, each, month, hours[product.hours]));
      }
      this.chains.set(product, chain);
    }
    const own = new Set(stocks.map(({ symbol }) => symbol));
    this.spot = [
      ...[...STOCKS.filter(({ symbol }) => !own.has(symbol)), ...stocks].map((listing) => stock(listing, stockHours)),
      ...FOREX_PAIRS.map(([base, quote, conId, price]) => forexPair(base, quote, conId, price, forexHours)),
    ];
    for (const instrument of [...this.spot, ...[...this.chains.values()].flat()]) this.byId.set(instrument.conId, instrument);
  }

  /** A contract by its id, expired or not. */
  of(conId: number): Instrument | undefined {
    return this.byId.get(conId);
  }

  /** A contract by local symbol, or by symbol: the stock or pair, or the lead future. */
  named(name: string): Instrument | undefined {
    const wanted = name.toUpperCase();
    const spot = this.spot.find(({ symbol, localSymbol, securityType }) => localSymbol === wanted || (symbol === wanted && securityType === 'STK'));
    if (spot !== undefined) return spot;
    const now = this.clock.now();
    for (const [product, chain] of this.chains) {
      if (product.symbol === wanted || product.tradingClass === wanted) return this.lead(product);
      const listed = chain.filter(({ localSymbol }) => localSymbol === wanted);
      if (listed.length > 0) return listed.find(({ expiresMs }) => expiresMs > now) ?? listed[listed.length - 1];
    }
    return undefined;
  }

  /** Every contract that fits what is known of it, in order of expiry. */
  find(query: ContractQuery): Instrument[] {
    const now = this.clock.now();
    if (query.conId !== undefined) {
      const known = this.byId.get(query.conId);
      if (known === undefined || !fitsExchange(known, query) || (known.expiresMs <= now && !query.includeExpired)) return [];
      return query.securityType === 'CONTFUT' ? this.continuous(query).filter(({ conId }) => conId === known.conId) : [known];
    }
    if (query.symbol === '' && query.localSymbol === '') return [];
    const kinds = query.securityType === 'FUT+CONTFUT' ? ['FUT', 'CONTFUT'] : [query.securityType];
    return kinds.flatMap((kind) => {
      if (kind === 'CONTFUT') return this.continuous(query);
      if (kind === 'FUT') return this.futures(query, now);
      return this.spot.filter((each) => (kind === '' || each.securityType === kind) && fits(each, query));
    });
  }

  /** The one contract that a request for data or an order is about. */
  resolve(query: ContractQuery): Resolved {
    const found = this.find(query);
    const [instrument, other] = found;
    if (instrument === undefined) return { fault: 'No security definition has been found for the request' };
    // the lead contract stands for a continuous future: prices and subscriptions are the contract's own
    if (other === undefined) return { instrument: this.byId.get(instrument.conId) ?? instrument };
    return { fault: `The contract description specified for ${query.symbol} is ambiguous; you must specify the multiplier or trading class.` };
  }

  /** Contracts whose symbol or name begins with a text, the closest first: one for each underlying. */
  matching(pattern: string, most = 16): { readonly instrument: Instrument; readonly derivatives: readonly string[] }[] {
    const wanted = pattern.trim().toUpperCase();
    if (wanted === '') return [];
    const found: { instrument: Instrument; derivatives: readonly string[] }[] = [];
    for (const instrument of this.spot) {
      if (instrument.symbol.startsWith(wanted) || instrument.longName.toUpperCase().includes(wanted)) {
        found.push({ instrument, derivatives: instrument.securityType === 'STK' ? ['CFD', 'OPT', 'WAR', 'BAG'] : ['CFD'] });
      }
    }
    for (const [product] of this.chains) {
      const lead = this.lead(product);
      if (lead !== undefined && (product.symbol.startsWith(wanted) || product.tradingClass.startsWith(wanted) || product.longName.toUpperCase().includes(wanted))) {
        found.push({ instrument: underlyingOf(lead), derivatives: ['FUT', 'FOP'] });
      }
    }
    return found.toSorted((a, b) => Number(b.instrument.symbol === wanted) - Number(a.instrument.symbol === wanted)).slice(0, most);
  }

  private futures(query: ContractQuery, now: number): Instrument[] {
    const found: Instrument[] = [];
    for (const [product, chain] of this.chains) {
      if (query.symbol !== '' && query.symbol !== product.symbol) continue;
      const live = chain.filter(({ expiresMs }) => expiresMs > now).slice(0, product.listed);
      const listed = query.includeExpired ? [...chain.filter(({ expiresMs }) => expiresMs <= now && expiresMs > now - 2 * 365.25 * 86_400_000), ...live] : live;
      for (const each of listed) if (fits(each, query)) found.push(each);
    }
    return found;
  }

  private continuous(query: ContractQuery): Instrument[] {
    const found: Instrument[] = [];
    for (const [product] of this.chains) {
      const lead = this.lead(product);
      if (lead === undefined || (query.conId !== undefined ? lead.conId !== query.conId : !fits(lead, { ...query, expiry: '', localSymbol: query.localSymbol }))) continue;
      if (query.symbol !== '' && query.symbol !== product.symbol) continue;
      found.push({ ...lead, securityType: 'CONTFUT' });
    }
    return found;
  }

  private lead(product: FutureProduct): Instrument | undefined {
    const now = this.clock.now();
    return this.chains.get(product)?.find(({ expiresMs }) => expiresMs - ROLL_MS > now);
  }
}

/** The index, currency or metal that a future is on, as a search shows it. */
function underlyingOf(future: Instrument): Instrument {
  return { ...future, conId: future.underConId, securityType: 'FUT', localSymbol: future.tradingClass };
}

function fits(instrument: Instrument, query: ContractQuery): boolean {
  const { symbol, currency, localSymbol, tradingClass, multiplier, expiry, primaryExchange } = query;
  if (symbol !== '' && symbol.toUpperCase() !== instrument.symbol) return false;
  if (currency !== '' && currency !== instrument.currency) return false;
  if (localSymbol !== '' && localSymbol.replaceAll(/\s+/g, ' ') !== instrument.localSymbol) return false;
  if (tradingClass !== '' && tradingClass !== instrument.tradingClass) return false;
  if (multiplier !== '' && instrument.multiplier !== undefined && Number(multiplier) !== instrument.multiplier) return false;
  if (primaryExchange !== '' && instrument.primaryExchange !== '' && primaryExchange !== instrument.primaryExchange && !fitsIslandName(primaryExchange, instrument)) return false;
  if (expiry !== '' && instrument.lastTradeDate !== undefined && !fitsExpiry(instrument, expiry)) return false;
  return fitsExchange(instrument, query);
}

/** A month is the contract month; a day is the last trading day. */
function fitsExpiry(instrument: Instrument, expiry: string): boolean {
  const text = expiry.replaceAll('-', '').slice(0, 8);
  return text.length === 6 ? instrument.contractMonth === text : instrument.lastTradeDate === text;
}

function fitsExchange(instrument: Instrument, { exchange }: ContractQuery): boolean {
  return exchange === '' || instrument.validExchanges.includes(exchange) || exchange === instrument.primaryExchange;
}

/** NASDAQ was called ISLAND. */
const fitsIslandName = (primaryExchange: string, instrument: Instrument): boolean => primaryExchange === 'ISLAND' && instrument.primaryExchange === 'NASDAQ';
