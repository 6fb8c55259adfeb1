import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { BarColumns } from '@keelson/core/domain';
import { parseTimeframe } from '@keelson/core/domain';
import { DataError, isKeelsonError, messageOf } from '@keelson/core/errors';
import { defineBarStore } from '@keelson/core/plugin';
import type { BarSeries, BarSpan, BarStore, ComputedBars, KeptFeature } from '@keelson/core/ports';
import { allocateBars } from '@keelson/core/series';
import { z } from 'zod';

const BAR = ['open', 'high', 'low', 'close', 'volume'] as const;
const DEPTH = ['bid', 'ask', 'bidSize', 'askSize'] as const;
const FEATURES: readonly KeptFeature[] = ['atr', 'realisedVolatility', 'vwap', 'volumeTrend', 'spread', 'imbalance'];

/** Open of a bar, then its numbers; null is no number. */
type Row = readonly [time: number, ...numbers: Array<number | null>];
/** A series in its file; null is a span without a bound. `features` are by timeframe, `seen` last. */
type Kept = { readonly store: 1; readonly series: BarSeries; readonly spans: ReadonlyArray<readonly [number | null, number | null]>; readonly bars: readonly Row[]; readonly features: Readonly<Record<string, readonly Row[]>> };

/**
 * `json-files`: a file for each series, written as a whole beside the old one and then put in its place, so that a death
 * leaves the one or the other. The first line is a hash of the rest. For a few months of minutes; more wants a database.
 */
export class JsonBarStore implements BarStore {
  private kept: Map<string, Kept> | undefined;

  constructor(private readonly folder: string) {}

  async open(): Promise<void> {
    this.kept = this.attempt('be opened', () => {
      mkdirSync(this.folder, { recursive: true });
      return new Map(readdirSync(this.folder).filter((name) => name.endsWith('.json')).map((name) => [name, this.load(name)]));
    });
  }

  async spans(series: BarSeries): Promise<readonly BarSpan[]> {
    return spansOf(this.of(series));
  }

  async *read(series: BarSeries, { from, to }: BarSpan): AsyncGenerator<BarColumns> {
    const rows = this.of(series).bars.filter(([time]) => time >= from && time < to);
    if (rows.length > 0) yield columnsOf(rows);
  }

  async write(series: BarSeries, span: BarSpan, bars: BarColumns): Promise<void> {
    const { from, to } = span;
    const rows = rowsOf(bars);
    if (!(from < to) || rows.some(([time], i) => !(time >= from && time < to && time > (rows[i - 1]?.[0] ?? Number.NEGATIVE_INFINITY)))) {
      throw this.error(`was given the span ${from} to ${to}, with bars that do not ascend within it`, 'a span with its own bars', 'this is a fault of whoever writes');
    }
    const before = this.of(series);
    const outside = before.bars.filter(([time]) => time < from || time >= to);
    const spans = spansOf(before);
    const touching = spans.filter((each) => each.from <= to && each.to >= from);
    const merged = { from: Math.min(from, ...touching.map((each) => each.from)), to: Math.max(to, ...touching.map((each) => each.to)) };
    const all = [...spans.filter((each) => !touching.includes(each)), merged].sort((a, b) => a.from - b.from);
    const features = Object.fromEntries(Object.entries(before.features).map(([timeframe, kept]) => [timeframe, kept.filter(([time]) => time >= to || time + (parseTimeframe(timeframe)?.ms ?? 0) <= from)]));
    this.save({ ...before, spans: all.map((each) => [finite(each.from), finite(each.to)]), bars: [...outside, ...rows].sort(([a], [b]) => a - b), features });
  }

  async keepFeatures(base: BarSeries, computed: readonly ComputedBars[]): Promise<void> {
    const before = this.of(base);
    const features: Record<string, readonly Row[]> = { ...before.features };
    for (const { timeframe, bars, features: columns, seen } of computed) {
      const rows = new Map((features[timeframe] ?? []).map((row) => [row[0], row]));
      bars.time.forEach((time, i) => {
        const row: Row = [time, ...FEATURES.map((name) => finite(columns[name][i])), seen[i] as number];
        if ((rows.get(time)?.at(-1) ?? 0) <= (seen[i] as number)) rows.set(time, row);
      });
      features[timeframe] = [...rows.values()].sort(([a], [b]) => a - b);
    }
    this.save({ ...before, features });
  }

  async close(): Promise<void> {
    this.kept = undefined;
  }

  private of(series: BarSeries): Kept {
    if (this.kept === undefined) throw this.error('is not open', 'open() before it is used', 'open it');
    return this.kept.get(nameOf(series)) ?? { store: 1, series, spans: [], bars: [], features: {} };
  }

  private save(kept: Kept): void {
    const name = nameOf(kept.series);
    const text = JSON.stringify(kept);
    this.attempt('be written', () => this.put(name, `${hashOf(text)}\n${text}`));
    this.kept?.set(name, kept);
  }

  private put(name: string, text: string): void {
    const path = join(this.folder, name);
    const file = openSync(`${path}.new`, 'w');
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(`${path}.new`, path);
  }

  private load(name: string): Kept {
    const [hash, text = ''] = readFileSync(join(this.folder, name), 'utf8').split('\n');
    if (hash !== hashOf(text)) throw this.error(`has a file that is damaged, or another program's (${name})`, 'what was written', `delete ${name}: its bars are fetched again`);
    return JSON.parse(text) as Kept;
  }

  private attempt<T>(what: string, act: () => T): T {
    try {
      return act();
    } catch (thrown) {
      if (isKeelsonError(thrown)) throw thrown;
      throw this.error(`could not ${what} (${messageOf(thrown)})`, 'a folder that this user may write, with room', 'make room, or name another folder', thrown);
    }
  }

  private error(found: string, expected: string, hint: string, cause?: unknown): DataError {
    return new DataError('DATA_STORE', `the store ${found}, expected ${expected}`, { hint, context: { folder: this.folder }, cause });
  }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
/** Names of instruments may hold anything: a hash is a name on every disk. */
const nameOf = ({ source, instrument, timeframe }: BarSeries): string => `${hashOf(JSON.stringify([source, instrument, timeframe]))}.json`;
const finite = (value: number | undefined): number | null => (Number.isFinite(value) ? (value as number) : null);

const spansOf = ({ spans }: Kept): BarSpan[] => spans.map(([from, to]) => ({ from: from ?? Number.NEGATIVE_INFINITY, to: to ?? Number.POSITIVE_INFINITY }));

function rowsOf(bars: BarColumns): Row[] {
  const columns = [...BAR.map((name) => bars[name]), ...(bars.depth === undefined ? [] : DEPTH.map((name) => bars.depth?.[name]))];
  return Array.from(bars.time, (time, i) => [time, ...columns.map((column) => finite(column?.[i]))]);
}

function columnsOf(rows: readonly Row[]): BarColumns {
  const bars = allocateBars(rows.length, rows.some((row) => row.length > 1 + BAR.length));
  rows.forEach(([time, ...numbers], i) => {
    bars.time[i] = time;
    BAR.forEach((name, column) => (bars[name][i] = numbers[column] ?? Number.NaN));
    if (bars.depth !== undefined) for (const [column, name] of DEPTH.entries()) bars.depth[name][i] = numbers[BAR.length + column] ?? Number.NaN;
  });
  return bars;
}

export const jsonBarStore = defineBarStore({
  params: z.strictObject({ folder: z.string().min(1).default('bars').describe('Folder of the files, relative to the account file.') }),
  create: ({ params: { folder }, baseDir }) => new JsonBarStore(resolve(baseDir, folder)),
});
