import { ConfigError } from '@keelson/core/errors';
import { isCollection, isMap, isScalar, isSeq, parseDocument, type Document } from 'yaml';
import { shieldReferences } from './substitute-env.js';

/**
 * Writes one `path=value` into the tree: `risk.maxContracts=3`, `strategies.0.params.fast=5`. The value is
 * read as YAML; what is missing on the way is made. An index may name the place after a list's last entry.
 *
 * @returns the dotted path
 * @throws ConfigError `CFG_USAGE` when the text has no such form or the path runs into a plain value
 */
export function applySetting(document: Document, setting: string): string {
  const split = setting.indexOf('=');
  const path = setting.slice(0, Math.max(split, 0)).trim();
  const parts = path.split('.');
  if (split <= 0 || parts.includes('')) throw usage(setting, `--set was "${setting}"`, 'expected path=value', 'write for example --set risk.maxContracts=3');

  const parsed = parseDocument(shieldReferences(setting.slice(split + 1)), { prettyErrors: false, logLevel: 'silent' });
  if (parsed.errors.length > 0) throw usage(setting, `the value of --set ${path} was not YAML`, 'expected a YAML value', 'quote the text');

  const keys: Array<string | number> = [];
  let node: unknown = document.contents;
  for (const [depth, part] of parts.entries()) {
    const parent = parts.slice(0, depth).join('.');
    if (isSeq(node)) {
      const index = Number(part);
      if (!/^\d+$/.test(part) || index > node.items.length) throw usage(setting, `--set ${path} names entry ${part} of ${parent}`, `expected an index from 0 to ${node.items.length}`, 'count entries from 0');
      keys.push(index);
      node = node.items[index];
    } else {
      if (node !== undefined && node !== null && !isMap(node) && !(isScalar(node) && node.value === null)) throw usage(setting, `--set ${path} goes through ${parent}, which is a single value`, 'expected a mapping or a list there', `set ${parent} itself`);
      if (isScalar(node)) document.setIn(keys, document.createNode({}));
      keys.push(/^\d+$/.test(part) && node === undefined ? Number(part) : part);
      node = isMap(node) ? node.get(part, true) : undefined;
    }
  }
  const value = parsed.contents ?? document.createNode(null);
  if (isScalar(value) || isCollection(value)) clearPositions(value);
  document.setIn(keys, value);
  return path;
}

/** Positions inside a setting say nothing about the file. */
function clearPositions(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  if ('range' in node) node.range = undefined;
  if (isMap(node)) for (const { key, value } of node.items) [key, value].forEach(clearPositions);
  if (isSeq(node)) node.items.forEach(clearPositions);
}

function usage(setting: string, found: string, expected: string, hint: string): ConfigError {
  return new ConfigError('CFG_USAGE', `${found}, ${expected}`, { hint, context: { setting } });
}
