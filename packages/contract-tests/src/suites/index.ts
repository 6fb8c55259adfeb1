import type { SuiteOutline } from '../frame/card.js';
import { advisorSuite } from './advisor/advisor-suite.js';
import { barStoreSuite } from './bar-store/bar-store-suite.js';
import { brokerSuite } from './broker/broker-suite.js';
import { contextFeedSuite } from './context-feed/context-feed-suite.js';
import { dataFeedSuite } from './data-feed/data-feed-suite.js';
import { featureSuite } from './feature/feature-suite.js';
import { journalSuite } from './journal/journal-suite.js';
import { memorySuite } from './memory/memory-suite.js';
import { newsFeedSuite } from './news-feed/news-feed-suite.js';
import { notifierSuite } from './notifier/notifier-suite.js';
import { overlaySuite } from './overlay/overlay-suite.js';
import { pluginSuite } from './plugin/plugin-suite.js';
import { proposalSourceSuite } from './proposal-source/proposal-source-suite.js';
import { regimeSuite } from './regime/regime-suite.js';
import { strategySuite } from './strategy/strategy-suite.js';

/** Every suite, in the order of the documentation. */
export const SUITES: readonly SuiteOutline[] = [
  pluginSuite,
  brokerSuite,
  dataFeedSuite,
  featureSuite,
  regimeSuite,
  strategySuite,
  advisorSuite,
  memorySuite,
  overlaySuite,
  notifierSuite,
  contextFeedSuite,
  newsFeedSuite,
  proposalSourceSuite,
  journalSuite,
  barStoreSuite,
];
