import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../testing/pages.js';

type Manifest = { readonly dependencies?: Record<string, string>; readonly devDependencies?: Record<string, string>; readonly optionalDependencies?: Record<string, string> };

const manifests = ['', ...['packages', 'apps', 'examples'].flatMap((group) => readdirSync(join(ROOT, group)).map((name) => join(group, name))), 'bench']
  .map((folder) => join(ROOT, folder, 'package.json'))
  .filter((file) => existsSync(file))
  .map((file) => JSON.parse(readFileSync(file, 'utf8')) as Manifest);

const used = manifests
  .flatMap((manifest) => Object.entries({ ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies }))
  .filter(([name]) => !name.startsWith('@keelson/'))
  .map(([name, version]) => `${name} ${version}`);

const record = readFileSync(join(ROOT, 'docs/adr/0006-dependencies.md'), 'utf8');
const rows = [...record.matchAll(/^\| (?!package|---)([^|]+) \| ([^|]+) \| [^|]+ \| ([^|]+) \|$/gm)].map(([, name = '', version = '', reason = '']) => ({ name, version, reason }));

it('lists each dependency of every manifest once, with its version, and none that is not used', () => {
  expect(rows.map(({ name, version }) => `${name} ${version}`).sort()).toEqual([...new Set(used)].sort());
});

it('says what each dependency is for', () => {
  expect(rows.filter(({ reason }) => reason.trim().length < 5)).toEqual([]);
});

it('pins every dependency to an exact version', () => {
  expect(used.filter((entry) => !/ \d+\.\d+\.\d+(-[a-z0-9.]+)?$/.test(entry))).toEqual([]);
});
