import type { SuiteOutline } from '../frame/card.js';
import { featureSuite } from './feature/feature-suite.js';
import { brokerSuite } from './broker/broker-suite.js';
import { pluginSuite } from './plugin/plugin-suite.js';
import { strategySuite } from './strategy/strategy-suite.js';

/** Every suite, in the order of the documentation. */
export const SUITES: readonly SuiteOutline[] = [
  pluginSuite,
  brokerSuite,
  featureSuite,
  strategySuite,
];
