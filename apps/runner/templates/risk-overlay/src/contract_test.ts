import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { declareSuite, overlaySuite, pluginSuite } from '@keelson/contract-tests';
import plugin, { riskOverlay } from './index.js';

const packageJson = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as object;

declareSuite(pluginSuite, { describe, it }, { plugin, packageJson, main: new URL('./index.js', import.meta.url) }, { of: '__PACKAGE__' });
declareSuite(overlaySuite, { describe, it }, { definition: riskOverlay, params: { maxEquityFraction: 0.0001 } }, { of: '__ID__' });
