export type { PluginContainer } from './container.js';
export { createContainer } from './container.js';
export { defineAdvisor, defineBarStore, defineBroker, defineContextFeed, defineDataFeed, defineFeature, defineJournal, defineMemory, defineNewsFeed, defineNotifier, defineProposalSource, defineRegime, defineRiskOverlay, defineStrategy } from './define.js';
export type { Plugin, PluginContext } from './define-plugin.js';
export { PLUGIN_API_VERSION, definePlugin, isPlugin } from './define-plugin.js';
export type { HookOrder, Hooks, ObserveHooks, ReviewHooks, TransformHooks } from '../pipeline/hooks.js';
export type { LoadedPlugin } from './register-plugins.js';
export type { PortMap, PortName, PortToken, Token } from './tokens.js';
export { ADVISOR, BAR_STORE, BROKER, CLOCK, CONTEXT_FEED, DATA_FEED, FEATURE, JOURNAL, LOGGER, MEMORY, NEWS_FEED, NOTIFIER, PORT_NAMES, PROPOSAL_SOURCE, RANDOM, REGIME, RISK_OVERLAY, STRATEGY, createToken } from './tokens.js';
