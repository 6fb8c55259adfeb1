import { accountSchema } from '@keelson/core/config';
import { composeAccount } from '@keelson/core/engine';
import { STRATEGY, definePlugin, defineStrategy } from '@keelson/core/plugin';
import basics from '@keelson/plugin-basics';
import simulated from '@keelson/plugin-simulated';
import features from '@keelson/plugin-features';
import strategies from '@keelson/plugin-strategies';
import { z } from 'zod';
import { columnsPlugin } from './columns-feed.mjs';
import { TICK } from './market.mjs';

const QUIET = { debug() {}, info() {}, warn() {}, error() {} };

/** Workload B's strategy: `sma-cross` with an RSI filter; its bracket comes from the account's `exits`. */
const filtered = defineStrategy({
  params: z.strictObject({}),
  create({ use }) {
    const fast = use('sma', { period: 10 });
    const slow = use('sma', { period: 30 });
    const rsi = use('rsi', { period: 14 });
    return {
      onBar({ signal }) {
        if (fast.crossedAbove(slow)) {
          if (rsi.value > 50) signal.long({ reason: 'fast above slow' });
        } else if (fast.crossedBelow(slow)) signal.flat({ reason: 'fast below slow' });
      },
    };
  },
});

/** Workload D's strategy: `sma-cross` with 50 features in use. */
const fifty = defineStrategy({
  params: z.strictObject({}),
  create({ use }) {
    const fast = use('sma', { period: 10 });
    const slow = use('sma', { period: 30 });
    for (let i = 0; i < 12; i++) {
      use('sma', { period: 12 + 3 * i });
      use('ema', { period: 5 + 3 * i });
      use('rsi', { period: 5 + 2 * i });
      use('atr', { period: 5 + 2 * i });
    }
    return {
      onBar({ signal }) {
        if (fast.crossedAbove(slow)) signal.long({ reason: 'fast above slow' });
        else if (fast.crossedBelow(slow)) signal.flat({ reason: 'fast below slow' });
      },
    };
  },
});

const benchStrategies = definePlugin({
  name: 'bench-strategies',
  version: '1.0.0',
  api: '^1.0.0',
  provides: ['strategy'],
  register({ add }) {
    add(STRATEGY, 'filtered', filtered);
    add(STRATEGY, 'fifty', fifty);
  },
});

function account(instruments, strategy, extra = {}) {
  return accountSchema.parse({
    account: 'bench',
    initialCash: 10_000_000,
    instruments: instruments.map((id) => ({ id, type: 'future', currency: 'USD', multiplier: 5, tickSize: TICK, calendar: '24/7' })),
    data: { feed: 'columns', timeframe: '1m' },
    broker: { use: 'simulated', config: extra.broker ?? {} },
    strategies: [strategy],
    exits: extra.exits ?? {},
    risk: { maxContracts: 5 },
  });
}

export const ACCOUNTS = {
  A: (ids) => account(ids, { use: 'sma-cross', params: { fast: 10, slow: 30 } }),
  B: (ids) => account(ids, { use: 'filtered' }, { exits: { stopAtr: 2, rewardRisk: 1.5 }, broker: { commission: { fraction: 0.0002 } } }),
  C: (ids) => account(ids, { use: 'sma-cross', params: { fast: 10, slow: 30 } }),
  D: (ids) => account(ids, { use: 'fifty' }),
};

/** An engine for a workload over what `chunksOf` gives for each instrument. */
export function engineFor(name, ids, chunksOf, journal) {
  const plugins = [simulated, features, strategies, basics, benchStrategies, columnsPlugin(chunksOf)].map((plugin) => ({ plugin, config: {}, source: plugin.name }));
  return composeAccount({ config: ACCOUNTS[name](ids), plugins, baseDir: '.', logger: QUIET, ...(journal === undefined ? {} : { journal }) });
}
