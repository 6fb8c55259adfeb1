import type { AdvisorDefinition } from '../ports/advisor.js';
import type { ContextFeedDefinition } from '../ports/context.js';
import type { FeatureDefinition } from '../ports/feature.js';
import type { JournalDefinition } from '../ports/journal.js';
import type { MemoryDefinition } from '../ports/memory.js';
import type { NewsFeedDefinition } from '../ports/news.js';
import type { NotifierDefinition } from '../ports/notifier.js';
import type { ProposalSourceDefinition } from '../ports/proposal.js';
import type { RegimeDefinition } from '../ports/regime.js';
import type { RiskOverlayDefinition } from '../ports/risk-overlay.js';
import type { Clock, Logger, Random } from '../ports/runtime.js';
import type { StrategyDefinition } from '../ports/strategy.js';
import type { BarStoreDefinition } from '../ports/bar-store.js';
import type { BrokerDefinition, DataFeedDefinition } from '../ports/venue.js';

/** The ports a plugin can provide, by the name that its manifest's `provides` uses. */
export interface PortMap {
  broker: BrokerDefinition;
  'data-feed': DataFeedDefinition;
  feature: FeatureDefinition;
  regime: RegimeDefinition;
  strategy: StrategyDefinition;
  advisor: AdvisorDefinition;
  'proposal-source': ProposalSourceDefinition;
  memory: MemoryDefinition;
  'risk-overlay': RiskOverlayDefinition;
  notifier: NotifierDefinition;
  'context-feed': ContextFeedDefinition;
  'news-feed': NewsFeedDefinition;
  journal: JournalDefinition;
  'bar-store': BarStoreDefinition;
}

export type PortName = keyof PortMap;

declare const provided: unique symbol;

/** Names a port, and carries the type of what is added under it. */
export type PortToken<Name extends PortName> = { readonly port: Name };

export const BROKER: PortToken<'broker'> = { port: 'broker' };
export const DATA_FEED: PortToken<'data-feed'> = { port: 'data-feed' };
export const FEATURE: PortToken<'feature'> = { port: 'feature' };
export const REGIME: PortToken<'regime'> = { port: 'regime' };
export const STRATEGY: PortToken<'strategy'> = { port: 'strategy' };
export const ADVISOR: PortToken<'advisor'> = { port: 'advisor' };
export const PROPOSAL_SOURCE: PortToken<'proposal-source'> = { port: 'proposal-source' };
export const MEMORY: PortToken<'memory'> = { port: 'memory' };
export const RISK_OVERLAY: PortToken<'risk-overlay'> = { port: 'risk-overlay' };
export const NOTIFIER: PortToken<'notifier'> = { port: 'notifier' };
export const CONTEXT_FEED: PortToken<'context-feed'> = { port: 'context-feed' };
export const JOURNAL: PortToken<'journal'> = { port: 'journal' };
export const BAR_STORE: PortToken<'bar-store'> = { port: 'bar-store' };
export const NEWS_FEED: PortToken<'news-feed'> = { port: 'news-feed' };

export const PORT_NAMES: readonly PortName[] = ['broker', 'data-feed', 'feature', 'regime', 'strategy', 'advisor', 'proposal-source', 'memory', 'risk-overlay', 'notifier', 'context-feed', 'news-feed', 'journal', 'bar-store'];

/** Names a service in the account's container; `T` is what it resolves to. */
export type Token<T> = { readonly key: symbol; readonly [provided]?: T };

/** A token for a service of one's own; `description` is for messages. */
export function createToken<T>(description: string): Token<T> {
  return { key: Symbol(description) };
}

export const CLOCK: Token<Clock> = createToken<Clock>('clock');
export const RANDOM: Token<Random> = createToken<Random>('random');
export const LOGGER: Token<Logger> = createToken<Logger>('logger');
