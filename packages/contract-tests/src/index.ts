/**
 * The contract suites of all ports, and what runs them.
 *
 * @module contract-tests
 */
export type { Card, CardContext, CardOutline, Suite, SuiteOutline, Tier } from './frame/card.js';
export { BOTH_TIERS, OFFLINE } from './frame/card.js';
export type { TestContext, TestRunner } from './frame/declare-suite.js';
export { declareSuite } from './frame/declare-suite.js';
export { ContractFault, SkippedCard, VacuousCard, expectEqual, expectError, expectPresent, expectThat, needed, show, skipUnless, vacuousUnless } from './frame/expectations.js';
export type { CardResult, SuiteOptions, SuiteReport } from './frame/run-suite.js';
export { runCard, runSuite } from './frame/run-suite.js';
export { SUITES } from './suites/index.js';
export type { FeatureSubject } from './suites/feature/feature-subject.js';
export { featureSuite } from './suites/feature/feature-suite.js';
export { brokerSuite } from './suites/broker/broker-suite.js';
export type { BrokerSession, BrokerSubject, VenueControl } from './suites/broker/broker-subject.js';
export type { DataFeedSession, DataFeedSubject, FeedControl } from './suites/data-feed/data-feed-subject.js';
export { dataFeedSuite } from './suites/data-feed/data-feed-suite.js';
export { pluginSuite } from './suites/plugin/plugin-suite.js';
export type { PluginSubject } from './suites/plugin/plugin-subject.js';
export type { AdvisorOutside, AdvisorSubject } from './suites/advisor/advisor-suite.js';
export { advisorSuite } from './suites/advisor/advisor-suite.js';
export { memorySuite } from './suites/memory/memory-suite.js';
export type { MemorySubject } from './suites/memory/memory-suite.js';
export type { NotifierOutside, NotifierSubject } from './suites/notifier/notifier-suite.js';
export { notifierSuite } from './suites/notifier/notifier-suite.js';
export type { RegimeSubject } from './suites/regime/regime-subject.js';
export { regimeSuite } from './suites/regime/regime-suite.js';
export type { OverlaySubject } from './suites/overlay/overlay-subject.js';
export { overlaySuite } from './suites/overlay/overlay-suite.js';
export type { StrategySubject } from './suites/strategy/strategy-subject.js';
export { strategySuite } from './suites/strategy/strategy-suite.js';
export type { JournalControl, JournalPlace, JournalSubject } from './suites/journal/journal-subject.js';
export { journalSuite } from './suites/journal/journal-suite.js';
export type { BarStoreControl, BarStorePlace, BarStoreSubject, KeptRow } from './suites/bar-store/bar-store-subject.js';
export { barStoreSuite } from './suites/bar-store/bar-store-suite.js';
export type { Place } from './lab/place.js';
export type { SourceControl, SourceSession } from './suites/source/source-subject.js';
export type { ContextFeedSession, ContextFeedSubject } from './suites/context-feed/context-feed-suite.js';
export { contextFeedSuite } from './suites/context-feed/context-feed-suite.js';
export type { NewsControl, NewsFeedSession, NewsFeedSubject } from './suites/news-feed/news-feed-suite.js';
export { newsFeedSuite } from './suites/news-feed/news-feed-suite.js';
export type { ProposalControl, ProposalSession, ProposalSourceSubject } from './suites/proposal-source/proposal-source-suite.js';
export { proposalSourceSuite } from './suites/proposal-source/proposal-source-suite.js';
