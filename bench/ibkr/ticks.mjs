import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { accountSchema } from '@keelson/core/config';
import { composeLive } from '@keelson/core/engine';
import { STRATEGY, definePlugin, defineStrategy } from '@keelson/core/plugin';
import basics from '@keelson/plugin-basics';
import features from '@keelson/plugin-features';
import ibkr from '@keelson/plugin-ibkr';
import { SqliteJournal } from '@keelson/plugin-journal';
import simulated from '@keelson/plugin-simulated';
import strategies from '@keelson/plugin-strategies';
import { z } from 'zod';
import { cpuMs } from '../cpu-time.mjs';
import { Arrivals } from './arrivals.mjs';
import { Gateway } from './gateway.mjs';
import { FUTURES, QUIET, SUNDAY } from './market.mjs';
import { Samples } from '../samples.mjs';
import { SteppedTime } from './stepped-time.mjs';

const STRATEGIES = ['sma-cross', 'donchian-trend', 'trend-pullback', 'breakout-volatility', 'opening-range-breakout', 'rsi-macd', 'momentum-reversal', 'vwap-reversion'];
const FOLDER = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
/** A step after which no tick comes is over after so many turns of the event loop. */
const SILENT_TURNS = 200;
/** A bar comes with every step: it is waited for, however slow the machine. */
const BAR_WAIT_MS = 10_000;

/** Says when the features of a bar stand: a strategy is the first thing after them. */
const watcher = (onBar) => definePlugin({
  name: 'bench-watcher',
  version: '1.0.0',
  api: '^1.0.0',
  provides: ['strategy'],
  register: ({ add }) => add(STRATEGY, 'watcher', defineStrategy({ params: z.strictObject({}), create: () => ({ onBar }) })),
});

const SHAPES = {
  /** Bars of five seconds of one contract, one after the other. */
  bars: { instruments: FUTURES.slice(0, 1), stepMs: 5_000 },
  /** Every trade of four contracts whose markets move 250 times a second each. */
  ticks: { instruments: FUTURES, stepMs: 4 },
};

/**
 * From the arrival of bytes at the process to what they change, in an account on paper with nine strategies, whose journal
 * lies in memory. With ticks all that they change is done with the piece that brings them, also a bar that they end and
 * what is decided on it; bars are followed up to the first strategy, which sees the features.
 */
export async function measureTicks(live, { steps = live === 'ticks' ? 100_000 : 12_000, warmUp = steps / 5 } = {}) {
  const { instruments, stepMs } = SHAPES[live];
  const gateway = await Gateway.start({ clock: { kind: 'stepped', start: SUNDAY }, market: { ticksPerSecond: 250 }, pacing: { enabled: false } });
  const folder = mkdtempSync(join(FOLDER, 'keelson-bench-ibkr-'));
  const arrivals = new Arrivals();
  const stopWatching = arrivals.watch();
  const [piece, pieceCpu, featured, featuredCpu] = [new Samples(), new Samples(), new Samples(), new Samples()];
  let measuring = false;
  try {
    let bars = 0;
    const onBar = () => {
      bars++;
      if (!measuring) return;
      featured.add(performance.now() - arrivals.last);
      featuredCpu.add(cpuMs() - arrivals.lastCpu);
    };
    arrivals.onDone = (ms, cpu) => {
      if (!measuring) return;
      piece.add(ms);
      pieceCpu.add(cpu);
    };
    const time = new SteppedTime(SUNDAY);
    const engine = composeLive({
      config: accountSchema.parse({
        account: 'bench',
        mode: 'paper',
        initialCash: 10_000_000,
        instruments,
        data: { feed: 'ibkr', timeframe: '5s', live, continuous: false },
        broker: { use: 'simulated' },
        strategies: [{ use: 'watcher', weight: 0.01 }, ...STRATEGIES.map((use) => ({ use })), { use: 'sma-cross', name: 'slow-cross', params: { fast: 50, slow: 200 } }],
        exits: { stopAtr: 2, rewardRisk: 2 },
        risk: { maxContracts: 5 },
      }),
      plugins: [basics, features, simulated, strategies, ibkr, watcher(onBar)].map((plugin) => ({ plugin, config: plugin === ibkr ? ibkr.config.parse({ port: gateway.port }) : {}, source: plugin.name })),
      baseDir: '.',
      logger: QUIET,
      journal: new SqliteJournal({ path: join(folder, 'journal.db'), account: 'bench', purpose: 'live', existing: 'refuse', logger: QUIET }),
      clock: time,
      timer: time,
    });
    const stop = new AbortController();
    let ready = () => undefined;
    const isReady = new Promise((resolve) => (ready = resolve));
    const running = engine.run({ signal: stop.signal, onReady: ready });
    await Promise.race([isReady, running]);
    for (let step = 0; step < warmUp + steps; step++) {
      measuring = step >= warmUp;
      const { pieces } = arrivals;
      time.at += stepMs;
      await gateway.run('advance', { ms: stepMs });
      for (let turn = 0; arrivals.pieces === pieces && turn < SILENT_TURNS; turn++) await setImmediate();
      const deadline = performance.now() + BAR_WAIT_MS;
      while (live === 'bars' && bars <= step && performance.now() < deadline) await setImmediate();
      await setImmediate();
      time.fire();
    }
    stop.abort();
    await running;
    return { instruments: instruments.length, pieces: piece.count, bars: featured.count, pieceMs: piece.summary, pieceCpuMs: pieceCpu.summary, toFeaturesMs: featured.summary, toFeaturesCpuMs: featuredCpu.summary, loadAverage: loadavg()[0] };
  } finally {
    stopWatching();
    gateway.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
