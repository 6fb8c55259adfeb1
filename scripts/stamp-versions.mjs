// @ts-check
/** Brings the version in each shipped plugin's manifest up to its package's: the second step of a release. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const VERSION = /^( {2}version: ')([^']+)(',)$/m;

/** Every shipped plugin: its source file, the version that stands there, and its package's. */
export function pluginVersions() {
  return readdirSync(join(root, 'packages'))
    .filter((name) => name.startsWith('plugin-'))
    .map((name) => {
      const file = join(root, 'packages', name, 'src/index.ts');
      const found = VERSION.exec(readFileSync(file, 'utf8'))?.[2];
      return { name, file, found, expected: String(JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')).version) };
    });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { file, expected } of pluginVersions()) {
    writeFileSync(file, readFileSync(file, 'utf8').replace(VERSION, (_line, before, _version, after) => `${before}${expected}${after}`));
  }
}
