import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { MemoryJournal } from '@keelson/core/engine';
import { SqliteJournal } from '@keelson/plugin-journal';
import { inChunks } from './columns-feed.mjs';
import { randomWalk } from './market.mjs';
import { engineFor } from './workloads.mjs';

const QUIET = { debug() {}, info() {}, warn() {}, error() {} };

/** Decision cycles a second with the journal of a backtest on: the whole engine over workload A, beside a journal in memory and none. */
export async function measureJournal(bars) {
  const folder = mkdtempSync(join(tmpdir(), 'keelson-bench-journal-'));
  const series = randomWalk(bars, 'bench/journal');
  const timed = async (journal) => {
    const engine = engineFor('A', ['I0'], () => inChunks(series), journal);
    const start = performance.now();
    await engine.run();
    return Math.round(bars / ((performance.now() - start) / 1000));
  };
  try {
    await timed(undefined); // warm-up
    const path = join(folder, 'journal.db');
    const without = await timed(undefined);
    const inMemory = await timed(new MemoryJournal());
    const cyclesPerSecond = await timed(new SqliteJournal({ path, account: 'bench', purpose: 'history', existing: 'replace', logger: QUIET }));
    return { bars, cyclesPerSecond, inMemory, without, bytesPerCycle: Math.round(statSync(path).size / bars) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
