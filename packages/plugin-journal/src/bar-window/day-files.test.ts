import { copyFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { BarColumns } from '@keelson/core/domain';
import type { BarSpan, ComputedBars, KeptFeature } from '@keelson/core/ports';
import { allocateBars, joinBars } from '@keelson/core/series';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SqliteBarStore } from './sqlite-bar-store.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2024, 0, 1);
const SERIES = { source: 'feed 1', instrument: 'ES', timeframe: '1h' };
const ALL: BarSpan = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
const NAMES: readonly KeptFeature[] = ['atr', 'realisedVolatility', 'vwap', 'volumeTrend', 'spread', 'imbalance'];

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'days-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (hour: number): number => START + hour * HOUR;
const range = (from: number, to: number, step = 1): number[] => Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step);
const places = (): string => join(folder, 'days', 'feed%201', 'ES');
const files = (): string[] => (existsSync(places()) ? readdirSync(places()).sort() : []);
const day = (n: number): string => `${new Date(START + n * DAY).toISOString().slice(0, 10)}.parquet`;

function barsAt(hours: readonly number[], value = 1, depth = false): BarColumns {
  const bars = allocateBars(hours.length, depth);
  hours.forEach((hour, i) => {
    bars.time[i] = at(hour);
    bars.open[i] = bars.close[i] = 4000 + value / 3 + hour;
    bars.high[i] = 5000 + 1 / 3;
    bars.low[i] = 3000 - Number.EPSILON * 2048;
    bars.volume[i] = hour;
    if (bars.depth !== undefined && i % 2 === 1) bars.depth.bid[i] = 3999.9;
  });
  return bars;
}

/** Features that say how often they were made. */
function computed(timeframe: string, hours: readonly number[], seen: number, value = 1): ComputedBars {
  const column = (scale: number): Float64Array => Float64Array.from(hours, (hour) => (hour % 5 === 0 ? Number.NaN : (hour * scale) / 7));
  return { timeframe, bars: barsAt(hours, value), features: Object.fromEntries(NAMES.map((name, i) => [name, column(i + value)])) as Record<KeptFeature, Float64Array>, seen: Float64Array.from(hours, (_, i) => seen + i) };
}

async function opened(): Promise<SqliteBarStore> {
  const store = new SqliteBarStore(join(folder, 'bars.db'), join(folder, 'days'));
  await store.open();
  return store;
}

async function all(store: SqliteBarStore, span = ALL): Promise<BarColumns> {
  const chunks: BarColumns[] = [];
  for await (const chunk of store.read(SERIES, span)) chunks.push(chunk);
  return joinBars(chunks);
}

function inTable(sql = 'SELECT count(*) FROM bars'): number {
  const db = new Database(join(folder, 'bars.db'), { readonly: true });
  try {
    return db.prepare(sql).pluck().get() as number;
  } finally {
    db.close();
  }
}

async function ask(sql: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRows() as unknown[][];
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Ten days of hours, and a half: the first nine lie in files. */
async function filled(): Promise<SqliteBarStore> {
  const store = await opened();
  await store.write(SERIES, { from: at(0), to: at(252) }, barsAt(range(0, 252), 1, true));
  await store.close();
  return opened();
}

describe('complete days', () => {
  it('move into a file each, out of the table, and come back to the last bit', async () => {
    const store = await filled();
    expect(files()).toEqual(range(0, 9).map(day));
    expect(inTable()).toBe(252 - 9 * 24);
    expect(await all(store)).toEqual(barsAt(range(0, 252), 1, true));
    expect([...(await all(store, { from: at(30), to: at(220) })).time]).toEqual(range(30, 220).map(at));
    await store.close();
  });

  it('move while a run goes on, once their features are there', async () => {
    const store = await opened();
    for (let hour = 0; hour < 100; hour++) {
      await store.write(SERIES, { from: at(hour), to: at(hour + 1) }, barsAt([hour]));
      await store.keepFeatures(SERIES, [computed('1h', [hour], hour + 1)]);
      expect(files().length).toBe(Math.max(0, Math.floor(hour / 24) - 1));
    }
    expect(await all(store)).toEqual(barsAt(range(0, 100)));
    await store.close();
  });

  it('can be read by other programs: bars of every timeframe with their features, and nothing twice', async () => {
    const store = await opened();
    await store.write(SERIES, { from: at(0), to: at(120) }, barsAt(range(0, 120)));
    await store.keepFeatures(SERIES, [computed('1h', range(0, 120), 1), computed('4h', range(0, 120, 4), 1, 2), computed('1d', range(0, 120, 24), 1, 3)]);
    const from = `read_parquet('${join(folder, 'days')}/*/ES/*.parquet')`;
    expect(await ask(`SELECT timeframe, count(*)::INT, min(base), min(source), min(instrument) FROM ${from} GROUP BY timeframe ORDER BY timeframe`)).toEqual([
      ['1d', 3, '1h', 'feed 1', 'ES'],
      ['1h', 72, '1h', 'feed 1', 'ES'],
      ['4h', 18, '1h', 'feed 1', 'ES'],
    ]);
    expect(await ask(`SELECT epoch_ms(time)::DOUBLE, close, volume, bid, atr, realisedVolatility, vwap, volumeTrend, spread, imbalance, seen FROM ${from} WHERE timeframe = '4h' AND epoch_ms(time) IN (${at(20)}, ${at(24)}) ORDER BY time`)).toEqual([
      [at(20), 4000 + 2 / 3 + 20, 20, null, null, null, null, null, null, null, 6],
      [at(24), 4000 + 2 / 3 + 24, 24, null, ...[2, 3, 4, 5, 6, 7].map((scale) => (24 * scale) / 7), 7],
    ]);
    expect(inTable("SELECT count(*) FROM bars JOIN series ON series = id WHERE timeframe = '4h'")).toBe(12);
    await store.close();
  });

  it('keep the features that had seen more bars, in files and in the table', async () => {
    const store = await opened();
    await store.write(SERIES, { from: at(0), to: at(120) }, barsAt(range(0, 120)));
    await store.keepFeatures(SERIES, [computed('4h', range(0, 120, 4), 1_000, 1)]);
    const first = readFileSync(join(places(), day(0)));
    await store.keepFeatures(SERIES, [computed('4h', range(0, 120, 4), 10, 2)]);
    await store.close();
    expect(readFileSync(join(places(), day(0)))).toEqual(first);
    const again = await opened();
    const atr = async (hour: number): Promise<unknown> => (await ask(`SELECT atr * 7 / ${hour} FROM read_parquet('${places()}/*.parquet') WHERE timeframe = '4h' AND epoch_ms(time) = ${at(hour)}`))[0]?.[0];
    expect(await atr(4)).toBeCloseTo(1);
    expect(inTable(`SELECT atr * 7 / 104 FROM bars JOIN series ON series = id WHERE timeframe = '4h' AND time = ${at(104)}`)).toBeCloseTo(1);
    await again.keepFeatures(SERIES, [computed('4h', range(0, 120, 4), 2_000, 3)]);
    expect(await atr(4)).toBeCloseTo(3);
    expect(inTable(`SELECT atr * 7 / 104 FROM bars JOIN series ON series = id WHERE timeframe = '4h' AND time = ${at(104)}`)).toBeCloseTo(3);
    await again.close();
  });

  it('let go of what was built from bars that are written anew', async () => {
    const store = await opened();
    await store.write(SERIES, { from: at(0), to: at(120) }, barsAt(range(0, 120)));
    await store.keepFeatures(SERIES, [computed('1h', range(0, 120), 1), computed('4h', range(0, 120, 4), 1), computed('1d', range(0, 120, 24), 1)]);
    await store.write(SERIES, { from: at(26), to: at(27) }, barsAt([26], 5));
    await store.close();
    const kept = await ask(`SELECT timeframe, epoch_ms(time)::DOUBLE FROM read_parquet('${places()}/*.parquet') WHERE epoch_ms(time) >= ${at(24)} AND epoch_ms(time) < ${at(32)} AND (timeframe <> '1h' OR atr IS NULL) ORDER BY ALL`);
    expect(kept).toEqual([['1h', at(25)], ['1h', at(26)], ['1h', at(30)], ['4h', at(28)]]);
  });

  it('hold the same as a plain list, whatever is written in which order, and after each start', { timeout: 60_000 }, async () => {
    const step = fc.record({ from: fc.nat(200), length: fc.integer({ min: 1, max: 90 }), stride: fc.integer({ min: 1, max: 5 }), value: fc.nat(9), next: fc.constantFrom('nothing', 'features', 'restart') });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 7 }), async (steps) => {
        rmSync(join(folder, 'bars.db'), { force: true });
        rmSync(join(folder, 'days'), { recursive: true, force: true });
        let store = await opened();
        const kept = new Map<number, number>();
        const covered = new Set<number>();
        for (const { from, length, stride, value, next } of steps) {
          const hours = range(from, from + length).filter((hour) => hour % stride === 0);
          await store.write(SERIES, { from: at(from), to: at(from + length) }, barsAt(hours, value));
          for (const hour of range(from, from + length)) {
            covered.add(at(hour));
            kept.delete(at(hour));
          }
          for (const hour of hours) kept.set(at(hour), 4000 + value / 3 + hour);
          if (next === 'features' && hours.length > 0) await store.keepFeatures(SERIES, [computed('1h', hours, 1, value), computed('4h', hours.filter((hour) => hour % 4 === 0), 1, value)]);
          if (next === 'restart') {
            await store.close();
            store = await opened();
          }
          const bars = await all(store);
          expect([...bars.time].map((time, i) => [time, bars.close[i]])).toEqual([...kept].sort(([a], [b]) => a - b));
          expect((await store.spans(SERIES)).flatMap((span) => range(span.from, span.to, HOUR))).toEqual([...covered].sort((a, b) => a - b));
        }
        await store.close();
      }),
      { numRuns: 12 },
    );
  });

  it('that another process moves meanwhile are read all the same', async () => {
    const times = range(0, 9_000).map((i) => i / 16);
    const end = 9_000 / 16;
    const writer = await opened();
    await writer.write(SERIES, { from: at(0), to: at(end) }, barsAt(times));
    const reader = await opened();
    const reading = reader.read(SERIES, ALL);
    const chunks = [(await reading.next()).value as BarColumns];
    expect(chunks[0]?.length).toBe(8_192);
    await writer.keepFeatures(SERIES, [computed('1h', [200], 1)]);
    await writer.write(SERIES, { from: at(540), to: at(540.0625) }, barsAt([540]));
    await writer.close();
    for await (const chunk of reading) chunks.push(chunk);
    expect(files().length).toBe(22);
    expect(joinBars(chunks)).toEqual(barsAt(times));
    await reader.close();
  }, 60_000);
});

describe('a day that cannot be used', () => {
  const fault = async (): Promise<unknown> => {
    const store = await opened();
    try {
      return await all(store);
    } catch (thrown) {
      return thrown;
    } finally {
      await store.close();
    }
  };

  it('is refused when its file is damaged, or that of another instrument, with what to do', async () => {
    await (await filled()).close();
    const path = join(places(), day(3));
    const whole = readFileSync(path);
    const bytes = Buffer.from(whole);
    bytes.fill(0x5a, 100, 140);
    writeFileSync(path, bytes);
    expect(await fault()).toMatchObject({ code: 'DATA_STORE', message: 'ES/2024-01-04.parquet is not the file that was written, expected its hash', hint: 'delete 2024-01-04.parquet: the next start fetches that day again' });
    copyFileSync(join(places(), day(4)), path);
    expect(await fault()).toMatchObject({ code: 'DATA_STORE' });
    writeFileSync(path, whole);
    expect(await fault()).toMatchObject({ length: 252 });
  });

  it('is asked for again when its file was deleted', async () => {
    await (await filled()).close();
    rmSync(join(places(), day(3)));
    const store = await opened();
    expect(await store.spans(SERIES)).toEqual([{ from: at(0), to: at(72) }, { from: at(96), to: at(252) }]);
    expect((await all(store)).length).toBe(252 - 24);
    await store.write(SERIES, { from: at(72), to: at(96) }, barsAt(range(72, 96)));
    await store.close();
    expect(files()).toEqual(range(0, 9).map(day));
    expect(await fault()).toMatchObject({ length: 252 });
  });

  it('is said to be gone when that happens under a run', async () => {
    const store = await filled();
    rmSync(join(places(), day(3)));
    await expect(all(store)).rejects.toMatchObject({ code: 'DATA_STORE', hint: 'start again: the day is fetched then' });
    await store.close();
  });

  it('stays in the table where no file can be written', async () => {
    writeFileSync(join(folder, 'days'), '');
    const store = await opened();
    await store.write(SERIES, { from: at(0), to: at(120) }, barsAt(range(0, 120)));
    await expect(store.close()).rejects.toMatchObject({ code: 'DATA_STORE', hint: 'make room, or name another folder under data.store.config.history' });
    const again = await opened();
    expect((await all(again)).length).toBe(120);
    await again.close().catch(() => undefined);
  });
});
