import { describe, expect, it } from 'vitest';
import { decimalsOf, formatMoney, formatNumber, roundMoney } from './money.js';

describe('money', () => {
  it.each([
    ['USD', 2],
    ['jpy', 0],
    ['KWD', 3],
    ['BTC', 8],
    ['USDT', 8],
  ])('%s has %i decimals', (currency, decimals) => {
    expect(decimalsOf(currency)).toBe(decimals);
  });

  it.each([
    [1.005, 'USD', 1.01], // its double lies just below the half
    [-1.005, 'USD', -1.01],
    [2.675, 'USD', 2.68],
    [1.004, 'USD', 1],
    [0.1 + 0.2, 'USD', 0.3],
    [-0.001, 'USD', 0],
    [1234.5, 'JPY', 1235],
    [0.123456789, 'BTC', 0.12345679],
    [1e18, 'USD', 1e18],
    [8_589_973_000.35, 'USD', 8_589_973_000.35],
  ])('rounds %d %s to %d', (amount, currency, expected) => {
    expect(roundMoney(amount, currency)).toBe(expected);
  });

  it('groups thousands and knows no minus zero', () => {
    expect(formatNumber(-1234567.891, 2)).toBe('-1,234,567.89');
    expect(formatNumber(-0.001, 2)).toBe('0.00');
    expect(formatNumber(999, 0)).toBe('999');
    expect(formatMoney(1234.5, 'USD')).toBe('1,234.50 USD');
    expect(formatMoney(0.5, 'BTC')).toBe('0.50 BTC');
    expect(formatMoney(0.12345678, 'BTC')).toBe('0.12345678 BTC');
  });
});
