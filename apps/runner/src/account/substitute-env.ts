import { ConfigError, type KeelsonError } from '@keelson/core/errors';
import { isAlias, isMap, isScalar, isSeq, parseDocument, type Document, type Scalar } from 'yaml';
import { isSecretPlace, knownSecretForm, variableNameFor, type Secrets } from './secrets.js';

type Environment = Readonly<Record<string, string | undefined>>;

const REFERENCE = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}|\$\{[^}]*\}?/g;
const WHOLE = /^\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}$/;

/*
 * `{`, `,` and the like end a plain scalar inside `{ ... }` and `[ ... ]`. Within `${...}` they are swapped
 * for characters of the private use area before YAML reads the text, one for one, so positions stay.
 */
const MARKS = '{}[],:#&*!|>%@`';
const PRIVATE = 0xe100;

/** Text in which `${...}` can stand anywhere that a plain scalar can. */
export function shieldReferences(text: string): string {
  return text.replace(/\$\{[^}\n]*\}/g, (reference) => reference.replace(/[{}[\],:#&*!|>%@`]/g, (mark) => String.fromCharCode(PRIVATE + MARKS.indexOf(mark))));
}

/** Undoes {@link shieldReferences}. */
export function unshield(text: string): string {
  return text.replace(/[\ue100-\ue10f]/g, (shielded) => MARKS[shielded.charCodeAt(0) - PRIVATE] ?? shielded);
}

/**
 * Fills in `${NAME}` and `${NAME:-default}` (used when the variable is unset or empty); `$${` stands for a
 * literal `${`. A plain scalar that is wholly one reference is read again as YAML, so that `true` and `5`
 * get their types; in quotes, and under the key of a secret, it stays text. Refuses literal secrets.
 *
 * @returns the faults, with `context.path`; secrets that were filled in or found are added to `secrets`
 */
export function substituteEnvironment(document: Document, environment: Environment, secrets: Secrets): KeelsonError[] {
  const faults: KeelsonError[] = [];
  const filled = new Set<unknown>();
  const walk = (node: unknown, path: readonly string[]): void => {
    if (isMap(node)) {
      for (const { key, value } of node.items) {
        if (isScalar(key) && typeof key.value === 'string') key.value = unshield(key.value);
        walk(value, [...path, isScalar(key) ? String(key.value) : String(key)]);
      }
    } else if (isSeq(node)) {
      node.items.forEach((item, index) => walk(item, [...path, String(index)]));
    } else if (isScalar(node)) {
      if (typeof node.value === 'string') node.value = unshield(node.value);
      const before = faults.length;
      if (fill(node, path, environment, secrets, faults) || faults.length > before) filled.add(node);
    } else if (isAlias(node)) {
      // the anchor stands earlier and was seen under its own key; under this one it may be a secret
      const target = node.resolve(document);
      if (target === undefined) faults.push(new ConfigError('CFG_YAML', `${path.join('.')} was *${node.source}, expected an anchor &${node.source} above it`, { hint: 'add the anchor, or quote the text', context: { path: path.join('.') } }));
      else if (isScalar(target) && isSecretPlace(keysOf(path)) && target.value !== '' && target.value !== null && !filled.has(target)) faults.push(literalSecret(path, 'a literal secret', String(target.value), secrets));
      else if (isScalar(target) && isSecretPlace(keysOf(path)) && typeof target.value === 'string') secrets.add(target.value);
    }
  };
  walk(document.contents, []);
  return faults;
}

/** The key that a value stands under; entries of a list stand under the list's. */
function keysOf(path: readonly string[]): readonly string[] {
  return path.filter((part) => !/^\d+$/.test(part)).slice(-1);
}

/** @returns true when the value came from the environment */
function fill(node: Scalar, path: readonly string[], environment: Environment, secrets: Secrets, faults: KeelsonError[]): boolean {
  const text = node.value;
  const at = path.join('.');
  const hidden = isSecretPlace(keysOf(path));
  if (typeof text === 'number' || typeof text === 'bigint') {
    if (hidden) faults.push(literalSecret(path, 'a literal secret', node.source ?? String(text), secrets));
    return false;
  }
  if (typeof text !== 'string') return false;
  const references = [...text.matchAll(REFERENCE)];
  const bare = text.replace(REFERENCE, '');
  const fallbacks = references.map((match) => match[2] ?? '').join('');
  const form = knownSecretForm(bare) ?? knownSecretForm(fallbacks);
  if (form !== undefined || (hidden && text !== '' && (references.length === 0 || fallbacks !== ''))) {
    faults.push(literalSecret(path, form ?? 'a literal secret', references.length === 0 ? text : fallbacks === '' ? bare : fallbacks, secrets));
    return false;
  }
  if (references.length === 0) return false;

  const lookUp = (reference: string, name: string | undefined, fallback: string | undefined): string => {
    if (reference === '$${') return '${';
    if (name === undefined) {
      faults.push(new ConfigError('CFG_ENV', `${at} was ${reference}, expected \${NAME} or \${NAME:-default}`, { hint: 'correct the reference, or write $${ for a literal ${', context: { path: at } }));
      return '';
    }
    const found = environment[name];
    if (found !== undefined && (found !== '' || fallback === undefined)) {
      if (hidden || isSecretPlace([], name)) secrets.add(found);
      return found;
    }
    if (fallback !== undefined) return fallback;
    faults.push(new ConfigError('CFG_ENV', `${at} reads \${${name}}, which is not set, expected a value in the environment`, { hint: `set ${name}, or write \${${name}:-default}`, context: { path: at } }));
    return '';
  };
  const filled = text.replace(REFERENCE, lookUp);
  node.value = WHOLE.test(text) && node.type === 'PLAIN' && !hidden ? readScalar(filled) : filled;
  return true;
}

/** A value of the environment as YAML would read it, if it is a scalar; else the text itself. */
function readScalar(text: string): unknown {
  const { contents, errors } = parseDocument(text, { logLevel: 'silent' });
  if (errors.length > 0 || !isScalar(contents)) return text;
  return contents.value === null && !/^\s*(~|null|Null|NULL)?\s*$/.test(text) ? text : contents.value;
}

function literalSecret(path: readonly string[], kind: string, value: string, secrets: Secrets): KeelsonError {
  secrets.add(value);
  const at = path.join('.');
  const name = variableNameFor(keysOf(path)[0] ?? 'secret');
  return new ConfigError('CFG_SECRET', `${at} was ${kind}, expected a reference to the environment`, { hint: `write \${${name}} and set ${name} in the environment`, context: { path: at } });
}
