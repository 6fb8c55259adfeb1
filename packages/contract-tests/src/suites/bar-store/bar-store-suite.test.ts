import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { BarColumns } from '@keelson/core/domain';
import { DataError } from '@keelson/core/errors';
import type { BarSeries, BarSpan, BarStore, ComputedBars, KeptFeature, Schema } from '@keelson/core/ports';
import { allocateBars, joinBars, sliceBars } from '@keelson/core/series';
import { z } from 'zod';
import { folders } from '../../../testing/folders.js';
import { JsonBarStore, jsonBarStore } from '../../../testing/json-bar-store.js';
import { proveSuite } from '../../../testing/twins.js';
import type { BarStoreControl, BarStorePlace, BarStoreSubject, KeptRow } from './bar-store-subject.js';
import { barStoreSuite } from './bar-store-suite.js';

const newFolder = folders();
const FEATURES: readonly KeptFeature[] = ['atr', 'realisedVolatility', 'vwap', 'volumeTrend', 'spread', 'imbalance'];
const strict = z.strictObject({ folder: z.string().default('bars') });

type Row = readonly [time: number, ...numbers: Array<number | null>];
type Kept = { readonly series: BarSeries; readonly spans: unknown; readonly bars: readonly Row[]; readonly features: Readonly<Record<string, readonly Row[]>> };
/** What a twin needs to get at. */
type Insides = { put: () => void; kept: Map<string, Kept>; of: (series: BarSeries) => Kept; save: (kept: Kept) => void };

const insidesOf = (store: BarStore): Insides => store as unknown as Insides;

function subjectOf(change: (store: JsonBarStore, baseDir: string) => void = () => undefined, { params = strict as Schema, make = (folder: string) => new JsonBarStore(folder), asStored }: { readonly params?: Schema; readonly make?: (folder: string) => JsonBarStore; readonly asStored?: (baseDir: string, live: Insides) => void } = {}): BarStoreSubject {
  const latest = new Map<string, JsonBarStore>();
  return {
    definition: {
      params,
      create({ params: settings, baseDir }) {
        const store = make(join(baseDir, (settings as { readonly folder: string }).folder));
        change(store, baseDir);
        latest.set(baseDir, store);
        return store;
      },
    },
    place(): BarStorePlace {
      const baseDir = newFolder();
      const insides = (): Insides => insidesOf(latest.get(baseDir) as JsonBarStore);
      const files = (): string[] => readdirSync(join(baseDir, 'bars')).map((name) => join(baseDir, 'bars', name));
      const control: BarStoreControl = {
        damage: () => files().forEach((file) => writeFileSync(file, readFileSync(file, 'utf8').replaceAll('4', '5'))),
        replace: () => writeFileSync(join(baseDir, 'bars'), 'time,open,high,low,close\n'),
        fill: () => {
          insides().put = () => {
            throw new Error('no space left on device');
          };
        },
        makeRoom: () => void delete (insides() as Partial<Insides>).put,
        features: (base, timeframe) => ((insides().of(base).features[timeframe] ?? []) as ReadonlyArray<readonly number[]>).map((row) => ({ time: row[0], seen: row.at(-1), ...Object.fromEntries(FEATURES.flatMap((name, i) => (row[1 + i] === null ? [] : [[name, row[1 + i]]]))) }) as unknown as KeptRow),
      };
      const stored = async (): Promise<BarStorePlace> => {
        const copy = newFolder();
        await cp(baseDir, copy, { recursive: true });
        asStored?.(copy, insides());
        return { baseDir: copy };
      };
      return { baseDir, control, ...(asStored === undefined ? {} : { asStored: stored }) };
    },
  };
}

/** A store whose writes are changed on their way. */
const writing = (write: (send: BarStore['write'], series: BarSeries, span: BarSpan, bars: BarColumns, store: JsonBarStore) => Promise<void>): BarStoreSubject =>
  subjectOf((store) => {
    const { write: own } = store;
    store.write = (series, span, bars) => write(own.bind(store), series, span, bars, store);
  });

/** A store whose bars are changed when they are read. */
const reading = (change: (bars: BarColumns, span: BarSpan, series: BarSeries) => BarColumns): BarStoreSubject =>
  subjectOf((store) => {
    const { read } = store;
    store.read = async function* (series, span) {
      for await (const chunk of read.call(store, series, span)) yield change(chunk, span, series);
    };
  });

/** A store whose features are changed on their way. */
const keeping = (keep: (send: BarStore['keepFeatures'], base: BarSeries, computed: readonly ComputedBars[], store: JsonBarStore) => Promise<void>): BarStoreSubject =>
  subjectOf((store) => {
    const { keepFeatures: own } = store;
    store.keepFeatures = (base, computed) => keep(own.bind(store), base, computed, store);
  });

function without(bars: BarColumns, isGone: (time: number, i: number) => boolean): BarColumns {
  const rows = Array.from(bars.time, (time, i) => (isGone(time, i) ? [] : [sliceBars(bars, i, i + 1)])).flat();
  return rows.length === 0 ? allocateBars(0) : joinBars(rows);
}

let served = 0;

proveSuite(
  barStoreSuite,
  () => subjectOf(),
  [
    { breaks: 'BST-010', how: 'takes other defaults each time', subject: () => subjectOf(undefined, { params: strict.extend({ more: z.number().default(() => ++served) }) }) },
    { breaks: 'BST-020', how: 'lets any setting pass', subject: () => subjectOf(undefined, { params: z.object({ folder: z.string().default('bars') }) }) },
    { breaks: 'BST-030', how: 'lets any value pass', subject: () => subjectOf(undefined, { params: z.strictObject({ folder: z.unknown().default('bars') }) }) },
    { breaks: 'BST-040', how: 'leaves a mark where it is made', subject: () => subjectOf((_store, baseDir) => writeFileSync(join(baseDir, 'mark'), '')) },
    {
      breaks: 'BST-050',
      how: 'takes the time before the first bar for known',
      subject: () =>
        subjectOf((store) => {
          const { spans } = store;
          store.spans = async (series) => {
            const known = await spans.call(store, series);
            return series.source === 'feed 1f2e' && insidesOf(store).kept.size === 0 ? [{ from: Number.NEGATIVE_INFINITY, to: 0 }] : known;
          };
        }),
    },
    { breaks: 'BST-060', how: 'keeps no order book', subject: () => reading(({ depth, ...bars }) => (bars.length > 0 && depth !== undefined && (bars.time[1] as number) - (bars.time[0] as number) > 60_000 ? { ...bars } : { ...bars, ...(depth === undefined ? {} : { depth }) })) },
    {
      breaks: 'BST-070',
      how: 'gives bars in the order of writing',
      subject: () =>
        subjectOf((store) => {
          const order: number[] = [];
          const { write, read } = store;
          store.write = (series, span, bars) => (order.push(span.from), write.call(store, series, span, bars));
          store.read = async function* (series, span) {
            const backwards = order.length === 5 && (order[0] as number) > (order[1] as number);
            for await (const chunk of read.call(store, series, span)) {
              if (!backwards) yield chunk;
              else for (const part of [sliceBars(chunk, 4_000, chunk.length), sliceBars(chunk, 0, 4_000)]) yield part;
            }
          };
        }),
    },
    { breaks: 'BST-080', how: 'reads to the end, included', subject: () => subjectOf((store) => {
      const { read } = store;
      store.read = (series, { from, to }) => read.call(store, series, { from, to: Number.isFinite(to) && to - from === 10 * 60_000 && insidesOf(store).of(series).bars.length === 100 ? to + 1 : to });
    }) },
    {
      breaks: 'BST-090',
      how: 'keeps bars that a write does not name again',
      subject: () =>
        writing(async (send, series, span, bars, store) => {
          const before = insidesOf(store).of(series).bars.length;
          if (before !== 30 || bars.length !== 5) return send(series, span, bars);
          const old: BarColumns[] = [];
          for await (const chunk of store.read(series, span)) old.push(chunk);
          const kept = without(joinBars(old), (time) => bars.time.includes(time));
          const all = [...Array.from(bars.time, (time, i) => [time, sliceBars(bars, i, i + 1)] as const), ...Array.from(kept.time, (time, i) => [time, sliceBars(kept, i, i + 1)] as const)].sort(([a], [b]) => a - b);
          await send(series, span, joinBars(all.map(([, bar]) => bar)));
        }),
    },
    { breaks: 'BST-100', how: 'forgets a write without bars', subject: () => writing(async (send, series, span, bars) => (bars.length === 0 && span.from < span.to ? undefined : send(series, span, bars))) },
    {
      breaks: 'BST-110',
      how: 'tells two spans that touch apart',
      subject: () =>
        subjectOf((store) => {
          let writes = 0;
          const { spans, write } = store;
          store.write = (series, span, bars) => (writes++, write.call(store, series, span, bars));
          store.spans = async (series) => {
            const known = await spans.call(store, series);
            const [first] = known;
            const middle = first === undefined ? 0 : first.from + 60_000;
            return writes > 10 && first !== undefined && first.to > middle ? [{ from: first.from, to: middle }, { from: middle, to: first.to }, ...known.slice(1)] : known;
          };
        }),
    },
    {
      breaks: 'BST-120',
      how: 'ends time some day',
      subject: () =>
        subjectOf((store) => {
          const { spans } = store;
          store.spans = async (series) => (await spans.call(store, series)).map(({ from, to }) => ({ from, to: Math.min(8.64e15, to) }));
        }),
    },
    { breaks: 'BST-130', how: 'takes small letters for capitals', subject: () => subjectOf((store) => {
      const { write, read, spans } = store;
      const folded = (series: BarSeries): BarSeries => ({ ...series, instrument: series.instrument.toUpperCase() });
      store.write = (series, span, bars) => write.call(store, folded(series), span, bars);
      store.read = (series, span) => read.call(store, folded(series), span);
      store.spans = (series) => spans.call(store, folded(series));
    }) },
    {
      breaks: 'BST-140',
      how: 'gives the same columns to every reader',
      subject: () =>
        subjectOf((store) => {
          const shared = new Map<string, BarColumns>();
          const { read, write } = store;
          store.write = (series, span, bars) => (shared.clear(), write.call(store, series, span, bars));
          store.read = async function* (series, span) {
            for await (const chunk of read.call(store, series, span)) {
              const key = JSON.stringify([series, span, chunk.length]);
              const known = shared.get(key) ?? chunk;
              shared.set(key, known);
              yield known;
            }
          };
        }),
    },
    {
      breaks: 'BST-150',
      how: 'loses one of two writes that come at once',
      subject: () => {
        const busy = new Map<JsonBarStore, Set<string>>();
        return writing(async (send, series, span, bars, store) => {
          const key = JSON.stringify(series);
          const going = busy.get(store) ?? new Set();
          busy.set(store, going);
          if (going.has(key)) return;
          going.add(key);
          try {
            await send(series, span, bars);
            await setImmediate();
          } finally {
            going.delete(key);
          }
        });
      },
    },
    { breaks: 'BST-160', how: 'turns a span round', subject: () => writing((send, series, span, bars) => send(series, span.from > span.to ? { from: span.to, to: span.from } : span, bars)) },
    {
      breaks: 'BST-170',
      how: 'keeps whatever it is given',
      subject: () =>
        writing((send, series, span, bars) => {
          const ascends = bars.time.every((time, i) => i === 0 || time > (bars.time[i - 1] as number));
          const first = bars.time[0] ?? span.from;
          const last = bars.time.at(-1) ?? span.to;
          return send(series, ascends && span.from < span.to ? { from: Math.min(span.from, first), to: Math.max(span.to, last + (bars.length > 0 && last >= span.to ? 1 : 0)) } : span, bars);
        }),
    },
    {
      breaks: 'BST-200',
      how: 'finds one span again',
      subject: () =>
        subjectOf((store) => {
          const { spans, write } = store;
          let written = false;
          store.write = (series, span, bars) => ((written = true), write.call(store, series, span, bars));
          store.spans = async (series) => {
            const known = await spans.call(store, series);
            return written || known.length !== 2 || known[0]?.to !== (known[0]?.from ?? 0) + 40 * 60_000 ? known : known.slice(0, 1);
          };
        }),
    },
    {
      breaks: 'BST-210',
      how: 'opens once',
      subject: () =>
        subjectOf((store) => {
          let closed = false;
          const { open, close } = store;
          store.open = () => (closed ? Promise.reject(new Error('gone')) : open.call(store));
          store.close = () => ((closed = true), close.call(store));
        }),
    },
    {
      breaks: 'BST-220',
      how: 'writes down what is known before the bars of it',
      subject: () =>
        subjectOf(undefined, {
          asStored(copy) {
            const folder = join(copy, 'bars');
            for (const name of existsSync(folder) ? readdirSync(folder) : []) {
              const store = new JsonBarStore(folder);
              const kept = (store as unknown as { load: (name: string) => Kept }).load(name);
              if (kept.bars.length >= 50) insidesOf(store).save({ ...kept, bars: kept.bars.slice(0, -20) });
            }
          },
        }),
    },
    {
      breaks: 'BST-230',
      how: 'writes down the bars of a minute later',
      subject: () =>
        subjectOf(undefined, {
          asStored(copy) {
            const folder = join(copy, 'bars');
            for (const name of existsSync(folder) ? readdirSync(folder) : []) {
              const { bars } = (new JsonBarStore(folder) as unknown as { load: (name: string) => Kept }).load(name);
              if (bars.length === 10) rmSync(join(folder, name));
            }
          },
        }),
    },
    {
      breaks: 'BST-240',
      how: 'keeps in memory what it cannot write',
      subject: () =>
        writing(async (send, series, span, bars, store) => {
          try {
            await send(series, span, bars);
          } catch (thrown) {
            const { kept, of } = insidesOf(store);
            if (thrown instanceof DataError && thrown.message.includes('no space')) for (const [name, each] of kept) kept.set(name, { ...each, spans: [[span.from, span.to]], bars: of.call(store, series).bars });
            throw thrown;
          }
        }),
    },
    {
      breaks: 'BST-300',
      how: 'gives bars that it built for those of the feed',
      subject: () =>
        keeping(async (send, base, computed, store) => {
          await send(base, computed);
          for (const { timeframe, bars } of computed) if (timeframe === '5m' && computed.length === 3) await store.write({ ...base, timeframe }, { from: bars.time[0] as number, to: (bars.time.at(-1) as number) + 300_000 }, bars);
        }),
    },
    { breaks: 'BST-310', how: 'rounds features', subject: () => keeping((send, base, computed) => send(base, computed.length === 2 && computed.every(({ bars, seen }) => seen[0] === 1 && bars.length % 6 === 0) ? computed.map((each) => (each.timeframe === '5m' && (each.features.vwap[0] as number) > 200 ? { ...each, features: { ...each.features, vwap: each.features.vwap.map((value) => Math.round(value)) } } : each)) : computed)) },
    { breaks: 'BST-320', how: 'keeps the features that came last', subject: () => subjectOf((store) => {
      const { keepFeatures } = store;
      let runs = 0;
      store.keepFeatures = async (base, computed) => {
        if (++runs === 2 && computed.length === 1) {
          const kept = insidesOf(store).of(base);
          insidesOf(store).save({ ...kept, features: {} });
        }
        await keepFeatures.call(store, base, computed);
      };
    }) },
    {
      breaks: 'BST-330',
      how: 'leaves features of bars that are gone',
      subject: () =>
        writing(async (send, series, span, bars, store) => {
          const { features } = insidesOf(store).of(series);
          await send(series, span, bars);
          if (Object.keys(features).length > 0) insidesOf(store).save({ ...insidesOf(store).of(series), features });
        }),
    },
    {
      breaks: 'BST-400',
      how: 'leaves out a file that is damaged',
      subject: () =>
        subjectOf((store) => {
          const { open } = store;
          store.open = async () => {
            try {
              await open.call(store);
            } catch (thrown) {
              if (!(thrown instanceof DataError) || !thrown.message.includes('damaged')) throw thrown;
              insidesOf(store).kept = new Map();
            }
          };
        }),
    },
    {
      breaks: 'BST-410',
      how: 'makes room for its folder',
      subject: () =>
        subjectOf((store, baseDir) => {
          const { open } = store;
          store.open = async () => {
            const folder = join(baseDir, 'bars');
            if (existsSync(folder) && !existsSync(join(folder, '.'))) rmSync(folder);
            try {
              if (readFileSync(folder, 'utf8') !== '') rmSync(folder);
            } catch {
              // a folder, as it should be
            }
            await open.call(store);
          };
        }),
    },
    { breaks: 'BST-500', how: 'gives every other bar of a long run', subject: () => reading((bars) => (bars.length === 300 && bars.depth !== undefined ? without(bars, (_time, i) => i % 2 === 1) : bars)) },
  ],
  [() => ({ ...subjectOf(undefined, { make: (folder) => jsonBarStore.create({ params: { folder }, account: 'contract', baseDir: '/', logger: { debug() {}, info() {}, warn() {}, error() {} } }) as JsonBarStore }) })],
);
