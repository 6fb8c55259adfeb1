import { describe, expect, it } from 'vitest';
import { accountSchema } from './account-schema.js';
import { decisionFaults } from './decision-faults.js';

const faultsOf = (decision: unknown, more: Record<string, unknown> = {}): string[] => {
  const config = accountSchema.parse({
    account: 'test',
    initialCash: 1,
    instruments: [{ id: 'X', type: 'future', currency: 'USD', tickSize: 1 }],
    data: { timeframe: '1m' },
    strategies: [{ use: 'sma-cross' }, { use: 'vwap-reversion', name: 'fade' }],
    regimes: [{ use: 'volatility' }],
    decision,
    ...more,
  });
  return decisionFaults(config).map(({ line }) => line);
};

describe('the rules for votes', () => {
  it('fit an account that has what they name', () => {
    expect(faultsOf({ ensemble: { regime: { volatility: { high: { fade: 0, 'sma-cross': 2 } } }, minAgreement: { strategies: 2 } } })).toEqual([]);
  });

  it.each([
    { title: 'a strategy that is not there, with the nearest name', decision: { ensemble: { regime: { volatility: { high: { 'smacross': 0 } } } } }, more: {}, fault: "CFG_REFERENCE: decision.ensemble.regime.volatility.high names 'smacross', expected a strategy of the account (sma-cross, fade): did you mean sma-cross?" },
    { title: 'the id of a strategy that has a name', decision: { ensemble: { regime: { volatility: { high: { 'vwap-reversion': 0 } } } } }, more: {}, fault: "CFG_REFERENCE: decision.ensemble.regime.volatility.high names 'vwap-reversion', expected a strategy of the account (sma-cross, fade): add it to strategies:, or take it out" },
    { title: 'labels that nobody says', decision: { ensemble: { regime: {} } }, more: { regimes: [] }, fault: 'CFG_CONFLICT: decision.ensemble.regime was given without regimes:, expected a classifier that says the labels: add regimes:, or take it out' },
    { title: 'more strategies than there are', decision: { ensemble: { minAgreement: { strategies: 3 } } }, more: {}, fault: 'CFG_CONFLICT: decision.ensemble.minAgreement.strategies was 3, expected at most the number of strategies (2): lower it, or add strategies' },
    { title: 'a name given twice', decision: {}, more: { strategies: [{ use: 'sma-cross' }, { use: 'rsi-macd', name: 'sma-cross' }] }, fault: "CFG_CONFLICT: strategies.1.name was 'sma-cross', expected a name that no other strategy has: rename one of the two" },
  ])('are refused with $title', ({ decision, more, fault }) => {
    expect(faultsOf(decision, more)).toEqual([fault]);
  });

  it.each([
    { ensemble: { regime: { volatility: { high: { fade: -1 } } } } },
    { ensemble: { performance: { minFactor: 1.1 } } },
    { ensemble: { performance: { maxFactor: 0.9 } } },
    { ensemble: { performance: { lookback: 3 } } },
    { ensemble: { minAgreement: { share: 1.5 } } },
    { ensemble: { minAgreement: { strategies: 0 } } },
    { ensemble: { weights: 'performance' } },
  ])('are refused by the schema: %o', (decision) => {
    expect(() => faultsOf(decision)).toThrow();
  });
});
