import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { declareSuite, pluginSuite } from '@keelson/contract-tests';
import { describe, it } from 'vitest';
import { SHIPPED_PLUGINS } from './load-plugins.js';

const { resolve } = createRequire(import.meta.url);

for (const name of SHIPPED_PLUGINS) {
  const { default: plugin } = (await import(name)) as { readonly default: unknown };
  const file = resolve(`${name}/package.json`);
  const packageJson = JSON.parse(readFileSync(file, 'utf8')) as { readonly name: string; readonly version: string };
  declareSuite(pluginSuite, { describe, it }, { plugin, packageJson, main: pathToFileURL(join(dirname(file), 'dist/index.js')) }, { of: name });
}
