import type { AccountConfig } from '../config/account-schema.js';
import { nearest } from '../config/nearest.js';
import { ConfigError } from '../errors.js';
import type { SeatedRegime } from './seat-components.js';

/**
 * What classifiers say that contradicts one another, or that `decision.ensemble.regime` asks for and nobody says.
 * One that does not tell its labels beforehand may say any.
 */
export function regimeFaults({ decision, regimes }: AccountConfig, seated: readonly SeatedRegime[]): ConfigError[] {
  const faults: ConfigError[] = [];
  const sayers = new Map<string, SeatedRegime>();
  for (const each of seated) {
    for (const dimension of Object.keys(each.classifier.labels ?? {})) {
      const other = sayers.get(dimension);
      if (other === undefined) sayers.set(dimension, each);
      else faults.push(new ConfigError('CFG_CONFLICT', `regimes.${each.place} ('${each.id}') says '${dimension}', and so does regimes.${other.place} ('${other.id}'), expected one classifier for each dimension`, { hint: 'remove one of the two, or switch the dimension off in one of them', context: { path: `regimes.${each.place}` } }));
    }
  }
  const tellsAll = seated.length === regimes.length && seated.every(({ classifier }) => classifier.labels !== undefined);
  for (const [dimension, wanted] of Object.entries(seated.length === 0 ? {} : (decision.ensemble?.regime ?? {}))) {
    const path = `decision.ensemble.regime.${dimension}`;
    const labels = sayers.get(dimension)?.classifier.labels?.[dimension];
    if (labels !== undefined) for (const label of Object.keys(wanted)) faults.push(...unknown('label', label, labels, `${path}.${label}`));
    else if (tellsAll) faults.push(...unknown('dimension', dimension, [...sayers.keys()], path));
  }
  return faults;
}

function unknown(what: string, name: string, known: readonly string[], path: string): ConfigError[] {
  if (known.includes(name)) return [];
  const close = nearest(name, known);
  return [new ConfigError('CFG_REFERENCE', `${path} names ${what} '${name}', expected one that the account's regimes say (${known.join(', ')})`, { hint: close === undefined ? 'use one of these, or take it out' : `did you mean ${close}?`, context: { path } })];
}
