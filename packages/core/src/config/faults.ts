import { ConfigError, KeelsonError, PluginError, type ErrorCode } from '../errors.js';
import type { Schema, SchemaIssue } from '../domain/schema.js';
import { describeSchema, jsonSchemaOf, keysAt, placesOfKeys, schemasAt, type JsonSchema } from './json-schema.js';
import { nearest, sameName } from './nearest.js';
import { showValue, valueAt } from './show-value.js';

/** What zod adds to an issue of the Standard Schema; every field is optional, other validators give none. */
type Issue = SchemaIssue & {
  readonly code?: string;
  readonly keys?: readonly string[];
  readonly errors?: ReadonlyArray<readonly Issue[]>;
  readonly values?: readonly unknown[];
  readonly options?: readonly unknown[];
  readonly expected?: string;
  readonly origin?: string;
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
  readonly inclusive?: boolean;
};

type Place = { readonly code: ErrorCode; readonly where: string; readonly root: unknown; readonly json: JsonSchema | undefined };

/**
 * Issues of a validator as errors, one for each fault, with `context.path` (dotted, from the account file's root).
 *
 * @param code of the errors; `CFG_TYPE` is refined to `CFG_UNKNOWN_KEY` and `CFG_MISSING` where they fit
 * @param where dotted path of `value` in the account file, e.g. `strategies.0.params`; empty for the whole file
 * @param value what was validated, before defaults
 * @param schema what it was validated with: gives the names of known keys for "did you mean", and what was expected
 */
export function schemaFaults(code: ErrorCode, where: string, issues: readonly SchemaIssue[], value: unknown, schema?: Schema): KeelsonError[] {
  const place: Place = { code, where, root: value, json: schema && jsonSchemaOf(schema) };
  return issues.flatMap((issue) => faultsOf(place, issue, []));
}

function faultsOf(place: Place, issue: Issue, above: readonly PropertyKey[]): KeelsonError[] {
  const path = [...above, ...(issue.path ?? []).map((part) => (typeof part === 'object' ? part.key : part))];
  if (issue.code === 'unrecognized_keys' && issue.keys) return issue.keys.map((key) => unknownKey(place, path, key));
  if (issue.code === 'invalid_union' && issue.errors && issue.errors.length > 0) {
    const value = valueAt(place.root, path);
    // the branch that got furthest is the one that was meant: its faults lie inside the value, not at its root
    const inside = issue.errors.filter((branch) => branch.every((fault) => (fault.code !== 'invalid_type' && fault.code !== 'invalid_value') || (fault.path ?? []).length > 0));
    const meant = inside.sort((a, b) => a.length - b.length)[0];
    if (meant !== undefined && typeof value === 'object') return meant.flatMap((fault) => faultsOf(place, fault, path));
  }
  return [wrongValue(place, path, issue)];
}

function unknownKey(place: Place, path: readonly PropertyKey[], key: string): KeelsonError {
  const parent = dotted(place.where, path);
  const known = place.json ? keysAt(place.json, path, place.root) : [];
  const message = `${dotted(place.where, [...path, key])} was found, expected a key ${parent === '' ? 'of the account file' : `of ${parent}`}`;
  return fault(place, 'CFG_UNKNOWN_KEY', message, hintForKey(place.json, parent, key, known), [...path, key]);
}

/** What to do about a key that nobody knows. */
function hintForKey(json: JsonSchema | undefined, parent: string, key: string, known: readonly string[]): string {
  const sibling = nearest(key, known);
  if (sibling !== undefined) return `did you mean ${sibling}?`;
  const settings = known.includes('use') ? known.find((each) => each === 'config' || each === 'params') : undefined;
  if (settings !== undefined) return `settings of what "use" names stand under ${settings}: move it to ${parent}.${settings}.${key}`;
  if (json !== undefined) {
    for (const [name, places] of placesOfKeys(json)) {
      if (!sameName(name, key)) continue;
      const outer = places.filter((at) => !places.some((other) => at.startsWith(`${other}.`)));
      const shown = outer.slice(0, 2).map((at) => (at === '' ? 'at the top level' : `under ${at}`));
      return `${name} stands ${shown.join(' or ')}, move it there`;
    }
  }
  return known.length > 0 ? `remove it; known here: ${known.join(', ')}` : 'remove it';
}

function wrongValue(place: Place, path: readonly PropertyKey[], issue: Issue): KeelsonError {
  const value = valueAt(place.root, path);
  const key = path.at(-1);
  const name = dotted(place.where, path);
  const subject = name === '' ? 'the account file' : name;
  const node = place.json && schemasAt(place.json, path.slice(0, -1), place.root).flatMap((parent) => propertyOf(parent, key))[0];
  if (value === undefined && issue.code !== 'custom') {
    const about = node?.description === undefined ? '' : ` (${lowerFirst(node.description.replace(/\.$/, ''))})`;
    const expected = node === undefined ? expectation(issue) : describeSchema(node);
    return fault(place, 'CFG_MISSING', `${subject} is missing, expected ${expected}${about}`, `add ${key === undefined ? 'it' : String(key)}`, path);
  }
  const stated = /(^|, )expected /.test(issue.message) && issue.message.includes(' was ');
  if (stated) return fault(place, 'CFG_TYPE', name === '' || name === place.where ? withPrefix(name, issue.message) : issue.message, undefined, path);
  const shown = showValue(value, typeof key === 'string' ? key : undefined);
  // a schema's own message may say what to do as well
  const [, told, advice] = /^expected (.*?): ([a-z][^:{}]*)$/.exec(issue.code === 'custom' ? issue.message : '') ?? [];
  if (told !== undefined) return fault(place, 'CFG_TYPE', `${subject} was ${shown}, expected ${told}`, advice, path);
  const expected = /^expected /.test(issue.message) ? issue.message.slice('expected '.length) : node !== undefined && rangeOrType(issue) ? describeSchema(node) : expectation(issue);
  return fault(place, 'CFG_TYPE', `${subject} was ${shown}, expected ${expected}`, hintForValue(issue, value, key), path);
}

const withPrefix = (name: string, message: string): string => (name === '' ? message : `${name}: ${message}`);

function propertyOf(parent: JsonSchema, key: PropertyKey | undefined): JsonSchema[] {
  if (key === undefined) return [parent];
  const open = typeof parent.additionalProperties === 'object' ? parent.additionalProperties : undefined;
  const found = typeof key === 'number' ? parent.items : (parent.properties?.[String(key)] ?? open);
  return found === undefined ? [] : [found];
}

const rangeOrType = (issue: Issue): boolean => issue.code === 'too_small' || issue.code === 'too_big' ? issue.origin === 'number' || issue.origin === 'int' : issue.code === 'invalid_type';

const NOUNS: Readonly<Record<string, string>> = { string: 'text', number: 'a number', int: 'a whole number', boolean: 'true or false', array: 'a list', object: 'a mapping', record: 'a mapping', null: 'nothing' };

/** What an issue expects, in words. */
function expectation(issue: Issue): string {
  const bound = issue.minimum ?? issue.maximum;
  switch (issue.code) {
    case 'invalid_type':
      return NOUNS[issue.expected ?? ''] ?? issue.expected ?? 'another type';
    case 'invalid_value':
      return `one of ${(issue.values ?? []).map(String).join(', ')}`;
    case 'too_small':
      return issue.origin === 'array' ? `at least ${String(bound)} ${bound === 1 ? 'entry' : 'entries'}` : issue.origin === 'string' ? `text of at least ${String(bound)} ${bound === 1 ? 'character' : 'characters'}` : `a number ${issue.inclusive === false ? 'above' : 'of at least'} ${String(bound)}`;
    case 'too_big':
      return issue.origin === 'array' ? `at most ${String(bound)} entries` : issue.origin === 'string' ? `text of at most ${String(bound)} characters` : `a number ${issue.inclusive === false ? 'below' : 'of at most'} ${String(bound)}`;
    case 'invalid_union': {
      if (issue.options !== undefined) return `one of ${issue.options.map(String).join(', ')}`;
      const kinds = [...new Set((issue.errors ?? []).flatMap((branch) => branch.slice(0, 1).map(expectation)))];
      return kinds.length > 0 ? kinds.join(' or ') : 'another value';
    }
    default:
      return issue.message.replace(/^(Invalid [a-z]+: )?(expected|must be|must) /i, '').replace(/^Invalid ISO datetime$/, 'a time with zone such as 2024-03-15T13:30:00Z');
  }
}

function hintForValue(issue: Issue, value: unknown, key: PropertyKey | undefined): string {
  const name = key === undefined ? 'it' : typeof key === 'number' ? `entry ${key}` : String(key);
  const choices = (issue.values ?? issue.options ?? []).map(String);
  if (choices.length > 0) {
    const near = typeof value === 'string' ? nearest(value, choices) : undefined;
    return near === undefined ? `choose one of them` : `did you mean ${near}?`;
  }
  if (issue.code === 'invalid_type') {
    if (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) && /number|int/.test(issue.expected ?? '')) return 'remove the quotes';
    if (issue.expected === 'string' && (typeof value === 'number' || typeof value === 'boolean')) return 'put it in quotes';
    if (issue.expected === 'boolean') return 'write true or false';
    if (issue.expected === 'array') return 'write a list: [ ... ]';
  }
  return `change ${name}`;
}

function fault(place: Place, refined: ErrorCode, message: string, hint: string | undefined, path: readonly PropertyKey[]): KeelsonError {
  const code = place.code === 'CFG_TYPE' ? refined : place.code;
  const details = { ...(hint === undefined ? {} : { hint }), context: { path: dotted(place.where, path) } };
  return code.startsWith('CFG_') ? new ConfigError(code, message, details) : new PluginError(code, message, details);
}

function dotted(where: string, path: readonly PropertyKey[]): string {
  return [...(where === '' ? [] : [where]), ...path.map(String)].join('.');
}

const lowerFirst = (text: string): string => (/^[A-Z][a-z]/.test(text) ? text[0]!.toLowerCase() + text.slice(1) : text);
