import { accountSchema } from '@keelson/core/config';
import { composeAccount } from '@keelson/core/engine';
import { STRATEGY, definePlugin, defineStrategy } from '@keelson/core/plugin';
import basics from '@keelson/plugin-basics';
import features from '@keelson/plugin-features';
import simulated from '@keelson/plugin-simulated';
import { z } from 'zod';
import { columnsPlugin } from './columns-feed.mjs';
import { allFeatures } from './feature-list.mjs';
import { TICK } from './market.mjs';

const QUIET = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * An engine with a strategy that uses every feature on every timeframe and never trades. `onBar` is told of each bar of
 * each instrument, after its features: by a strategy of its own, because one with features waits until all are warm.
 */
export function featuresEngine(ids, timeframes, chunksOf, onBar = () => undefined) {
  const everything = defineStrategy({
    params: z.strictObject({}),
    create({ use }) {
      for (const timeframe of timeframes) for (const { id, params } of allFeatures(timeframe)) use(id, params, { timeframe });
      return { onBar: () => undefined };
    },
  });
  const clock = defineStrategy({ params: z.strictObject({}), create: ({ instrument }) => ({ onBar: ({ time }) => onBar(instrument.id, time) }) });
  const plugin = definePlugin({
    name: 'bench-features',
    version: '1.0.0',
    api: '^1.0.0',
    provides: ['strategy'],
    register({ add }) {
      add(STRATEGY, 'everything', everything);
      add(STRATEGY, 'clock', clock);
    },
  });
  const config = accountSchema.parse({
    account: 'bench',
    initialCash: 10_000_000,
    instruments: ids.map((id) => ({ id, type: 'future', currency: 'USD', multiplier: 5, tickSize: TICK, calendar: '24/7' })),
    data: { feed: 'columns', timeframe: timeframes[0], higherTimeframes: timeframes.slice(1) },
    broker: { use: 'simulated', config: {} },
    strategies: [{ use: 'everything' }, { use: 'clock' }],
    risk: { maxContracts: 5 },
  });
  const plugins = [simulated, features, basics, plugin, columnsPlugin(chunksOf, { depth: true })].map((each) => ({ plugin: each, config: {}, source: each.name }));
  return composeAccount({ config, plugins, baseDir: '.', logger: QUIET });
}
