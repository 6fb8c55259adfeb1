import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { accountSchema } from '@keelson/core/config';
import { toUtcMs } from '@keelson/core/domain';
import { composeAccount, composeLive } from '@keelson/core/engine';
import { DATA_FEED, STRATEGY, defineDataFeed, definePlugin, defineStrategy } from '@keelson/core/plugin';
import basics from '@keelson/plugin-basics';
import features from '@keelson/plugin-features';
import simulated from '@keelson/plugin-simulated';
import { z } from 'zod';
import { cpuMs } from './cpu-time.mjs';
import { columnsPlugin } from './columns-feed.mjs';
import { someFeatures } from './feature-list.mjs';
import { STEP_MS, TICK } from './market.mjs';

/** The name that the feed is plugged in by. */
const FEED = 'columns';
const QUIET = { debug() {}, info() {}, warn() {}, error() {} };

/** An account with a strategy that uses `count` features on every timeframe and never trades, on a feed of its own. */
function accountOf(count, ids, timeframes, feed, mode, onBar) {
  const everything = defineStrategy({
    params: z.strictObject({}),
    create({ use }) {
      for (const timeframe of timeframes) for (const { id, params } of someFeatures(count, timeframe)) use(id, params, { timeframe });
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
    mode,
    initialCash: 10_000_000,
    instruments: ids.map((id) => ({ id, type: 'future', currency: 'USD', multiplier: 5, tickSize: TICK, calendar: '24/7' })),
    data: { feed: FEED, timeframe: timeframes[0], higherTimeframes: timeframes.slice(1) },
    broker: { use: 'simulated', config: {} },
    strategies: [{ use: 'everything' }, { use: 'clock' }],
    exits: { withoutStop: 'allow' },
    risk: { maxContracts: 5 },
  });
  const plugins = [simulated, features, basics, plugin, feed].map((each) => ({ plugin: each, config: {}, source: each.name }));
  return { config, plugins, baseDir: '.', logger: QUIET };
}

/**
 * An engine over the past. `onBar` is told of each bar of each instrument, after its features: by a strategy of its own,
 * because one with features waits until all are warm.
 */
export function featuresEngine(count, ids, timeframes, chunksOf, onBar = () => undefined) {
  return composeAccount(accountOf(count, ids, timeframes, columnsPlugin(chunksOf, { depth: true }), 'backtest', onBar));
}

/**
 * The same account on paper, in the live loop: no bar is known before it comes. `live(bars, rounds, each)` gives it one bar
 * of every instrument at a time, and tells `each` how long they took together.
 */
export class LiveFeatures {
  constructor(count, ids, timeframes, journal) {
    this.ids = ids;
    this.now = 0;
    const feed = defineDataFeed({ params: z.strictObject({}), create: () => this.feed() });
    const plugin = definePlugin({ name: 'bench-by-hand', version: '1.0.0', api: '^1.0.0', provides: ['data-feed'], register: ({ add }) => add(DATA_FEED, FEED, feed) });
    // no timer goes off: nothing is watched over
    this.engine = composeLive({ ...accountOf(count, ids, timeframes, plugin, 'paper', () => undefined), journal, clock: { now: () => toUtcMs(this.now) }, timer: { after: () => () => undefined } });
  }

  feed() {
    return {
      capabilities: { history: false, live: true, volume: true, depth: true },
      connect: async () => undefined,
      disconnect: async () => undefined,
      async *history() {},
      subscribe: (_requests, handlers) => {
        this.handlers = handlers;
        return () => undefined;
      },
      provenance: () => [],
      warnings: () => [],
    };
  }

  async live(series, rounds, each) {
    const stop = new AbortController();
    let ready = () => undefined;
    const isReady = new Promise((resolve) => (ready = resolve));
    this.now = series[0].time[0];
    const running = this.engine.run({ signal: stop.signal, onReady: ready });
    await Promise.race([isReady, running]);
    for (let i = 0; i < rounds; i++) {
      const bars = series.map((columns) => barAt(columns, i));
      this.now = bars[0].time + STEP_MS;
      const cpu = cpuMs();
      const begin = performance.now();
      for (let k = 0; k < bars.length; k++) this.handlers.onBar(this.ids[k], bars[k]);
      const wallMs = performance.now() - begin;
      each(this.now, wallMs, cpuMs() - cpu);
      await setImmediate();
    }
    stop.abort();
    return running;
  }
}

function barAt({ time, open, high, low, close, volume, depth }, i) {
  return {
    time: time[i],
    open: open[i],
    high: high[i],
    low: low[i],
    close: close[i],
    volume: volume[i],
    depth: { bid: depth.bid[i], ask: depth.ask[i], bidSize: depth.bidSize[i], askSize: depth.askSize[i] },
  };
}
