import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { inChunks, repeated } from './columns-feed.mjs';
import { ColumnsWindow, allFeatures, createFeature } from './feature-list.mjs';
import { STEP_MS, quoted, randomWalk } from './market.mjs';
import { TECHNICALINDICATORS, TRADING_SIGNALS } from './rivals.mjs';

const QUIET = { debug() {}, info() {}, warn() {}, error() {} };
const TIMEFRAMES = ['1m', '5m', '15m', '1h', '4h'];
/** Every 4 hours all five timeframes close at once. */
const ALL_CLOSE_MS = 4 * 60 * 60_000;

const round = (value, digits = 1) => Number(value.toFixed(digits));
const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

/** The loops with code of their own for `key`. */
const loopsFor = (key) => import(/* @vite-ignore */ new URL(`./feature-loop.mjs?${key}`, import.meta.url).href);

/** The shortest of some runs in ns of this process a bar: what other programs do on the machine only adds. */
function nsPerBar(runs, bars, run) {
  let best = Infinity;
  for (let i = 0; i < runs; i++) {
    const begin = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(begin);
    best = Math.min(best, user + system);
  }
  return (best * 1000) / bars;
}

/** Each feature alone, and what the same costs in other libraries. `only` leaves out the features it does not name. */
export async function* measureEach({ bars: length, rivalBars, runs, only = [] }) {
  const bars = quoted(randomWalk(length, 'bench/features'));
  const window = new ColumnsWindow(bars, STEP_MS);
  const market = {
    closes: Array.from(bars.close.subarray(0, rivalBars)),
    volumes: Array.from(bars.volume.subarray(0, rivalBars)),
    candles: Array.from({ length: rivalBars }, (_, i) => ({ open: bars.open[i], high: bars.high[i], low: bars.low[i], close: bars.close[i], volume: bars.volume[i] })),
  };
  const ofRival = async (rival, id) => {
    const { [rival.loop]: loop } = await loopsFor(`${rival.loop}-${id}`);
    return nsPerBar(2, rivalBars, () => loop(rival.make(), rival.input(market), rivalBars));
  };
  for (const wish of allFeatures()) {
    if (only.length > 0 && !only.includes(wish.id)) continue;
    const feature = createFeature(wish);
    const out = new Float64Array(wish.definition.outputs.length);
    const { runFeature } = await loopsFor(wish.id);
    const ns = nsPerBar(runs, length, () => {
      feature.reset();
      runFeature(feature, window, out, length);
    });
    const row = { feature: wish.id, family: wish.family, millionBarsPerSecond: round(1000 / ns), nsPerBar: round(ns) };
    for (const [name, rivals] of Object.entries({ technicalindicators: TECHNICALINDICATORS, tradingSignals: TRADING_SIGNALS })) {
      if (Object.hasOwn(rivals, wish.id)) row[name] = `${round((await ofRival(rivals[wish.id], wish.id)) / ns)}x`;
    }
    yield row;
  }
}

/** Features in one engine pass. */
export async function measurePass({ features, bars: length, runs }) {
  const { featuresEngine } = await import('./feature-engine.mjs');
  const bars = quoted(randomWalk(length, 'bench/pass'));
  let best = Infinity;
  let leastCpu = Infinity;
  for (let i = 0; i < runs; i++) {
    const built = featuresEngine(features, ['I0'], ['1m'], () => inChunks(bars));
    const begin = performance.now();
    const cpu = process.cpuUsage();
    await built.run();
    best = Math.min(best, performance.now() - begin);
    const { user, system } = process.cpuUsage(cpu);
    leastCpu = Math.min(leastCpu, (user + system) / 1000);
  }
  return { features, bars: length, barsPerSecond: Math.round((length * 1000) / best), barsPerCpuSecond: Math.round((length * 1000) / leastCpu) };
}

/**
 * Features × instruments × five timeframes in the live loop, from the first bar of a minute to the last decision on
 * it; journal included, on no disk. `p99CpuMs` is what this process worked in that time: on a busy machine the clock counts
 * others as well.
 */
export async function measureRound({ features, instruments: count, rounds }) {
  const { LiveFeatures } = await import('./feature-engine.mjs');
  const { MEMORY, inFolder } = await import('./live.mjs');
  const { SqliteJournal } = await import('@keelson/plugin-journal');
  const ids = Array.from({ length: count }, (_, i) => `I${i}`);
  const series = ids.map((id) => quoted(randomWalk(rounds, `bench/round/${id}`)));
  const took = [];
  await inFolder(MEMORY, (folder) => {
    const journal = new SqliteJournal({ path: join(folder, 'journal.db'), account: 'bench', purpose: 'live', existing: 'refuse', logger: QUIET });
    return new LiveFeatures(features, ids, TIMEFRAMES, journal).live(series, rounds, (time, wallMs, cpuMs) => took.push({ time, wallMs, cpuMs }));
  });
  // the code is compiled, and most features warm, in the first fifth
  const measured = took.slice(Math.floor(rounds / 5));
  const summary = (rows) => {
    const [wall, cpu] = ['wallMs', 'cpuMs'].map((key) => rows.map((row) => row[key]).sort((a, b) => a - b));
    return { rounds: rows.length, p50Ms: round(quantile(wall, 0.5), 3), p99Ms: round(quantile(wall, 0.99), 3), p99CpuMs: round(quantile(cpu, 0.99), 3) };
  };
  const together = measured.filter(({ time }) => time % ALL_CLOSE_MS === 0);
  return { features, instruments: count, timeframes: TIMEFRAMES.length, ...summary(measured), whereAllTimeframesClose: summary(together) };
}

/** Memory after each part of a long stream: typed arrays and objects, without garbage. */
export async function measureMemory({ chunkBars, chunks }) {
  const { featuresEngine } = await import('./feature-engine.mjs');
  const bars = quoted(randomWalk(chunkBars, 'bench/memory'));
  const used = () => {
    globalThis.gc?.();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return (heapUsed + arrayBuffers) / 2 ** 20;
  };
  const before = used();
  const mb = [];
  let seen = 0;
  const built = featuresEngine(allFeatures().length, ['I0'], ['1m'], () => repeated(bars, chunks, STEP_MS), () => {
    if (++seen % chunkBars === 0) mb.push(round(used(), 2));
  });
  const series = used() - before;
  await built.run();
  const settled = mb.slice(Math.floor(mb.length / 4));
  return { features: allFeatures().length, bars: chunkBars * chunks, seriesMb: round(series, 2), mbAfterEachPart: mb, growthBytesPerBar: round(((settled.at(-1) - settled[0]) * 2 ** 20) / (chunkBars * (settled.length - 1)), 3) };
}
