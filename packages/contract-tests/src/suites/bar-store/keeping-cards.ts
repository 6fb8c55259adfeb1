import { createRandom } from '@keelson/core/engine';
import type { BarColumns } from '@keelson/core/domain';
import type { BarSeries, BarSpan } from '@keelson/core/ports';
import { allocateBars, sliceBars } from '@keelson/core/series';
import { expectEqual, expectThat, show } from '../../frame/expectations.js';
import { ALL, SERIES, at, barStoreCard, barsAt, expectBars, faultOf, range, span } from './bar-store-bench.js';

const DAY = 1_440;

/** What was written can be read, and what is known of it is true. */
export const keepingCards = [
  barStoreCard({
    id: 'BST-040',
    title: 'opens nothing when it is made, and may be closed without having been open',
    why: 'An account that is validated, or that does not start, must leave no trace beside its file',
    async play(bench) {
      const before = [...bench.files().keys()];
      await bench.make().close();
      expectEqual([...bench.files().keys()], before, 'files after it was made and closed');
    },
  }),
  barStoreCard({
    id: 'BST-050',
    title: 'knows nothing at first',
    why: 'A span that is taken for known is never asked for',
    async play(bench) {
      const store = await bench.open();
      expectEqual(await store.spans(SERIES), [], 'spans of a new store');
      expectBars(await bench.bars(store), allocateBars(0), 'the bars of a new store');
    },
  }),
  barStoreCard({
    id: 'BST-060',
    title: 'gives bars back to the last bit, with what is not there left out, also those of many days and before 1970',
    why: 'A run on kept bars has to decide as one on the feed’s',
    async play(bench) {
      let store = await bench.open();
      const first = barsAt(range(0, 6 * DAY, 37), 1, true);
      await store.write(SERIES, span(0, 6 * DAY), first);
      const long = { ...SERIES, timeframe: '1d' };
      const early = barsAt(range(-60 * 365 * DAY, -60 * 365 * DAY + 9 * DAY, DAY));
      await store.write(long, { from: Number.NEGATIVE_INFINITY, to: (early.time.at(-1) as number) + 1 }, early);
      for (const start of ['first', 'second']) {
        expectBars(await bench.bars(store), first, `the bars of a week, at the ${start} start`);
        expectBars(await bench.bars(store, ALL, long), early, `the bars of 1964, at the ${start} start`);
        await store.close();
        store = await bench.open();
      }
    },
  }),
  barStoreCard({
    id: 'BST-070',
    title: 'gives bars in ascending order, each once, in whatever order they were written',
    why: 'A bar that comes twice counts twice in every average, and one that comes late is from the future',
    async play(bench) {
      const store = await bench.open();
      for (const [from, to] of [[4_000, 5_000], [0, 100], [50, 900], [4_500, 9_000], [900, 4_200]] as const) await store.write(SERIES, span(from, to), barsAt(range(from, to)));
      expectBars(await bench.bars(store), barsAt(range(0, 9_000)), 'the bars of five writes');
    },
  }),
  barStoreCard({
    id: 'BST-080',
    title: 'reads from a time on, included, to another, excluded, by the open of a bar',
    why: 'A test of a strategy must not see bars beyond its span',
    async play(bench) {
      const store = await bench.open();
      await store.write(SERIES, span(0, 100), barsAt(range(0, 100)));
      for (const [from, to] of [[10, 20], [0, 1], [99, 100], [50, 500], [-500, 3]] as const) expectBars(await bench.bars(store, span(from, to)), barsAt(range(Math.max(0, from), Math.min(100, to))), `the bars from minute ${from} to ${to}`);
      expectBars(await bench.bars(store, { from: at(10) + 1, to: at(12) + 1 }), barsAt([11, 12]), 'the bars from a moment after one open to a moment after another');
      for (const [from, to] of [[20, 20], [20, 10], [200, 300]] as const) expectBars(await bench.bars(store, span(from, to)), allocateBars(0), `the bars from minute ${from} to ${to}`);
    },
  }),
  barStoreCard({
    id: 'BST-090',
    title: 'puts what is written in the place of what was kept there, and leaves the rest',
    why: 'A feed corrects its bars, and takes some back: a mixture of both was never told by anybody',
    async play(bench) {
      const store = await bench.open();
      await store.write(SERIES, span(0, 30), barsAt(range(0, 30)));
      await store.write(SERIES, span(10, 20), barsAt(range(10, 20, 2), 2));
      expectBars(await bench.bars(store, span(10, 20)), barsAt(range(10, 20, 2), 2), 'the bars that were written anew');
      expectBars(await bench.bars(store, span(0, 10)), barsAt(range(0, 10)), 'the bars before them');
      expectBars(await bench.bars(store, span(20, 30)), barsAt(range(20, 30)), 'the bars behind them');
    },
  }),
  barStoreCard({
    id: 'BST-100',
    title: 'knows a span in which the feed has no bars',
    why: 'A quiet night would be asked for at every start, until the feed refuses',
    async play(bench) {
      const store = await bench.open();
      await store.write(SERIES, span(0, 10), allocateBars(0));
      expectEqual(await store.spans(SERIES), [span(0, 10)], 'spans after a write without bars');
      expectBars(await bench.bars(store), allocateBars(0), 'the bars of it');
    },
  }),
  barStoreCard({
    id: 'BST-110',
    title: 'says of each moment whether it is known, in spans that ascend and of which no two touch',
    why: 'What lies between two spans is asked for: a span too long hides a hole for ever',
    async play(bench) {
      const store = await bench.open();
      const random = createRandom('spans of a store');
      const known = new Set<number>();
      const versions = new Map<number, number>();
      for (let write = 1; write <= 40; write++) {
        const from = random.int(80);
        const to = from + 1 + random.int(8);
        const step = 1 + random.int(3);
        await store.write(SERIES, span(from, to), barsAt(range(from, to, step), write));
        for (const minute of range(from, to)) {
          known.add(minute);
          versions.delete(minute);
        }
        for (const minute of range(from, to, step)) versions.set(minute, write);
        const spans = await store.spans(SERIES);
        const shown = spans.map((each) => [(each.from - at(0)) / 60_000, (each.to - at(0)) / 60_000] as const);
        expectEqual(shown.flatMap(([first, last]) => range(first, last)), [...known].sort((a, b) => a - b), `minutes that spans ${show(shown)} hold after write ${write}`);
        for (let i = 1; i < spans.length; i++) expectThat((spans[i] as BarSpan).from > (spans[i - 1] as BarSpan).to, `spans were ${show(shown)}`, 'none that touch: they are one');
      }
      const bars = await bench.bars(store);
      const expected = [...versions].sort(([a], [b]) => a - b);
      expectEqual(Array.from(bars.close), expected.map(([minute, version]) => barsAt([minute], version).close[0]), 'closes of the bars');
    },
  }),
  barStoreCard({
    id: 'BST-120',
    title: 'keeps spans without a beginning, or without an end',
    why: 'What was asked for without bounds is known without bounds, also at the next start',
    async play(bench) {
      const store = await bench.open();
      const other = { ...SERIES, instrument: 'OTHER' };
      await store.write(SERIES, { from: Number.NEGATIVE_INFINITY, to: at(10) }, barsAt([1, 2]));
      await store.write(other, ALL, barsAt([3]));
      await store.close();
      const again = await bench.open();
      expectEqual([await again.spans(SERIES), await again.spans(other)], [[{ from: Number.NEGATIVE_INFINITY, to: at(10) }], [ALL]], 'spans after a restart');
    },
  }),
  barStoreCard({
    id: 'BST-130',
    title: 'tells series apart by source, instrument and timeframe, whatever their names',
    why: 'Bars of another contract, or of another feed under the same name, are other prices',
    async play(bench) {
      const store = await bench.open();
      const series: BarSeries[] = [SERIES, ...['lab', 'LAB/USD', 'LAB%2FUSD', '../LAB', "O'LAB", 'LÄB', 'LAB 1m', 'CON'].map((instrument) => ({ ...SERIES, instrument })), { ...SERIES, source: 'feed 2' }, { ...SERIES, timeframe: '5m' }];
      for (const [i, each] of series.entries()) await store.write(each, span(i, i + 2), barsAt([i, i + 1], i));
      await store.close();
      const again = await bench.open();
      for (const [i, each] of series.entries()) {
        expectBars(await bench.bars(again, ALL, each), barsAt([i, i + 1], i), `the bars of ${show(each)}`);
        expectEqual(await again.spans(each), [span(i, i + 2)], `spans of ${show(each)}`);
      }
    },
  }),
  barStoreCard({
    id: 'BST-140',
    title: 'gives chunks that are the reader’s to keep, and keeps a copy of what it is given',
    why: 'The run still holds the first chunk when the last one comes, and writes to none of them',
    async play(bench) {
      const store = await bench.open();
      const written = barsAt(range(0, 500), 1, true);
      await store.write(SERIES, span(0, 500), written);
      written.close.fill(1);
      written.depth?.ask.fill(1);
      const kept: Array<readonly [chunk: BarColumns, copy: BarColumns]> = [];
      for await (const chunk of store.read(SERIES, ALL)) kept.push([chunk, structuredClone(chunk)]);
      await bench.bars(store);
      for (const [chunk, copy] of kept) expectBars(chunk, copy, 'a chunk after more was read');
      for (const [chunk] of kept) chunk.open.fill(2);
      expectBars(await bench.bars(store), barsAt(range(0, 500), 1, true), 'the bars after their columns had been written over');
    },
  }),
  barStoreCard({
    id: 'BST-150',
    title: 'takes writes that come side by side, and reads that go on meanwhile',
    why: 'Live bars of several instruments close at the same moment, while the past is still being read',
    async play(bench) {
      const store = await bench.open();
      await store.write(SERIES, span(0, 20), barsAt(range(0, 20)));
      const others = range(1, 6).map((i): BarSeries => ({ ...SERIES, instrument: `LAB${i}` }));
      const reading = bench.bars(store);
      await Promise.all([store.write(SERIES, span(20, 40), barsAt(range(20, 40))), ...others.map((series, i) => store.write(series, span(0, i + 1), barsAt(range(0, i + 1)))), store.write(SERIES, span(40, 60), barsAt(range(40, 60)))]);
      const seen = await reading;
      expectBars(sliceBars(seen, 0, Math.min(seen.length, 20)), barsAt(range(0, 20)), 'the bars that were read meanwhile');
      expectEqual(await store.spans(SERIES), [span(0, 60)], 'spans after writes side by side');
      expectBars(await bench.bars(store), barsAt(range(0, 60)), 'the bars after writes side by side');
      for (const [i, series] of others.entries()) expectBars(await bench.bars(store, ALL, series), barsAt(range(0, i + 1)), `the bars of ${series.instrument}`);
    },
  }),
  barStoreCard({
    id: 'BST-160',
    title: 'refuses a span that ends before it begins, or that is no number, and keeps nothing of it',
    why: 'A store that believes such a span says that it knows what it does not',
    async play(bench) {
      const store = await bench.open();
      await store.write(SERIES, span(0, 10), barsAt(range(0, 10)));
      for (const bad of [span(30, 20), { from: Number.NaN, to: at(20) }, { from: at(20), to: Number.NaN }] satisfies BarSpan[]) {
        const fault = await faultOf(() => store.write(SERIES, bad, allocateBars(0)), `a write of ${show(bad)}`);
        expectThat(fault !== undefined, `a write of ${show(bad)} passed`, 'an error with the code DATA_STORE');
      }
      expectEqual(await store.spans(SERIES), [span(0, 10)], 'spans after it');
      expectBars(await bench.bars(store), barsAt(range(0, 10)), 'the bars after it');
    },
  }),
  barStoreCard({
    id: 'BST-170',
    title: 'keeps no bar outside of the span that it is told of, and none twice',
    why: 'Whoever reads a span that is known would get bars that nobody vouched for',
    async play(bench) {
      const store = await bench.open();
      await store.write(SERIES, span(0, 10), barsAt(range(0, 10)));
      await faultOf(() => store.write(SERIES, span(20, 30), barsAt(range(15, 35))), 'a write of bars beyond its span');
      for (const [from, to] of [[10, 20], [30, 99]] as const) expectBars(await bench.bars(store, span(from, to)), allocateBars(0), `the bars from minute ${from} to ${to}`);
      await faultOf(() => store.write(SERIES, span(40, 50), barsAt([41, 41, 43, 42])), 'a write of bars that do not ascend');
      const times = Array.from((await bench.bars(store, span(40, 50))).time);
      expectEqual(times, [...new Set(times)], 'times of bars that did not ascend');
    },
  }),
];
