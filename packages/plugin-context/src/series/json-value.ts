import { DataError } from '@keelson/core/errors';

/**
 * What stands at a place in JSON: a JSON pointer (RFC 6901, `/data/0/value`), or the same with dots (`data.0.value`).
 * Undefined when nothing does.
 */
export function valueAtPath(root: unknown, path: string): unknown {
  const keys = path.startsWith('/') ? path.slice(1).split('/').map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~')) : path === '' ? [] : path.split('.');
  let value = root;
  for (const key of keys) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
}

/** A number, also one that stands in quotes. @throws DataError DATA_FORMAT */
export function numberAt(root: unknown, path: string, host: string): number {
  const value = valueAtPath(root, path);
  const number = typeof value === 'string' && /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw new DataError('DATA_FORMAT', `${host} has ${kindOf(value)} at '${path}', expected a number`, { hint: 'correct the path, or see what it answers' });
}

export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'a mapping' : typeof value === 'string' ? 'text' : String(value);
}
