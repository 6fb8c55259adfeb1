import { advisorSuite, declareSuite, memorySuite, notifierSuite, overlaySuite, type NotifierSubject, type OverlaySubject } from '@keelson/contract-tests';
import type { AdvisorDefinition, MemoryDefinition, NotifierDefinition, RiskOverlayDefinition } from '@keelson/core/ports';
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

/** What the log was told is what arrives. */
const outside: NotifierSubject['outside'] = (log) => ({
  arrived: () => log.entries.map(({ message, fields }) => `${message} ${JSON.stringify(fields)}`),
});

plugin.register({
  add({ port }: { readonly port: string }, id: string, definition: unknown) {
    const runner = { describe, it };
    if (port === 'risk-overlay') declareSuite(overlaySuite, runner, { definition: definition as RiskOverlayDefinition, plugins: [features], ...OVERLAYS[id] }, { of: id });
    if (port === 'memory') declareSuite(memorySuite, runner, { definition: definition as MemoryDefinition, durable: false }, { of: id });
    if (port === 'advisor') declareSuite(advisorSuite, runner, { definition: definition as AdvisorDefinition, params: id === 'fixed' ? { bias: 'bullish' } : {}, cannot: { fail: 'it asks nobody', hang: 'it asks nobody' } }, { of: id });
    if (port === 'notifier') declareSuite(notifierSuite, runner, { definition: definition as NotifierDefinition, outside, cannot: { fail: 'the log takes all that it is told', hang: 'the log takes all that it is told', secrets: 'it has no settings' } }, { of: id });
  },
} as never);
