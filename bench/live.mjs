import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { accountSchema } from '@keelson/core/config';
import { toUtcMs } from '@keelson/core/domain';
import { composeLive } from '@keelson/core/engine';
import { ADVISOR, BROKER, DATA_FEED, NOTIFIER, defineAdvisor, defineBroker, defineDataFeed, defineNotifier, definePlugin } from '@keelson/core/plugin';
import basics from '@keelson/plugin-basics';
import features from '@keelson/plugin-features';
import { SqliteJournal } from '@keelson/plugin-journal';
import simulated, { simulatedBroker } from '@keelson/plugin-simulated';
import strategies from '@keelson/plugin-strategies';
import { z } from 'zod';
import { cpuMs } from './cpu-time.mjs';
import { randomWalk, STEP_MS, TICK } from './market.mjs';
import { Samples } from './samples.mjs';

const QUIET = { debug() {}, info() {}, warn() {}, error() {} };
const NEVER = new Promise(() => undefined);
const WARM_UP = 20_000;
const MILLION = 1_000_000;
/** Distinct bars; a long run goes through them again and again, at later times. */
const DISTINCT = 200_000;

const STRATEGIES = ['sma-cross', 'donchian-trend', 'trend-pullback', 'breakout-volatility', 'opening-range-breakout', 'rsi-macd', 'momentum-reversal', 'vwap-reversion'];

function accountOf({ hanging }) {
  return accountSchema.parse({
    account: 'bench',
    mode: 'paper',
    initialCash: 10_000_000,
    instruments: [{ id: 'A', type: 'future', currency: 'USD', multiplier: 5, tickSize: TICK, calendar: '24/7' }],
    data: { feed: 'by-hand', timeframe: '1m' },
    broker: { use: 'timed', config: { commission: { perContract: 0.62 }, slippage: { ticks: 1 } } },
    strategies: [...STRATEGIES.map((use) => ({ use })), { use: 'sma-cross', name: 'slow-cross', params: { fast: 50, slow: 200 } }],
    memory: { use: 'in-memory' },
    ...(hanging ? { advisors: [{ use: 'hangs' }], notifiers: [{ use: 'hangs' }] } : {}),
    decision: { minConfidence: 0.3 },
    exits: { stopAtr: 2, rewardRisk: 2, trailing: { afterR: 1, distanceAtr: 1.5 } },
    overlays: [{ use: 'min-reward-risk', config: { ratio: 1.5 } }],
    risk: { maxContracts: 5 },
  });
}

/** The journal of a live run, with the time that it waits for in `sync`. */
class TimedJournal extends SqliteJournal {
  waited = 0;

  sync() {
    const start = performance.now();
    super.sync();
    this.waited += performance.now() - start;
  }
}

/**
 * One life of an account on paper, in the live loop: bars are given by hand, one after the other, and between two of
 * them the process has its moment, as it has between real ones.
 */
class PaperLife {
  submittedAt = 0;
  submittedCpu = 0;
  now = Date.UTC(2020, 0, 1);
  orders = 0;
  handlers;

  constructor(folder, options) {
    const path = join(folder, `journal-${performance.now()}.db`);
    this.journal = new TimedJournal({ path, account: 'bench', purpose: 'live', existing: 'refuse', logger: QUIET });
    const parts = definePlugin({
      name: 'bench-live',
      version: '1.0.0',
      api: '^1.0.0',
      provides: ['data-feed', 'broker', 'advisor', 'notifier'],
      register: ({ add }) => {
        add(DATA_FEED, 'by-hand', defineDataFeed({ params: z.strictObject({}), create: () => this.feed() }));
        add(BROKER, 'timed', defineBroker({ params: simulatedBroker.params, create: (context) => this.timed(simulatedBroker.create(context)) }));
        add(ADVISOR, 'hangs', defineAdvisor({ params: z.strictObject({}), create: () => ({ schedule: { everyMs: STEP_MS, latencyMs: 0 }, refresh: () => NEVER }) }));
        add(NOTIFIER, 'hangs', defineNotifier({ params: z.strictObject({}), create: () => ({ notify: () => NEVER }) }));
      },
    });
    const plugins = [basics, features, simulated, strategies, parts].map((plugin) => ({ plugin, config: {}, source: plugin.name }));
    // no timer goes off: what hangs is never given up on, and nothing is watched over
    this.engine = composeLive({ config: accountOf(options), plugins, baseDir: '.', logger: QUIET, journal: this.journal, clock: { now: () => toUtcMs(this.now) }, timer: { after: () => () => undefined } });
  }

  feed() {
    return {
      capabilities: { history: false, live: true, volume: true, depth: false },
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

  timed(venue) {
    const submit = venue.submit.bind(venue);
    return Object.assign(venue, {
      submit: (order) => {
        if (this.submittedAt === 0) {
          this.submittedAt = performance.now();
          this.submittedCpu = cpuMs();
        }
        this.orders++;
        submit(order);
      },
    });
  }

  /** Lives through `count` bars; `each` is told of every one how long it took, in ms. */
  async live(bars, count, each) {
    const stop = new AbortController();
    let ready = () => undefined;
    const isReady = new Promise((resolve) => (ready = resolve));
    const running = this.engine.run({ signal: stop.signal, onReady: ready });
    await Promise.race([isReady, running]);
    const first = bars.time[0];
    for (let i = 0; i < count; i++) {
      const row = i % bars.length;
      const time = first + i * STEP_MS;
      this.now = time + STEP_MS;
      const bar = { time, open: bars.open[row], high: bars.high[row], low: bars.low[row], close: bars.close[row], volume: bars.volume[row] };
      this.submittedAt = 0;
      const waited = this.journal.waited;
      const startCpu = cpuMs();
      const start = performance.now();
      this.handlers.onBar('A', bar);
      const end = performance.now();
      const decidedCpu = cpuMs() - startCpu;
      const sync = this.journal.waited - waited;
      each(i, { decided: end - start, decidedCpu, ordered: this.submittedAt === 0 ? undefined : this.submittedAt - start, cpu: this.submittedCpu - startCpu, sync });
      await setImmediate();
    }
    stop.abort();
    await running;
  }
}

export async function inFolder(parent, act) {
  const folder = mkdtempSync(join(parent, 'keelson-bench-live-'));
  try {
    return await act(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Where a sync costs nothing but the work of the journal itself; the disk where there is no such place. */
export const MEMORY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/**
 * From the bar's arrival to the first order's hand-over, with all that the journal does for it but the disk's own time:
 * the journal lies in memory. Beside it, on a real disk, how long an order waits for its write-ahead.
 */
export async function measureLatency(count = 100_000, warmUp = WARM_UP) {
  const bars = randomWalk(Math.min(DISTINCT, count + warmUp), 'bench/live');
  const ordered = new Samples();
  const cpu = new Samples();
  const decided = new Samples();
  let orders = 0;
  await inFolder(MEMORY, async (folder) => {
    const life = new PaperLife(folder, { hanging: true });
    await life.live(bars, warmUp + count, (i, times) => {
      if (i < warmUp) return;
      decided.add(times.decided);
      if (times.ordered === undefined) return;
      ordered.add(times.ordered);
      cpu.add(times.cpu);
    });
    orders = life.orders;
  });
  const sync = new Samples();
  const onDisk = Math.ceil((warmUp + count) / 10);
  await inFolder(tmpdir(), (folder) =>
    new PaperLife(folder, { hanging: true }).live(bars, onDisk, (_i, times) => {
      if (times.ordered !== undefined) sync.add(times.sync);
    }),
  );
  const [p50, p99, p999] = ordered.at(0.5, 0.99, 0.999);
  const [cpuP50, cpuP99, cpuP999] = cpu.at(0.5, 0.99, 0.999);
  const [barP50, barP99] = decided.at(0.5, 0.99);
  const [syncP50, syncP99] = sync.at(0.5, 0.99);
  return { bars: count, barsWithOrders: ordered.count, orders, barToOrderMs: { p50, p99, p999 }, barToOrderCpuMs: { p50: cpuP50, p99: cpuP99, p999: cpuP999 }, loadAverage: loadavg()[0], barToDecisionMs: { p50: barP50, p99: barP99 }, diskSyncMsPerBarWithOrders: { p50: syncP50, p99: syncP99 } };
}

/** The bar path with an advisor and a notifier that never answer, and without them, in turns. */
export async function measureHanging(count = 40_000, runs = 3, warmUp = WARM_UP / 2) {
  const bars = randomWalk(Math.min(DISTINCT, count + warmUp), 'bench/live');
  const results = { with: [], without: [] };
  for (let run = 0; run < runs; run++) {
    for (const [name, hanging] of [['with', true], ['without', false]]) {
      const wall = new Samples();
      const cpu = new Samples();
      await inFolder(MEMORY, (folder) =>
        new PaperLife(folder, { hanging }).live(bars, warmUp + count, (i, times) => {
          if (i < warmUp) return;
          wall.add(times.decided);
          cpu.add(times.decidedCpu);
        }),
      );
      results[name].push([...wall.at(0.5, 0.99), ...cpu.at(0.99)]);
    }
  }
  const best = (column) => ({ with: Math.min(...results.with.map((row) => row[column])), without: Math.min(...results.without.map((row) => row[column])) });
  const p99CpuMs = best(2);
  return { bars: count, p50Ms: best(0), p99Ms: best(1), p99CpuMs, p99CpuRatio: Number((p99CpuMs.with / p99CpuMs.without).toFixed(2)), loadAverage: loadavg()[0] };
}

/** A long run on paper: heap in use and resident memory after each part, the first being warm-up. */
export async function measureFlat(cycles = MILLION, parts = 10, warmUp = cycles / parts) {
  const bars = randomWalk(Math.min(DISTINCT, cycles), 'bench/live');
  const heap = [];
  const rss = [];
  let orders = 0;
  const each = cycles / parts;
  const start = performance.now();
  await inFolder(MEMORY, async (folder) => {
    const life = new PaperLife(folder, { hanging: true });
    await life.live(bars, warmUp + cycles, (i) => {
      if (i + 1 < warmUp || (i + 1 - warmUp) % each !== 0) return;
      globalThis.gc?.();
      const { heapUsed, external, rss: resident } = process.memoryUsage();
      heap.push(Number(((heapUsed + external) / 2 ** 20).toFixed(1)));
      rss.push(Math.round(resident / 2 ** 20));
    });
    orders = life.orders;
  });
  return { cycles, orders, cyclesPerSecond: Math.round((warmUp + cycles) / ((performance.now() - start) / 1000)), grownMb: Number((heap.at(-1) - heap[0]).toFixed(1)), heapMbAfterEachPart: heap, rssMbAfterEachPart: rss };
}
