import { declareSuite, memorySuite, overlaySuite, type OverlaySubject } from '@keelson/contract-tests';
import type { MemoryDefinition, RiskOverlayDefinition } from '@keelson/core/ports';
import features from '@keelson/plugin-features';
import { describe, it } from 'vitest';
import plugin from './index.js';

/** What an overlay cannot do without, and what makes it bite on the bars of the trial. */
const OVERLAYS: Readonly<Record<string, Partial<OverlaySubject>>> = {
  'max-quantity': { params: { quantity: 4 } },
  'exposure-cap': { params: { groups: [{ name: 'all', instruments: ['LAB', 'OTHER'], maxFraction: 0.001 }] } },
  'slippage-guard': { params: { maxTicks: 1 } },
  'max-drawdown-pause': { params: { maxDrawdown: 0.000001 } },
};

plugin.register({
  add({ port }: { readonly port: string }, id: string, definition: RiskOverlayDefinition | MemoryDefinition) {
    if (port === 'risk-overlay') declareSuite(overlaySuite, { describe, it }, { definition: definition as RiskOverlayDefinition, plugins: [features], ...OVERLAYS[id] }, { of: id });
    if (port === 'memory') declareSuite(memorySuite, { describe, it }, { definition: definition as MemoryDefinition }, { of: id });
  },
} as never);
