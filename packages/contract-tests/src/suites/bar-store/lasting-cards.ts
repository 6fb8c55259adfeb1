import type { BarColumns } from '@keelson/core/domain';
import { toUtcMs } from '@keelson/core/domain';
import { messageOf } from '@keelson/core/errors';
import { BAR_STORE, DATA_FEED, defineDataFeed } from '@keelson/core/plugin';
import type { ComputedBars, HistoryRequest, KeptFeature } from '@keelson/core/ports';
import { sliceBars } from '@keelson/core/series';
import { expectEqual, expectThat } from '../../frame/expectations.js';
import { anything, runLab } from '../../lab/lab-run.js';
import { livelyBars } from '../../lab/sample-bars.js';
import type { KeptRow } from './bar-store-subject.js';
import { ALL, SERIES, at, barStoreCard, barsAt, expectBars, expectFault, range, span, type BarStoreBench } from './bar-store-bench.js';

const FEATURES: readonly KeptFeature[] = ['atr', 'realisedVolatility', 'vwap', 'volumeTrend', 'spread', 'imbalance'];

/** Features of bars, the first made after `seen` bars; they say which `version` of them it is, and lack a value at times. */
function computed(timeframe: string, minutes: readonly number[], seen: number, version = 1): ComputedBars {
  const column = (name: number): Float64Array => Float64Array.from(minutes, (minute, i) => (i % 4 === name % 4 ? Number.NaN : (minute + 1) / 7 + name + version * 100));
  return { timeframe, bars: barsAt(minutes), features: Object.fromEntries(FEATURES.map((name, i) => [name, column(i)])) as Record<KeptFeature, Float64Array>, seen: Float64Array.from(minutes, (_, i) => seen + i) };
}

function rowsOf({ bars, features, seen }: ComputedBars): KeptRow[] {
  return Array.from(bars.time, (time, i) => ({ time, seen: seen[i] as number, ...Object.fromEntries(FEATURES.flatMap((name) => (Number.isNaN(features[name][i]) ? [] : [[name, features[name][i] as number]]))) }));
}

async function expectFeatures(bench: BarStoreBench, timeframe: string, expected: readonly KeptRow[], what: string): Promise<void> {
  const found = await bench.control('features')(SERIES, timeframe);
  expectEqual(found.length, expected.length, `number of ${what}`);
  expected.forEach((row, i) => expectEqual(found[i], row, `row ${i + 1} of ${what}`));
}

let feeds = 0;

/** One run of an account whose feed is asked through the store. */
async function storedRun(bench: BarStoreBench, bars: BarColumns): Promise<{ readonly asked: number[]; readonly run: Awaited<ReturnType<typeof runLab>> }> {
  const asked: number[] = [];
  const run = await runLab({
    bars,
    provides: ['bar-store'],
    baseDir: bench.place.baseDir,
    add(add) {
      add(BAR_STORE, 'subject', bench.subject.definition);
      add(DATA_FEED, 'asked', defineDataFeed({
        params: anything,
        create: () => ({
          capabilities: { history: true, live: false, volume: true, depth: true },
          connect: async () => undefined,
          disconnect: async () => undefined,
          provenance: () => [],
          warnings: () => [],
          async *history({ from = toUtcMs(0), to = toUtcMs(8.64e15) }: HistoryRequest) {
            asked.push(from);
            const first = bars.time.findIndex((time) => time >= from);
            const end = bars.time.findIndex((time) => time >= to);
            if (first >= 0) yield sliceBars(bars, first, end < 0 ? bars.length : end);
          },
        }),
      }));
    },
    decide: () => ({ bars: window, signal }) => (window.count % 20 === 0 ? signal.long({ confidence: 0.8 }) : window.count % 20 === 10 ? signal.flat() : undefined),
    config: { account: `stored-${++feeds}`, data: { feed: 'asked', timeframe: '1m', store: { use: 'subject', config: bench.place.params ?? bench.subject.params ?? {} } } },
  });
  return { asked, run };
}

/** What is kept outlives the process, and faults are told. */
export const lastingCards = [
  barStoreCard({
    id: 'BST-200',
    title: 'knows after a restart what it knew before',
    why: 'A store that forgets asks the feed for years of bars at every start',
    async play(bench) {
      const store = await bench.open();
      await store.write(SERIES, span(0, 40), barsAt(range(0, 40)));
      await store.write(SERIES, span(100, 140), barsAt(range(100, 140), 2));
      await store.close();
      const again = await bench.open();
      expectEqual(await again.spans(SERIES), [span(0, 40), span(100, 140)], 'spans after a restart');
      await again.write(SERIES, span(40, 60), barsAt(range(40, 60)));
      expectBars(await bench.bars(again, span(0, 100)), barsAt(range(0, 60)), 'the bars after a restart');
      expectBars(await bench.bars(again, span(100, 200)), barsAt(range(100, 140), 2), 'the bars after a restart, behind a hole');
    },
  }),
  barStoreCard({
    id: 'BST-210',
    title: 'may be closed twice, and opened again',
    why: 'A run that is stopped and started in one process uses the same store',
    async play(bench) {
      const store = await bench.open();
      await store.write(SERIES, span(0, 10), barsAt(range(0, 10)));
      await store.close();
      await store.close();
      await store.open();
      expectEqual(await store.spans(SERIES), [span(0, 10)], 'spans after it was opened again');
      expectBars(await bench.bars(store), barsAt(range(0, 10)), 'the bars after it was opened again');
    },
  }),
  barStoreCard({
    id: 'BST-220',
    title: 'has all bars of every span that it says to know, should the process die',
    why: 'A hole within a span that is known is never asked for: it is in every test of every strategy from then on',
    async play(bench) {
      const store = await bench.open();
      for (let write = 0; write < 8; write++) {
        const ending = store.write(SERIES, span(write * 50, write * 50 + 50), barsAt(range(write * 50, write * 50 + 50)));
        if (write % 3 !== 2) await ending;
        const dead = await bench.afterDeath();
        const found = await dead.open();
        const spans = await found.spans(SERIES);
        const known = spans.flatMap(({ from, to }) => range((from - at(0)) / 60_000, (to - at(0)) / 60_000));
        expectBars(await dead.bars(found), barsAt(known), `the bars of what was known after a death at write ${write + 1}`);
        expectThat(known.length <= (write + 1) * 50, `it knew of ${known.length} minutes after ${write + 1} writes of 50`, 'no more than was written');
        await ending;
      }
    },
  }),
  barStoreCard({
    id: 'BST-230',
    title: 'has what was written before a death of the process',
    why: 'Live bars are told once: a feed may not have them again',
    async play(bench) {
      const store = await bench.open();
      for (let write = 0; write < 3; write++) {
        await store.write(SERIES, span(write * 10, write * 10 + 10), barsAt(range(write * 10, write * 10 + 10)));
        const dead = await bench.afterDeath();
        expectBars(await dead.bars(await dead.open()), barsAt(range(0, write * 10 + 10)), `the bars after a death behind write ${write + 1}`);
      }
    },
  }),
  barStoreCard({
    id: 'BST-240',
    title: 'keeps all of a write that fails out, says why with DATA_STORE, and goes on once there is room',
    why: 'Half a write is a hole that is taken for a market without trades',
    needs: ['fill', 'makeRoom'],
    async play(bench) {
      const store = await bench.open();
      await store.write(SERIES, span(0, 10), barsAt(range(0, 10)));
      await bench.control('fill')();
      await expectFault(() => store.write(SERIES, span(5, 5_000), barsAt(range(5, 5_000), 2)), 'a write on a full disk');
      expectEqual(await store.spans(SERIES), [span(0, 10)], 'spans after a write that failed');
      expectBars(await bench.bars(store), barsAt(range(0, 10)), 'the bars after a write that failed');
      await bench.control('makeRoom')();
      await store.write(SERIES, span(10, 20), barsAt(range(10, 20)));
      expectBars(await bench.bars(store), barsAt(range(0, 20)), 'the bars after there was room again');
    },
  }),
  barStoreCard({
    id: 'BST-300',
    title: 'keeps features beside bars: they change neither what is known nor what is read',
    why: 'A bar of five minutes that was built here is not one that the feed told: it would be taken for it for ever',
    async play(bench) {
      const store = await bench.open();
      const written = barsAt(range(0, 20));
      await store.write(SERIES, span(0, 20), written);
      await store.keepFeatures(SERIES, []);
      await store.keepFeatures(SERIES, [computed('1m', range(0, 20), 1), computed('5m', range(0, 20, 5), 1), computed('1h', [], 1)]);
      expectEqual(await store.spans(SERIES), [span(0, 20)], 'spans after features were kept');
      expectBars(await bench.bars(store), written, 'the bars after features were kept');
      const built = { ...SERIES, timeframe: '5m' };
      expectEqual(await store.spans(built), [], 'spans of a timeframe that was built');
      expectBars(await bench.bars(store, ALL, built), barsAt([]), 'the bars of a timeframe that was built');
    },
  }),
  barStoreCard({
    id: 'BST-310',
    title: 'shows features to other programs as they were computed, of every timeframe',
    why: 'Research that reads other numbers than the account decided on explains nothing',
    needs: ['features'],
    async play(bench) {
      const store = await bench.open();
      await store.write(SERIES, span(0, 30), barsAt(range(0, 30)));
      const [minutes, fives] = [computed('1m', range(0, 30), 1), computed('5m', range(0, 30, 5), 1, 2)];
      await store.keepFeatures(SERIES, [minutes, fives]);
      await expectFeatures(bench, '1m', rowsOf(minutes), 'features of a minute');
      await expectFeatures(bench, '5m', rowsOf(fives), 'features of five minutes');
    },
  }),
  barStoreCard({
    id: 'BST-320',
    title: 'lets features that were computed on more bars stay',
    why: 'A short run that warms up anew would overwrite what a long one knew better',
    needs: ['features'],
    async play(bench) {
      const store = await bench.open();
      await store.write(SERIES, span(0, 30), barsAt(range(0, 30)));
      const long = computed('1m', range(0, 20), 1);
      await store.keepFeatures(SERIES, [long]);
      await store.keepFeatures(SERIES, [computed('1m', range(10, 25), 1, 2)]);
      const better = computed('1m', range(0, 5), 100, 3);
      await store.keepFeatures(SERIES, [better]);
      await expectFeatures(bench, '1m', [...rowsOf(better), ...rowsOf(long).slice(5), ...rowsOf(computed('1m', range(10, 25), 1, 2)).slice(10)], 'features of three runs');
    },
  }),
  barStoreCard({
    id: 'BST-330',
    title: 'takes features away with the bars that they were computed on',
    why: 'A feature of a bar that the feed has corrected is one of nothing',
    needs: ['features'],
    async play(bench) {
      const store = await bench.open();
      await store.write(SERIES, span(0, 30), barsAt(range(0, 30)));
      const [minutes, fives] = [computed('1m', range(0, 30), 1), computed('5m', range(0, 30, 5), 1)];
      await store.keepFeatures(SERIES, [minutes, fives]);
      await store.write(SERIES, span(12, 20), barsAt(range(12, 20), 2));
      await expectFeatures(bench, '1m', rowsOf(minutes).filter((_, i) => i < 12 || i >= 20), 'features of a minute, after bars were written anew');
      await expectFeatures(bench, '5m', rowsOf(fives).filter((_, i) => i < 2 || i >= 4), 'features of five minutes, after bars were written anew');
    },
  }),
  barStoreCard({
    id: 'BST-400',
    title: 'refuses to open what is damaged, with DATA_STORE and what to do',
    why: 'Prices out of a broken file are traded on like any other',
    needs: ['damage'],
    async play(bench) {
      const store = await bench.open();
      await store.write(SERIES, span(0, 3_000), barsAt(range(0, 3_000)));
      await store.close();
      await bench.control('damage')();
      await expectFault(() => bench.open(), 'opening a damaged store');
    },
  }),
  barStoreCard({
    id: 'BST-410',
    title: 'refuses what no store wrote, and does not write to it',
    why: 'A wrong path in an account file would cost somebody a file',
    needs: ['replace'],
    async play(bench) {
      await bench.control('replace')();
      const before = bench.files();
      await expectFault(() => bench.open(), 'opening something else in its place');
      for (const [file, hash] of before) expectEqual(bench.files().get(file), hash, 'hash of what stood in its place');
    },
  }),
  barStoreCard({
    id: 'BST-500',
    title: 'lets a second run decide on the bars of the first, without asking the feed for them again',
    why: 'That is what it is there for: the same bars, and so the same trades',
    async play(bench) {
      const bars = livelyBars(300);
      const [first, second] = [await storedRun(bench, bars), await storedRun(bench, bars)];
      for (const { run } of [first, second]) expectThat(run.error === undefined && run.submitted.length > 0, `an account with it ${run.error === undefined ? 'sent no order' : `broke off: ${messageOf(run.error)}`}`, 'a run with orders');
      const brief = ({ run }: typeof first) => run.submitted.map(({ side, quantity, decidedAt }) => ({ side, quantity, decidedAt }));
      expectEqual(brief(second), brief(first), 'orders of the second run');
      const close = (bars.time.at(-1) as number) + 60_000;
      expectThat(second.asked.every((from) => from >= close), `the second run asked the feed for bars from ${second.asked.join(', ')}`, `from ${close} on, or for none`);
    },
  }),
];
