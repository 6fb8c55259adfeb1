/*
 * Prints one JSON line per workload: bars per second through the whole engine, the ratio to a hand-written
 * loop that does the same trades in the same process, and memory. Each workload runs in a process of its own.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const WORKLOADS = ['A', 'B', 'C', 'D', 'allocation', 'stream', 'start', 'csv', 'parquet'];
const wanted = process.argv.slice(2);
const worker = fileURLToPath(new URL('./worker.mjs', import.meta.url));

for (const name of wanted.length > 0 ? wanted : WORKLOADS) {
  const run = spawnSync(process.execPath, ['--expose-gc', worker, name], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (run.status !== 0) process.exitCode = 1;
}
