import { expect, it } from 'vitest';
import { accountSchema } from '../config/account-schema.js';
import { regimeFaults } from './regime-faults.js';

type Labels = Readonly<Record<string, readonly string[]>> | undefined;

function faultsOf(labels: readonly Labels[], regime: Record<string, Record<string, Record<string, number>>> = {}): string[] {
  const config = accountSchema.parse({
    account: 'test',
    initialCash: 1,
    instruments: [{ id: 'X', type: 'future', currency: 'USD', tickSize: 1 }],
    data: { timeframe: '1m' },
    strategies: [{ use: 's' }],
    regimes: labels.map((_, i) => ({ use: `r${i}` })),
    decision: { ensemble: { regime } },
  });
  return regimeFaults(config, labels.map((each, place) => ({ id: `r${place}`, place, classifier: { ...(each === undefined ? {} : { labels: each }), classify: () => ({ tradable: true, reason: '', labels: {} }) } }))).map(({ line }) => line);
}

const LEVELS = { level: ['low', 'high'] };

it('finds nothing where each dimension has one classifier, and the ensemble asks for what they say', () => {
  expect(faultsOf([LEVELS, { session: ['open'] }], { level: { high: { s: 0 } }, session: { open: { s: 1 } } })).toEqual([]);
});

it('names both classifiers of one dimension', () => {
  expect(faultsOf([{ session: ['open'] }, LEVELS, { ...LEVELS, other: ['x'] }])).toEqual(["CFG_CONFLICT: regimes.2 ('r2') says 'level', and so does regimes.1 ('r1'), expected one classifier for each dimension: remove one of the two, or switch the dimension off in one of them"]);
});

it('names the dimensions and labels that are said where the ensemble asks for another', () => {
  expect(faultsOf([LEVELS], { levl: { high: { s: 0 } } })).toEqual(["CFG_REFERENCE: decision.ensemble.regime.levl names dimension 'levl', expected one that the account's regimes say (level): did you mean level?"]);
  expect(faultsOf([LEVELS], { level: { extreme: { s: 0 } } })).toEqual(["CFG_REFERENCE: decision.ensemble.regime.level.extreme names label 'extreme', expected one that the account's regimes say (low, high): use one of these, or take it out"]);
});

it('lets pass what a classifier may say that does not tell beforehand, but no label that another one lacks', () => {
  expect(faultsOf([LEVELS, undefined], { mood: { sour: { s: 0 } } })).toEqual([]);
  expect(faultsOf([LEVELS, undefined], { level: { hihg: { s: 0 } } })).toHaveLength(1);
});
