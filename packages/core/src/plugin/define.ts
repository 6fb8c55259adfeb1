import type { Journal, JournalContext, JournalDefinition } from '../ports/journal.js';
import type { AdvisorContext, AdvisorDefinition, Advisor } from '../ports/advisor.js';
import type { BarStore, BarStoreContext, BarStoreDefinition } from '../ports/bar-store.js';
import type { Broker } from '../ports/broker.js';
import type { ContextFeed, ContextFeedContext, ContextFeedDefinition } from '../ports/context.js';
import type { DataFeed } from '../ports/data-feed.js';
import type { Feature, FeatureContext, FeatureDefinition, FeatureNeed } from '../ports/feature.js';
import type { Memory, MemoryContext, MemoryDefinition } from '../ports/memory.js';
import type { NewsFeed, NewsFeedContext, NewsFeedDefinition } from '../ports/news.js';
import type { Notifier, NotifierContext, NotifierDefinition } from '../ports/notifier.js';
import type { ProposalSource, ProposalSourceContext, ProposalSourceDefinition } from '../ports/proposal.js';
import type { RegimeClassifier, RegimeContext, RegimeDefinition } from '../ports/regime.js';
import type { OverlayContext, RiskOverlay, RiskOverlayDefinition } from '../ports/risk-overlay.js';
import type { Schema } from '../domain/schema.js';
import type { Strategy, StrategyContext, StrategyDefinition } from '../ports/strategy.js';
import type { BrokerDefinition, DataFeedDefinition, VenueContext } from '../ports/venue.js';

/*
 * Each `define…` infers the parameters' type from the schema, so that `create` is checked against it, and
 * forgets it again: the kernel validates parameters with the schema before it calls `create`.
 */

export function defineStrategy<P>(definition: { params: Schema<P>; create(context: StrategyContext<P>): Strategy }): StrategyDefinition {
  return definition as StrategyDefinition;
}

export function defineFeature<P>(definition: { params: Schema<P>; outputs: readonly [string, ...string[]]; needs?: readonly FeatureNeed[]; ahead?: boolean; create(context: FeatureContext<P>): Feature }): FeatureDefinition {
  return definition as FeatureDefinition;
}

export function defineRegime<P>(definition: { params: Schema<P>; create(context: RegimeContext<P>): RegimeClassifier }): RegimeDefinition {
  return definition as RegimeDefinition;
}

export function defineAdvisor<P>(definition: { params: Schema<P>; create(context: AdvisorContext<P>): Advisor }): AdvisorDefinition {
  return definition as AdvisorDefinition;
}

export function defineProposalSource<P>(definition: { params: Schema<P>; create(context: ProposalSourceContext<P>): ProposalSource }): ProposalSourceDefinition {
  return definition as ProposalSourceDefinition;
}

export function defineMemory<P>(definition: { params: Schema<P>; create(context: MemoryContext<P>): Memory }): MemoryDefinition {
  return definition as MemoryDefinition;
}

export function defineRiskOverlay<P>(definition: { params: Schema<P>; create(context: OverlayContext<P>): RiskOverlay }): RiskOverlayDefinition {
  return definition as RiskOverlayDefinition;
}

export function defineNotifier<P>(definition: { params: Schema<P>; create(context: NotifierContext<P>): Notifier }): NotifierDefinition {
  return definition as NotifierDefinition;
}

export function defineBroker<P>(definition: { params: Schema<P>; create(context: VenueContext<P>): Broker }): BrokerDefinition {
  return definition as BrokerDefinition;
}

export function defineDataFeed<P>(definition: { params: Schema<P>; create(context: VenueContext<P>): DataFeed }): DataFeedDefinition {
  return definition as DataFeedDefinition;
}

export function defineContextFeed<P>(definition: { params: Schema<P>; create(context: ContextFeedContext<P>): ContextFeed }): ContextFeedDefinition {
  return definition as ContextFeedDefinition;
}

export function defineNewsFeed<P>(definition: { params: Schema<P>; create(context: NewsFeedContext<P>): NewsFeed }): NewsFeedDefinition {
  return definition as NewsFeedDefinition;
}

export function defineJournal<P>(definition: { params: Schema<P>; create(context: JournalContext<P>): Journal }): JournalDefinition {
  return definition as JournalDefinition;
}

export function defineBarStore<P>(definition: { params: Schema<P>; create(context: BarStoreContext<P>): BarStore }): BarStoreDefinition {
  return definition as BarStoreDefinition;
}
