import { declareSuite, strategySuite } from '@keelson/contract-tests';
import type { StrategyDefinition } from '@keelson/core/ports';
import features from '@keelson/plugin-features';
import { describe, it } from 'vitest';
import plugin from './index.js';

/** What a strategy cannot do without, and what makes its entries frequent enough to be looked at. */
const SETTINGS: Readonly<Record<string, Record<string, unknown>>> = {
  'pairs-spread': { first: 'LAB', second: 'OTHER' },
  'momentum-reversal': { stretch: 0.5 },
  'trend-pullback': { minAdx: 20 },
  'rsi-macd': { side: 'both', sentiment: { feature: 'rsi', neutral: 50, scale: 50 } },
};

plugin.register({
  add({ port }: { readonly port: string }, id: string, definition: StrategyDefinition) {
    if (port === 'strategy') declareSuite(strategySuite, { describe, it }, { definition, params: SETTINGS[id] ?? {}, plugins: [features] }, { of: id });
  },
} as never);
