import { describe, expect, it } from 'vitest';
import type { Instrument } from '../domain/instrument.js';
import { instrumentOf } from '../../testing/kernel.js';
import { CurrencyRates } from './currency-rates.js';

const forex = (id: string, baseCurrency: string, currency: string): Instrument => instrumentOf({ id, type: 'forex', baseCurrency, currency });

describe('CurrencyRates', () => {
  it('values the base currency at 1, before and after any price', () => {
    const rates = new CurrencyRates('USD', [forex('EURUSD', 'EUR', 'USD')], {});
    rates.mark(0, 1.25);
    expect(rates.rate(rates.index('USD'))).toBe(1);
  });

  it('takes the value of a currency from the pair that trades it against the base', () => {
    const rates = new CurrencyRates('USD', [instrumentOf(), forex('EURUSD', 'EUR', 'USD')], {});
    expect(rates.rate(rates.index('EUR'))).toBeNaN();
    rates.mark(0, 5000);
    expect(rates.rate(rates.index('EUR'))).toBeNaN();
    rates.mark(1, 1.25);
    expect(rates.rate(rates.index('EUR'))).toBe(1.25);
  });

  it('inverts a pair that is quoted the other way round', () => {
    const rates = new CurrencyRates('USD', [forex('USDJPY', 'USD', 'JPY')], {});
    rates.mark(0, 160);
    expect(rates.rate(rates.index('JPY'))).toBe(1 / 160);
  });

  it('prefers an instrument to a fixed rate once it has a price', () => {
    const rates = new CurrencyRates('USD', [forex('EURUSD', 'EUR', 'USD')], { EUR: 1.1, GBP: 1.3 });
    expect(rates.rate(rates.index('EUR'))).toBe(1.1);
    rates.mark(0, 1.25);
    expect(rates.rate(rates.index('EUR'))).toBe(1.25);
    expect(rates.rate(rates.index('GBP'))).toBe(1.3);
  });

  it('lets only the first instrument of a pair set its rate', () => {
    const rates = new CurrencyRates('USD', [forex('A', 'EUR', 'USD'), forex('B', 'EUR', 'USD')], {});
    rates.mark(1, 9);
    expect(rates.rate(rates.index('EUR'))).toBeNaN();
    rates.mark(0, 1.25);
    rates.mark(1, 9);
    expect(rates.rate(rates.index('EUR'))).toBe(1.25);
  });

  it('never lets a fixed rate or a pair of a future change the base', () => {
    const rates = new CurrencyRates('USD', [instrumentOf({ type: 'future', baseCurrency: 'EUR' })], { USD: 3 });
    rates.mark(0, 9);
    expect(rates.rate(rates.index('USD'))).toBe(1);
    expect(rates.canConvert('EUR')).toBe(false);
  });

  it('says what it can convert: fixed rates and pairs, not what a cross pair would need', () => {
    const rates = new CurrencyRates('USD', [forex('EURUSD', 'EUR', 'USD'), forex('EURJPY', 'EUR', 'JPY')], { GBP: 1.3 });
    expect(['USD', 'EUR', 'GBP', 'JPY', 'CHF'].map((each) => rates.canConvert(each))).toEqual([true, true, true, false, false]);
    expect(rates.index('CHF')).toBe(-1);
  });

  it('says whether a mark changed a rate', () => {
    const rates = new CurrencyRates('USD', [instrumentOf(), forex('EURUSD', 'EUR', 'USD')], {});
    expect(rates.mark(0, 5)).toBe(false);
    expect(rates.mark(1, 1.1)).toBe(true);
  });
});
