import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { advisorSuite, declareSuite, pluginSuite } from '@keelson/contract-tests';
import plugin, { advisor } from './index.js';

const packageJson = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as object;

declareSuite(pluginSuite, { describe, it }, { plugin, packageJson, main: new URL('./index.js', import.meta.url) }, { of: '__PACKAGE__' });
// once it asks a model or a service, `outside` says how that fails and falls silent, in the place of `cannot`
const cannot = { fail: 'it asks nothing outside', hang: 'it asks nothing outside' };
declareSuite(advisorSuite, { describe, it }, { definition: advisor, cannot }, { of: '__ID__' });
