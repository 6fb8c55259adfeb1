import { declareSuite, regimeSuite, strategySuite } from '@keelson/contract-tests';
import type { RegimeDefinition, StrategyDefinition } from '@keelson/core/ports';
import features from '@keelson/plugin-features';
import { describe, it } from 'vitest';
import plugin from './index.js';

/** What a strategy cannot do without, and what makes its entries frequent enough to be looked at. */
const STRATEGIES: Readonly<Record<string, Record<string, unknown>>> = {
  'pairs-spread': { first: 'LAB', second: 'OTHER' },
  'momentum-reversal': { stretch: 0.5 },
  'trend-pullback': { minAdx: 20 },
  'rsi-macd': { side: 'both', sentiment: { feature: 'rsi', neutral: 50, scale: 50 } },
};

/** Labels of each classifier, by dimension. */
const LABELS = { volatility: ['low', 'normal', 'high', 'extreme'], trend: ['down', 'range', 'up'], liquidity: ['thin', 'normal', 'deep'], session: ['opening', 'open', 'closing', 'closed'] };

plugin.register({
  add({ port }: { readonly port: string }, id: string, definition: StrategyDefinition | RegimeDefinition) {
    if (port === 'strategy') declareSuite(strategySuite, { describe, it }, { definition: definition as StrategyDefinition, params: STRATEGIES[id] ?? {}, plugins: [features] }, { of: id });
    if (port === 'regime') declareSuite(regimeSuite, { describe, it }, { definition: definition as RegimeDefinition, plugins: [features], labels: LABELS }, { of: id });
  },
} as never);
