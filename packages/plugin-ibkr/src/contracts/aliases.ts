import type { InstrumentType } from '@keelson/core/domain';

/** A contract as Interactive Brokers names it. */
export type Alias = { readonly symbol: string; readonly secType: string; readonly exchange: string; readonly currency: string };

const future = (symbol: string, exchange: string): Alias => ({ symbol, secType: 'FUT', exchange, currency: 'USD' });

/** Roots of futures as exchanges and charting sites write them. */
const FUTURES: Readonly<Record<string, Alias>> = {
  ES: future('ES', 'CME'),
  MES: future('MES', 'CME'),
  NQ: future('NQ', 'CME'),
  MNQ: future('MNQ', 'CME'),
  RTY: future('RTY', 'CME'),
  M2K: future('M2K', 'CME'),
  YM: future('YM', 'CBOT'),
  MYM: future('MYM', 'CBOT'),
  '6E': future('EUR', 'CME'),
  '6B': future('GBP', 'CME'),
  '6A': future('AUD', 'CME'),
  '6C': future('CAD', 'CME'),
  '6J': future('JPY', 'CME'),
  '6S': future('CHF', 'CME'),
  M6E: future('M6E', 'CME'),
  GC: future('GC', 'COMEX'),
  MGC: future('MGC', 'COMEX'),
  SI: future('SI', 'COMEX'),
  CL: future('CL', 'NYMEX'),
  MCL: future('MCL', 'NYMEX'),
  NG: future('NG', 'NYMEX'),
};

/** Pairs that stand for a future where the instrument is one. */
const PAIRS: Readonly<Record<string, string>> = { EURUSD: '6E', GBPUSD: '6B', AUDUSD: '6A', XAUUSD: 'GC' };

/**
 * What a name stands for: `ES`, `ES1!`, `CME:ES1!`, `EURUSD` (the future 6E for a future, the pair for forex); undefined
 * for one that is taken as it is.
 */
export function aliasOf(name: string, type: InstrumentType): Alias | undefined {
  const bare = name.replace(/^[A-Z_]+:/, '').replace(/[12]!$/, '').toUpperCase();
  if (type === 'future') return FUTURES[PAIRS[bare] ?? bare];
  if ((type === 'forex' || type === 'spot') && /^[A-Z]{3}[./]?[A-Z]{3}$/.test(bare)) {
    return { symbol: bare.slice(0, 3), secType: 'CASH', exchange: 'IDEALPRO', currency: bare.slice(-3) };
  }
  return undefined;
}
