import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { declareSuite, pluginSuite, featureSuite } from '@keelson/contract-tests';
import plugin, { feature } from './index.js';

const packageJson = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as object;

declareSuite(pluginSuite, { describe, it }, { plugin, packageJson, main: new URL('./index.js', import.meta.url) }, { of: '__PACKAGE__' });
declareSuite(featureSuite, { describe, it }, { definition: feature }, { of: '__ID__' });
