/*
 * Prints one JSON line per workload: bars per second through the whole engine, the ratio to a hand-written
 * loop that does the same trades in the same process, and memory. Each workload runs in a process of its own.
 * `live` stands for the loop on paper: latency, what hangs, and memory over a million decision cycles.
 * `ibkr` stands for the plugin of Interactive Brokers and the simulator; `ibkr-subscriptions:600` holds its load for 600 seconds.
 * `features` stands for all that is measured of features; `features:sma,ema` measures only these.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const WORKLOADS = ['A', 'B', 'C', 'D', 'allocation', 'stream', 'start', 'csv', 'parquet', 'journal', 'live', 'features', 'ibkr'];
const PARTS = { live: ['live-latency', 'live-hanging', 'live-flat'], features: ['features', 'features-pass', 'features-round', 'features-memory'], ibkr: ['ibkr-simulator', 'ibkr-ticks', 'ibkr-bars', 'ibkr-orders', 'ibkr-history', 'ibkr-subscriptions'] };
const wanted = process.argv.slice(2);
const worker = fileURLToPath(new URL('./worker.mjs', import.meta.url));

for (const workload of (wanted.length > 0 ? wanted : WORKLOADS).flatMap((name) => PARTS[name] ?? [name])) {
  const [name, only] = workload.split(':');
  const run = spawnSync(process.execPath, ['--expose-gc', worker, name, ...(only?.split(',') ?? [])], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (run.status !== 0) process.exitCode = 1;
}
