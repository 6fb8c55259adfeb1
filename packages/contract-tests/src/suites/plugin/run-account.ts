import { accountSchema } from '@keelson/core/config';
import { composeAccount, type Engine } from '@keelson/core/engine';
import { BROKER, DATA_FEED, STRATEGY, defineBroker, defineDataFeed, definePlugin, defineStrategy, type Plugin } from '@keelson/core/plugin';
import { z } from 'zod';
import { KeptLog } from '../../fakes/kept-log.js';
import { seededBars } from '../../fakes/seeded-bars.js';

const NOTHING = z.looseObject({});

/** A venue, a few bars and a strategy that does nothing: what a plugin needs around it to be started and stopped. */
const stage = definePlugin({
  name: 'contract-stage',
  version: '1.0.0',
  api: '>=1.0.0',
  provides: ['broker', 'data-feed', 'strategy'],
  register({ add }) {
    add(STRATEGY, 'contract-stage', defineStrategy({ params: NOTHING, create: () => ({ onBar: () => undefined }) }));
    add(DATA_FEED, 'contract-stage', defineDataFeed({
      params: NOTHING,
      create: () => ({
        capabilities: { history: true, live: false, volume: true, depth: false },
        connect: async () => undefined,
        disconnect: async () => undefined,
        async *history() {
          yield seededBars(50, 'contract-stage');
        },
        provenance: () => [],
        warnings: () => [],
      }),
    }));
    add(BROKER, 'contract-stage', defineBroker({
      params: NOTHING,
      create: ({ clock }) => ({
        capabilities: { venue: 'simulated', orderTypes: ['market', 'stop'], timesInForce: ['gtc'], nativeBrackets: false, oco: false, modify: false },
        connect: async () => undefined,
        disconnect: async () => undefined,
        snapshot: async () => ({ time: clock.now(), orders: [], positions: [], cash: [] }),
        executionsSince: async () => [],
        submit: () => undefined,
        modify: () => undefined,
        cancel: () => undefined,
        margin: () => 'none',
        warnings: () => [],
      }),
    }));
  },
});

/** An account that does nothing, with the plugin. Composed, not run. */
export function composeAround(plugin: Plugin, log: KeptLog): Engine {
  const account = accountSchema.parse({
    account: 'contract',
    initialCash: 10_000,
    instruments: [{ id: 'MES', type: 'future', currency: 'USD', multiplier: 5, tickSize: 0.25, calendar: '24/7' }],
    data: { feed: 'contract-stage', timeframe: '1m' },
    broker: { use: 'contract-stage' },
    strategies: [{ use: 'contract-stage' }],
  });
  const plugins = [stage, plugin].map((each) => ({ plugin: each, config: {}, source: each.name }));
  return composeAccount({ config: account, plugins, baseDir: '.', logger: log });
}

/** Runs such an account to its end. @throws what failed to start, and what failed to stop */
export async function runAround(plugin: Plugin): Promise<void> {
  const log = new KeptLog();
  await composeAround(plugin, log).run();
  const fault = log.entries.find(({ level, message }) => level === 'error' && message.startsWith('failed to stop'));
  if (fault !== undefined) throw new Error(fault.message);
}
