import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BarColumns } from '@keelson/core/domain';
import type { BarSpan } from '@keelson/core/ports';
import { allocateBars, joinBars } from '@keelson/core/series';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SqliteBarStore } from './sqlite-bar-store.js';

const SERIES = { source: 'feed 1', instrument: 'ES', timeframe: '1m' };
const ALL: BarSpan = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bars-'));
  path = join(folder, 'bars.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function barsAt(times: readonly number[], value = 0.1, depth = false): BarColumns {
  const bars = allocateBars(times.length, depth);
  times.forEach((time, i) => {
    bars.time[i] = time;
    bars.open[i] = bars.close[i] = 4000 + value * time;
    bars.high[i] = 5000 + 1 / 3;
    bars.low[i] = 3000 - Number.EPSILON * 2048;
    bars.volume[i] = i;
    if (bars.depth !== undefined && i % 2 === 1) bars.depth.bid[i] = 3999.9;
  });
  return bars;
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

async function opened(): Promise<SqliteBarStore> {
  const store = new SqliteBarStore(path, join(folder, 'days'));
  await store.open();
  return store;
}

async function all(store: SqliteBarStore, span = ALL, series = SERIES): Promise<BarColumns> {
  const chunks: BarColumns[] = [];
  for await (const chunk of store.read(series, span)) chunks.push(chunk);
  return joinBars(chunks);
}

describe('bars in SQLite', () => {
  it('come back to the last bit, after the file was closed and opened again', async () => {
    const bars = barsAt(range(0, 20_000), 0.1, true);
    const first = await opened();
    await first.write(SERIES, { from: 0, to: 20_000 }, bars);
    await first.close();
    const again = await opened();
    expect(await all(again)).toEqual(bars);
    expect([...(await all(again, { from: 8_191, to: 8_194 })).time]).toEqual([8_191, 8_192, 8_193]);
    expect((await all(again, ALL, { ...SERIES, timeframe: '5m' })).length).toBe(0);
    await again.close();
  });

  it('hold what was written last, and spans that grow together', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ from: fc.nat(60), length: fc.integer({ min: 1, max: 20 }), step: fc.integer({ min: 1, max: 4 }), value: fc.nat(9) }), { minLength: 1, maxLength: 12 }), async (writes) => {
        rmSync(path, { force: true });
        const store = await opened();
        const kept = new Map<number, number>();
        const covered = new Set<number>();
        for (const { from, length, step, value } of writes) {
          const times = range(from, from + length).filter((time) => time % step === 0);
          for (let i = 0; i < 2; i++) await store.write(SERIES, { from, to: from + length }, barsAt(times, value)); // twice is once
          for (const time of range(from, from + length)) {
            covered.add(time);
            kept.delete(time);
          }
          for (const time of times) kept.set(time, 4000 + value * time);
        }
        const bars = await all(store);
        expect([...bars.time].map((time, i) => [time, bars.close[i]])).toEqual([...kept].sort(([a], [b]) => a - b));
        const spans = await store.spans(SERIES);
        expect(spans.flatMap(({ from, to }) => range(from, to))).toEqual([...covered].sort((a, b) => a - b));
        for (let i = 1; i < spans.length; i++) expect((spans[i] as BarSpan).from).toBeGreaterThan((spans[i - 1] as BarSpan).to);
        await store.close();
      }),
      { numRuns: 25 },
    );
  });

  it('keep a span without bounds', async () => {
    const store = await opened();
    await store.write(SERIES, { from: Number.NEGATIVE_INFINITY, to: 10 }, barsAt([1, 2]));
    expect(await store.spans(SERIES)).toEqual([{ from: Number.NEGATIVE_INFINITY, to: 10 }]);
    await store.close();
  });

  it('are written as a whole or not at all', async () => {
    const store = await opened();
    await store.write(SERIES, { from: 0, to: 10 }, barsAt(range(0, 10)));
    const broken = { ...barsAt(range(5, 30)), low: new Proxy(new Float64Array(25), { get: (target, key) => { if (key === '12') throw new Error('the process died'); return Reflect.get(target, key) as unknown; } }) };
    await expect(store.write(SERIES, { from: 5, to: 30 }, broken)).rejects.toThrow('the process died');
    expect(await store.spans(SERIES)).toEqual([{ from: 0, to: 10 }]);
    expect(await all(store)).toEqual(barsAt(range(0, 10)));
    await store.close();
  });

  it('can be read by another process while they are written, each write as a whole', async () => {
    const store = await opened();
    await store.write(SERIES, { from: 0, to: 100 }, barsAt(range(0, 100)));
    const reader = await opened();
    const reading = reader.read(SERIES, ALL);
    const first = await reading.next();
    for (let i = 1; i <= 20; i++) {
      await store.write(SERIES, { from: i * 100, to: (i + 1) * 100 }, barsAt(range(i * 100, (i + 1) * 100)));
      expect((await all(reader)).length).toBe((i + 1) * 100);
      expect(await reader.spans(SERIES)).toEqual([{ from: 0, to: (i + 1) * 100 }]);
    }
    expect((first.value as BarColumns).length).toBe(100);
    await reading.return(undefined);
    await reader.close();
    await store.close();
  });
});

describe('a file that cannot be used', () => {
  const fault = async (): Promise<unknown> => {
    try {
      const store = await opened();
      await all(store);
      await store.close();
    } catch (thrown) {
      return thrown;
    }
    return undefined;
  };

  it('is refused when it is damaged, with what to do', async () => {
    const store = await opened();
    await store.write(SERIES, { from: 0, to: 20_000 }, barsAt(range(0, 20_000)));
    await store.close();
    const bytes = readFileSync(path);
    bytes.fill(0x5a, 8_192, 40_960);
    writeFileSync(path, bytes);
    expect(await fault()).toMatchObject({ code: 'DATA_STORE', message: expect.stringContaining('expected whole pages'), hint: 'delete bars.db, and bars.db-wal and -shm beside it: its bars are fetched again' });
  });

  it('is refused when it is cut off', async () => {
    const store = await opened();
    await store.write(SERIES, { from: 0, to: 20_000 }, barsAt(range(0, 20_000)));
    await store.close();
    writeFileSync(path, readFileSync(path).subarray(0, 100_000));
    expect(await fault()).toMatchObject({ code: 'DATA_STORE', message: expect.stringContaining('expected whole pages') });
  });

  it('is refused when it is no database, another program\'s, or a newer version\'s', async () => {
    writeFileSync(path, 'time,open,high,low,close\n'.repeat(100));
    expect(await fault()).toMatchObject({ code: 'DATA_STORE' });
    rmSync(path);
    const other = new Database(path);
    other.exec('CREATE TABLE notes (text)');
    other.close();
    expect(await fault()).toMatchObject({ message: 'bars.db is the file of another program, expected a store of bars' });
    rmSync(path);
    await (await opened()).close();
    const newer = new Database(path);
    newer.pragma('user_version = 99');
    newer.close();
    expect(await fault()).toMatchObject({ message: 'bars.db has schema 99, expected 2' });
  });

  it('is refused where no file can be', async () => {
    writeFileSync(path, '');
    const store = new SqliteBarStore(join(path, 'inside', 'bars.db'), join(folder, 'days'));
    await expect(store.open()).rejects.toMatchObject({ code: 'DATA_STORE', hint: 'name another path under data.store.config' });
  });
});
