import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isSecretKey, type AccountConfig } from '@keelson/core/config';
import type { LoadedPlugin } from '@keelson/core/plugin';
import { ownVersion } from '../own-version.js';
import type { Secrets } from './secrets.js';

/** What stands in a journal for every start: enough to put the account together again, without secrets. */
export type RunSetup = {
  readonly keelson: string;
  readonly node: string;
  /** Folder of the account file. */
  readonly baseDir: string;
  /** The account as it was checked: after `--set`, the environment and all defaults. */
  readonly config: unknown;
  readonly plugins: readonly SetupPlugin[];
};

export type SetupPlugin = {
  readonly name: string;
  readonly version: string;
  /** As the account names it. */
  readonly use: string;
  /** Of a plugin that is one file: `sha256:...` of its bytes. */
  readonly hash?: string;
};

export function runSetup(config: AccountConfig, plugins: readonly LoadedPlugin[], baseDir: string, secrets: Secrets): RunSetup {
  return { keelson: ownVersion(), node: process.version, baseDir, config: withoutSecrets(config, secrets), plugins: pluginsOf(plugins, baseDir) };
}

export function pluginsOf(plugins: readonly LoadedPlugin[], baseDir: string): SetupPlugin[] {
  return plugins.map(({ plugin: { name, version }, source }) => {
    const hash = fileHash(source, baseDir);
    return { name, version, use: source, ...(hash === undefined ? {} : { hash }) };
  });
}

/** What differs between then and now, one line each. */
export function setupDifferences(then: RunSetup, now: Pick<RunSetup, 'keelson' | 'plugins'>): string[] {
  const lines = then.keelson === now.keelson ? [] : [`keelson was ${then.keelson}, and is ${now.keelson}`];
  for (const { name, version, hash } of then.plugins) {
    const other = now.plugins.find((plugin) => plugin.name === name);
    if (other === undefined) lines.push(`${name} ${version} was loaded, and is not now`);
    else if (other.version !== version) lines.push(`${name} was ${version}, and is ${other.version}`);
    else if (other.hash !== hash) lines.push(`${name} has changed: its file (${other.use}) is not what it was`);
  }
  for (const { name, version } of now.plugins) if (!then.plugins.some((plugin) => plugin.name === name)) lines.push(`${name} ${version} is loaded, and was not then`);
  return lines;
}

function withoutSecrets(value: unknown, secrets: Secrets, key = ''): unknown {
  if (Array.isArray(value)) return value.map((entry) => withoutSecrets(entry, secrets, key));
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withoutSecrets(inner, secrets, name)]));
  if (value === undefined || value === null || typeof value === 'boolean') return value;
  if (key !== '' && isSecretKey(key)) return '***';
  return typeof value === 'string' ? secrets.redact(value) : value;
}

function fileHash(use: string, baseDir: string): string | undefined {
  if (!use.startsWith('.') && !isAbsolute(use) && !use.startsWith('file:')) return undefined;
  const file = use.startsWith('file:') ? fileURLToPath(use) : resolve(baseDir, use);
  try {
    if (!statSync(file).isFile()) return undefined;
    return `sha256:${createHash('sha256').update(readFileSync(file)).digest('hex')}`;
  } catch {
    return undefined; // it was loaded, so it is gone since: its version must do
  }
}
