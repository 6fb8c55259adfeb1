import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Session } from 'node:inspector/promises';
import { performance } from 'node:perf_hooks';
import { bareA, bareB } from './bare-loop.mjs';
import { inChunks, repeated } from './columns-feed.mjs';
import { STEP_MS, TICK, randomWalk } from './market.mjs';

const MILLION = 1_000_000;
const RUNS = 5;
const BARE_WARM_UPS = 20;
const print = (row) => console.log(JSON.stringify(row));
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const mb = (bytes) => Math.round(bytes / 2 ** 20);

async function timed(run) {
  globalThis.gc?.();
  const start = performance.now();
  const result = await run();
  return { seconds: (performance.now() - start) / 1000, result };
}

/** Whole-engine workloads over prepared columns, with the bare loop in turns. */
async function engine(name) {
  const { engineFor } = await import('./workloads.mjs');
  const count = name === 'C' ? 20 : 1;
  const ids = Array.from({ length: count }, (_, i) => `I${i}`);
  const series = new Map(ids.map((id) => [id, randomWalk(MILLION / count, `bench/${id}`)]));
  const bare = name === 'B' ? bareB : bareA;
  const runBare = () => ids.map((id) => bare(series.get(id), TICK));
  for (let i = 0; i < BARE_WARM_UPS; i++) runBare(); // its best code, or the ratio would flatter the engine
  const engineSeconds = [];
  const bareSeconds = [];
  let orders = 0;
  for (let i = 0; i < RUNS + 1; i++) {
    const loop = await timed(runBare);
    const built = engineFor(name, ids, (id) => inChunks(series.get(id)));
    const whole = await timed(() => built.run());
    orders = whole.result.orders;
    if (i === 0) continue; // warm-up
    engineSeconds.push(whole.seconds);
    bareSeconds.push(loop.seconds);
  }
  const rss = process.resourceUsage().maxRSS * 1024;
  const ratio = median(bareSeconds) / median(engineSeconds);
  print({ name, bars: MILLION, barsPerSecond: Math.round(MILLION / median(engineSeconds)), ratioToBareLoop: `1/${(1 / ratio).toFixed(1)}`, bareBarsPerSecond: Math.round(MILLION / median(bareSeconds)), peakRssMb: mb(rss), bytesPerBar: Math.round(Math.max(0, rss - 120 * 2 ** 20) / MILLION), orders });
}

/** What the heap profiler sees allocated on warm bars of A with an open position, on which nothing is ordered. */
async function allocation() {
  const { engineFor } = await import('./workloads.mjs');
  const bars = randomWalk(2 * MILLION, 'bench/flat');
  // strictly rising closes after the warm-up: no cross, so no order: what is left is the bar path itself
  for (let i = 1000; i < bars.length; i++) {
    const price = 4_000 + i * TICK;
    bars.open[i] = bars.low[i] = price - TICK;
    bars.high[i] = bars.close[i] = price;
  }
  const run = () => engineFor('A', ['I0'], () => inChunks(bars)).run();
  await run();
  const session = new Session();
  session.connect();
  await session.post('HeapProfiler.enable');
  await session.post('HeapProfiler.startSampling', { samplingInterval: 4096, includeObjectsCollectedByMajorGC: true, includeObjectsCollectedByMinorGC: true });
  await run();
  const { profile } = await session.post('HeapProfiler.stopSampling');
  const sizes = new Map();
  const walk = (node) => {
    const place = `${node.callFrame.functionName || '(anonymous)'} ${node.callFrame.url.split('/').at(-1)}`;
    sizes.set(place, (sizes.get(place) ?? 0) + node.selfSize);
    node.children.forEach(walk);
  };
  walk(profile.head);
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const most = [...sizes].sort((a, b) => b[1] - a[1]).slice(0, 3).map(([place, size]) => `${place}: ${(size / bars.length).toFixed(2)}`);
  print({ name: 'allocation', bars: bars.length, bytesAllocatedPerBar: Number((total / bars.length).toFixed(2)), most });
}

/** Ten million bars streamed from fixed memory: resident memory after each million. */
async function stream() {
  const { engineFor } = await import('./workloads.mjs');
  const bars = randomWalk(MILLION, 'bench/stream');
  const built = engineFor('A', ['I0'], () => repeated(bars, 10, STEP_MS));
  const rss = [];
  let next = MILLION;
  const whole = await timed(() =>
    built.run({
      onProgress: (progress) => {
        if (progress.bars < next) return;
        next += MILLION;
        globalThis.gc?.();
        rss.push(mb(process.memoryUsage().rss));
      },
    }),
  );
  const total = whole.result.bars;
  const peak = process.resourceUsage().maxRSS * 1024;
  print({ name: 'stream', bars: total, barsPerSecond: Math.round(total / whole.seconds), peakRssMb: mb(peak), bytesPerBar: Number((Math.max(0, peak - 120 * 2 ** 20) / total).toFixed(1)), rssMbPerMillion: rss, orders: whole.result.orders });
}

/** From composing the account to the first bar's decision, modules loaded. */
async function start() {
  const { engineFor } = await import('./workloads.mjs');
  const bars = randomWalk(1, 'bench/start');
  const begin = performance.now();
  const built = engineFor('A', ['I0'], () => inChunks(bars));
  await built.run();
  print({ name: 'start', bars: 1, firstBarMs: Number((performance.now() - begin).toFixed(1)) });
}

async function reader(format) {
  const { measureReader } = await import('./readers.mjs');
  const folder = mkdtempSync(join(tmpdir(), 'keelson-bench-'));
  try {
    print(await measureReader(format, randomWalk(MILLION, 'bench/csv'), folder, RUNS));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Features: alone and beside other libraries, all in one pass, live rounds, memory. */
async function features(part, only) {
  const { allFeatures } = await import('./feature-list.mjs');
  const { measureEach, measureMemory, measurePass, measureRound } = await import('./features.mjs');
  // as many as are asked for, and all of them
  const counts = only.length > 0 ? only.map(Number) : [80, allFeatures().length];
  if (part === 'pass') for (const count of counts) print({ name: 'features-pass', ...(await measurePass({ features: count, bars: MILLION / 5, runs: 3 })) });
  else if (part === 'round') for (const count of counts) print({ name: 'features-round', ...(await measureRound({ features: count, instruments: 20, rounds: 24_000 })) });
  else if (part === 'memory') print({ name: 'features-memory', ...(await measureMemory({ chunkBars: MILLION, chunks: 10 })) });
  else {
    const slow = [];
    let count = 0;
    for await (const row of measureEach({ bars: MILLION, rivalBars: MILLION / 10, runs: RUNS, only })) {
      print({ name: 'feature', ...row });
      count++;
      if (row.nsPerBar > 50) slow.push(row.feature);
    }
    print({ name: 'features', count, atLeast20MillionBarsPerSecond: count - slow.length, slower: slow });
  }
}

/** Interactive Brokers: the simulator alone, and the plugin on it. */
async function ibkr(part, [seconds]) {
  const { measureHistory } = await import('./ibkr/history.mjs');
  const { measureOrders } = await import('./ibkr/orders.mjs');
  const { measureSimulator } = await import('./ibkr/simulator.mjs');
  const { measureSubscriptions } = await import('./ibkr/subscriptions.mjs');
  const { measureTicks } = await import('./ibkr/ticks.mjs');
  if (part === 'simulator') print({ name: 'ibkr-simulator', ...(await measureSimulator()) });
  else if (part === 'ticks' || part === 'bars') print({ name: `ibkr-${part}`, ...(await measureTicks(part)) });
  else if (part === 'orders') print({ name: 'ibkr-orders', ...(await measureOrders()) });
  else if (part === 'history') for (const contracts of [1, 4]) print({ name: 'ibkr-history', ...(await measureHistory({ contracts })) });
  else if (part === 'subscriptions') print({ name: 'ibkr-subscriptions', ...(await measureSubscriptions(seconds === undefined ? {} : { seconds: Number(seconds) })) });
  else throw new Error(`ibkr-${part} was asked for, expected simulator, ticks, bars, orders, history or subscriptions`);
}

const [name, ...rest] = process.argv.slice(2);
if (name === 'allocation') await allocation();
else if (name === 'stream') await stream();
else if (name === 'start') await start();
else if (name === 'csv' || name === 'parquet') await reader(name);
else if (name === 'journal') {
  const { measureJournal } = await import('./journal.mjs');
  print({ name: 'journal', ...(await measureJournal(MILLION / 5)) });
} else if (name.startsWith('live')) {
  const { measureFlat, measureHanging, measureLatency } = await import('./live.mjs');
  const measure = { 'live-latency': measureLatency, 'live-hanging': measureHanging, 'live-flat': measureFlat }[name];
  print({ name, ...(await measure()) });
} else if (name.startsWith('ibkr-')) await ibkr(name.slice('ibkr-'.length), rest);
else if (name.startsWith('features')) await features(name.split('-')[1], rest);
else await engine(name);
