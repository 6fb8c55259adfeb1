import { describe, expect, it } from 'vitest';
import { accountSchema } from './account-schema.js';
import { decisionFaults } from './decision-faults.js';
import { decisionSchema } from './decision-schema.js';
import { schemaFaults } from './faults.js';

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

describe('the rules for proposals', () => {
  const proposals = (fields: Record<string, unknown>): unknown => ({ proposals: { sources: [{ use: 'file' }], confirm: { by: ['fade'] }, ...fields } });
  const schemaLines = (fields: Record<string, unknown>): string[] => {
    const value = proposals(fields);
    const result = decisionSchema.safeParse(value);
    return result.success ? [] : schemaFaults('CFG_TYPE', 'decision', result.error.issues, value, decisionSchema).map(({ line }) => line);
  };

  it('fit an account whose strategies confirm, also with no weight of their own', () => {
    expect(faultsOf(proposals({}), { strategies: [{ use: 'rsi-macd', name: 'fade', weight: 0 }] })).toEqual([]);
    expect(faultsOf(proposals({ confirm: 'none' }))).toEqual([]);
  });

  it.each([
    { title: 'a strategy that is not there, with the nearest name', decision: proposals({ confirm: { by: ['sma-crss'] } }), more: {}, fault: "CFG_REFERENCE: decision.proposals.confirm.by names 'sma-crss', expected a strategy of the account (sma-cross, fade): did you mean sma-cross?" },
    { title: 'more confirmations than there are strategies', decision: proposals({ confirm: { by: ['fade', 'fade'], atLeast: 2 } }), more: {}, fault: 'CFG_CONFLICT: decision.proposals.confirm.atLeast was 2, expected at most the number of strategies in by (1): lower it, or name more strategies' },
    { title: 'a strategy that neither votes nor confirms', decision: proposals({}), more: { strategies: [{ use: 'sma-cross', weight: 0 }, { use: 'rsi-macd', name: 'fade' }] }, fault: 'CFG_CONFLICT: strategies.0.weight was 0, expected a number above 0 for a strategy that confirms no proposals: raise it, or name the strategy in decision.proposals.confirm.by' },
  ])('are refused with $title', ({ decision, more, fault }) => {
    expect(faultsOf(decision, more)).toEqual([fault]);
  });

  it.each([
    { title: 'nothing that confirms', fields: { confirm: undefined }, fault: /^CFG_MISSING: decision\.proposals\.confirm is missing, expected / },
    { title: 'nobody who confirms', fields: { confirm: { by: [] } }, fault: /^CFG_TYPE: decision\.proposals\.confirm\.by was an empty list, expected at least 1 entry/ },
    { title: 'a way to confirm without names', fields: { confirm: { atLeast: 1 } }, fault: /^CFG_MISSING: decision\.proposals\.confirm\.by is missing/ },
    { title: 'another word for none', fields: { confirm: 'no' }, fault: /^CFG_TYPE: decision\.proposals\.confirm was "no", expected / },
    { title: 'no source', fields: { sources: [] }, fault: /^CFG_TYPE: decision\.proposals\.sources was an empty list, expected at least 1 entry/ },
    { title: 'a rule that is not known', fields: { maxDistance: 1 }, fault: /^CFG_UNKNOWN_KEY: decision\.proposals\.maxDistance was found.*did you mean maxDistanceAtr\?/ },
  ])('are refused by the schema with $title', ({ fields, fault }) => {
    expect(schemaLines(fields).join('\n')).toMatch(fault);
  });
});

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
