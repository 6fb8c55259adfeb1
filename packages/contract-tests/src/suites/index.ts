import type { SuiteOutline } from '../frame/card.js';
import { pluginSuite } from './plugin/plugin-suite.js';

/** Every suite, in the order of the documentation. */
export const SUITES: readonly SuiteOutline[] = [pluginSuite];
