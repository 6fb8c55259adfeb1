import type { Instrument } from '@keelson/core/domain';
import { describe, expect, it } from 'vitest';
import { queryOf } from './contract-spec.js';

const instrument = (id: string, type: Instrument['type'], more: Partial<Instrument> = {}): Instrument => ({ id, venue: 'CME', type, currency: 'USD', multiplier: 1, tickSize: 0.25, lotSize: 1, calendar: '24/7', symbols: {}, ...more });
const brief = (from: Instrument): string => {
  const { symbol, secType, exchange, currency } = queryOf(from).contract;
  return [symbol, secType, exchange, currency].join(' ');
};

describe('queryOf', () => {
  it.each([
    ['MES', 'MES FUT CME USD'],
    ['ES1!', 'ES FUT CME USD'],
    ['CME_MINI:NQ1!', 'NQ FUT CME USD'],
    ['6E', 'EUR FUT CME USD'],
    ['EURUSD', 'EUR FUT CME USD'],
    ['GBPUSD', 'GBP FUT CME USD'],
    ['AUDUSD', 'AUD FUT CME USD'],
    ['XAUUSD', 'GC FUT COMEX USD'],
  ])('takes the future %s for %s', (id, expected) => {
    expect(brief(instrument(id, 'future'))).toBe(expected);
  });

  it('takes pairs of forex, and stocks, for what they are', () => {
    expect(brief(instrument('EURUSD', 'forex'))).toBe('EUR CASH IDEALPRO USD');
    expect(brief(instrument('AAPL', 'stock', { venue: 'NASDAQ' }))).toBe('AAPL STK SMART USD');
  });

  it('obeys symbols.ibkr, a name alone included', () => {
    expect(brief(instrument('micro', 'future', { symbols: { ibkr: 'MES1!' } }))).toBe('MES FUT CME USD');
    expect(brief(instrument('dax', 'future', { currency: 'EUR', symbols: { ibkr: { symbol: 'DAX', exchange: 'EUREX' } } }))).toBe('DAX FUT EUREX EUR');
    expect(queryOf(instrument('MES', 'future', { symbols: { ibkr: { contractMonth: '202612' } } }))).toMatchObject({ fixed: true, contract: { lastTradeDateOrContractMonth: '202612' } });
  });

  it('names the key of symbols.ibkr that it cannot read', () => {
    expect(() => queryOf(instrument('MES', 'future', { symbols: { ibkr: { contractMonth: 'Dec' } } }))).toThrow('instruments[MES].symbols.ibkr.contractMonth: expected YYYYMM or YYYYMMDD');
    expect(() => queryOf(instrument('MES', 'future', { symbols: { ibkr: { sybol: 'MES' } } }))).toThrow(/sybol/);
  });
});
