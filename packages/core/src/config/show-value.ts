import { isSecretKey } from './secret-key.js';

const LONGEST = 60;

/** A configured value as a message shows it, on one line; what stands under a secret's key is hidden. */
export function showValue(value: unknown, key?: string): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'empty';
  if (key !== undefined && isSecretKey(key)) return '(hidden)';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'string') return JSON.stringify(value.length > LONGEST ? `${value.slice(0, LONGEST - 3)}...` : value);
  return String(value);
}

/** What stands at a path inside nested mappings and lists; undefined when nothing does. */
export function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}
