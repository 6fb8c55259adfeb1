import { ConfigError } from '../errors.js';
import type { AccountConfig } from './account-schema.js';
import { nearest } from './nearest.js';

/** Name that a strategy of the account votes under. */
export function voterName({ use, name }: AccountConfig['strategies'][number]): string {
  return name ?? use;
}

/** What contradicts the rest of the account under `decision:`. */
export function decisionFaults(config: AccountConfig): ConfigError[] {
  const names = config.strategies.map(voterName);
  return [...nameFaults(config), ...regimeFaults(config, names), ...agreementFaults(config, names), ...proposalFaults(config, names)];
}

/** A name that was given is one strategy's alone. */
function nameFaults({ strategies }: AccountConfig): ConfigError[] {
  const names = strategies.map(voterName);
  return strategies.flatMap(({ name }, i) => {
    if (name === undefined || names.every((other, j) => i === j || other !== name)) return [];
    const path = `strategies.${i}.name`;
    return [new ConfigError('CFG_CONFLICT', `${path} was '${name}', expected a name that no other strategy has`, { hint: 'rename one of the two', context: { path } })];
  });
}

function regimeFaults({ decision, regimes }: AccountConfig, names: readonly string[]): ConfigError[] {
  const weights = decision.ensemble?.regime;
  if (weights === undefined) return [];
  const path = 'decision.ensemble.regime';
  const faults: ConfigError[] = [];
  if (regimes.length === 0) faults.push(new ConfigError('CFG_CONFLICT', `${path} was given without regimes:, expected a classifier that says the labels`, { hint: 'add regimes:, or take it out', context: { path } }));
  for (const [dimension, labels] of Object.entries(weights)) {
    for (const [label, factors] of Object.entries(labels)) {
      for (const name of Object.keys(factors)) faults.push(...unknownVoter(name, `${path}.${dimension}.${label}`, names));
    }
  }
  return faults;
}

function agreementFaults({ decision }: AccountConfig, names: readonly string[]): ConfigError[] {
  const wanted = decision.ensemble?.minAgreement?.strategies;
  if (wanted === undefined || wanted <= names.length) return [];
  const path = 'decision.ensemble.minAgreement.strategies';
  return [new ConfigError('CFG_CONFLICT', `${path} was ${wanted}, expected at most the number of strategies (${names.length})`, { hint: 'lower it, or add strategies', context: { path } })];
}

function proposalFaults({ decision, strategies }: AccountConfig, names: readonly string[]): ConfigError[] {
  const confirm = decision.proposals?.confirm ?? 'none';
  const by = confirm === 'none' ? [] : confirm.by;
  const faults = by.flatMap((name) => unknownVoter(name, 'decision.proposals.confirm.by', names));
  if (confirm !== 'none' && confirm.atLeast > new Set(by).size) {
    const path = 'decision.proposals.confirm.atLeast';
    faults.push(new ConfigError('CFG_CONFLICT', `${path} was ${confirm.atLeast}, expected at most the number of strategies in by (${new Set(by).size})`, { hint: 'lower it, or name more strategies', context: { path } }));
  }
  strategies.forEach((strategy, i) => {
    if (strategy.weight > 0 || by.includes(voterName(strategy))) return;
    const path = `strategies.${i}.weight`;
    faults.push(new ConfigError('CFG_CONFLICT', `${path} was 0, expected a number above 0 for a strategy that confirms no proposals`, { hint: 'raise it, or name the strategy in decision.proposals.confirm.by', context: { path } }));
  });
  return faults;
}

function unknownVoter(name: string, path: string, names: readonly string[]): ConfigError[] {
  if (names.includes(name)) return [];
  const close = nearest(name, names);
  return [new ConfigError('CFG_REFERENCE', `${path} names '${name}', expected a strategy of the account (${[...new Set(names)].join(', ')})`, { hint: close === undefined ? 'add it to strategies:, or take it out' : `did you mean ${close}?`, context: { path } })];
}
