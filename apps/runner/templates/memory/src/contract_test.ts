import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { declareSuite, memorySuite, pluginSuite } from '@keelson/contract-tests';
import plugin, { memory } from './index.js';

const packageJson = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as object;

declareSuite(pluginSuite, { describe, it }, { plugin, packageJson, main: new URL('./index.js', import.meta.url) }, { of: '__PACKAGE__' });

const folder = mkdtempSync(join(tmpdir(), 'memory-contract-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

declareSuite(
  memorySuite,
  { describe, it },
  {
    definition: memory,
    durable: true,
    get params() {
      return { path: join(folder, `${++files}.jsonl`) };
    },
  },
  { of: '__ID__' },
);
