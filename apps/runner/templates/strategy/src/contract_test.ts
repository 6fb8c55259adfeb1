import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { declareSuite, pluginSuite, strategySuite } from '@keelson/contract-tests';
import plugin, { strategy } from './index.js';

const packageJson = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as object;

declareSuite(pluginSuite, { describe, it }, { plugin, packageJson, main: new URL('./index.js', import.meta.url) }, { of: '__PACKAGE__' });
declareSuite(strategySuite, { describe, it }, { definition: strategy }, { of: '__ID__' });
