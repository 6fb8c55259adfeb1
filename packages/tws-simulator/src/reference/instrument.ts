import type { ExchangeHours } from './exchange-hours.js';

export type SecurityType = 'FUT' | 'STK' | 'CASH' | 'CONTFUT';

/** A contract that can be asked for by its id. */
export interface Instrument {
  readonly conId: number;
  readonly symbol: string;
  readonly securityType: SecurityType;
  readonly currency: string;
  /** Where it is traded when a client names no exchange. */
  readonly exchange: string;
  /** Home exchange of a stock; empty for others. */
  readonly primaryExchange: string;
  readonly validExchanges: readonly string[];
  /** One for each valid exchange. */
  readonly marketRuleIds: readonly number[];
  readonly localSymbol: string;
  readonly tradingClass: string;
  readonly marketName: string;
  /** Undefined for stocks and currencies, which trade in units. */
  readonly multiplier: number | undefined;
  /** Step of its prices where they start from; by their market rule it may be another elsewhere. */
  readonly minTick: number;
  readonly longName: string;
  /** Last trading day, `20260618`; undefined for what does not expire. */
  readonly lastTradeDate: string | undefined;
  /** When trading ends for good, UTC ms. */
  readonly expiresMs: number;
  /** `202606`; empty for what does not expire. */
  readonly contractMonth: string;
  readonly underConId: number;
  readonly underSymbol: string;
  readonly underSecurityType: string;
  readonly industry: string;
  readonly category: string;
  readonly subcategory: string;
  readonly stockType: string;
  readonly orderTypes: string;
  /** Smallest quantity and step of quantity. */
  readonly minSize: number;
  readonly hours: ExchangeHours;
  /** Contracts with the same key move together when prices are generated. */
  readonly priceKey: string;
  /** Where the generated price starts from. */
  readonly basePrice: number;
  /** Spread of the generated price over a year, as a fraction. */
  readonly annualVolatility: number;
  /** Contracts or units in a busy minute. */
  readonly volumePerMinute: number;
}

/** A fixed number for a text: ids of contracts that are the same in every run (FNV-1a, Fowler, Noll and Vo, 1991). */
export function stableId(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return 100_000_000 + (hash % 700_000_000);
}
