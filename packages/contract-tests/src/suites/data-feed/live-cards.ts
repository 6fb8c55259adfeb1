import { barCloseOf } from '@keelson/core/series';
import { StepGrid, toUtcMs, type Bar } from '@keelson/core/domain';
import { expectEqual, expectThat, show, vacuousUnless } from '../../frame/expectations.js';
import { barAt, expectSound, hasSameValues, pricesOf, showBar } from './bar-values.js';
import { feedCard, type FeedBench } from './feed-bench.js';

/** Lets bars close one by one. @returns their opens */
async function closeBars(bench: FeedBench, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    times.push(await bench.control('nextBar')());
    await bench.settle();
  }
  return times;
}

/** Listens to the first three bars that close from now on. */
async function hearBars(bench: FeedBench): Promise<readonly Bar[]> {
  bench.subscribe(bench.session.now?.());
  await closeBars(bench, 3);
  await bench.until(() => bench.bars.length >= 3, 'three bars');
  return bench.bars;
}

export const liveCards = [
  feedCard({
    id: 'FED-500',
    title: 'live bars come as they close, in order, each one once',
    why: 'every decision of a live account hangs on it',
    needs: ['nextBar'],
    async play(bench) {
      bench.subscribe(bench.session.now?.());
      const times = await closeBars(bench, 3);
      await bench.until(() => bench.bars.length >= 3, 'three bars');
      expectEqual(bench.times, times, 'opens of the live bars');
    },
  }),
  feedCard({
    id: 'FED-510',
    title: 'a bar that the source repeats is told once',
    why: 'it would count twice',
    needs: ['nextBar', 'repeatBar'],
    async play(bench) {
      bench.subscribe(bench.session.now?.());
      const times = await closeBars(bench, 2);
      await bench.until(() => bench.bars.length >= 2, 'two bars');
      await bench.control('repeatBar')();
      await bench.settle();
      expectEqual(bench.bars.slice(2).map(({ time }) => time), [], `bars told after those of ${show(times)}`);
    },
  }),
  feedCard({
    id: 'FED-520',
    title: 'a bar that has not closed is not told',
    why: 'it changes: who decides on it knew the future',
    needs: ['openBar'],
    async play(bench) {
      bench.subscribe(bench.session.now?.());
      await bench.settle();
      const before = bench.times;
      await bench.control('openBar')();
      await bench.settle();
      expectEqual(bench.times, before, 'opens of the live bars');
    },
  }),
  feedCard({
    id: 'FED-530',
    title: 'history and live join without a hole and without an overlap',
    why: 'a bar that is missing at the seam is missing in every feature for its whole period',
    needs: ['nextBar'],
    async play(bench) {
      const { calendar, timeframe } = bench.session.request;
      const past = await bench.wholeHistory();
      const closeOf = (row: number): number => barCloseOf(toUtcMs(past.time[row] as number), timeframe, calendar);
      let last = past.length - 1;
      while (closeOf(last) > (bench.session.now?.() ?? Number.POSITIVE_INFINITY)) last--; // FED-150 tells
      const between = await closeBars(bench, 2); // closes after the history was read, and before anybody listens
      bench.subscribe(closeOf(last));
      const after = await closeBars(bench, 2);
      await bench.until(() => bench.bars.length >= 4, 'the bars that closed since the history was read');
      expectEqual(bench.times, [...between, ...after], 'opens of the bars after the history');
    },
  }),
  feedCard({
    id: 'FED-540',
    title: 'a live side that breaks off says so',
    why: 'whoever listens connects anew; silence would be taken for a quiet market',
    needs: ['breakOff'],
    async play(bench) {
      bench.subscribe(bench.session.now?.());
      await bench.control('breakOff')();
      await bench.until(() => bench.errors.length > 0, 'an error');
      expectThat(bench.errors.every((error) => error instanceof Error && error.message !== ''), `the errors were ${show(bench.errors)}`, 'errors with a message');
    },
  }),
  feedCard({
    id: 'FED-550',
    title: 'bars that closed while it was broken off come after it is connected anew',
    why: 'a hole in the bars is a hole in every feature',
    needs: ['nextBar', 'breakOff', 'restore'],
    async play(bench) {
      const { calendar, timeframe } = bench.session.request;
      bench.subscribe(bench.session.now?.());
      const [first = 0] = await closeBars(bench, 1);
      await bench.until(() => bench.bars.length >= 1, 'a bar');
      await bench.control('breakOff')();
      await bench.settle();
      bench.unsubscribe();
      const missed = await closeBars(bench, 2);
      await bench.control('restore')();
      await bench.feed.connect();
      bench.subscribe(barCloseOf(toUtcMs(first), timeframe, calendar));
      const after = await closeBars(bench, 1);
      await bench.until(() => bench.bars.length >= 4, 'the bars that were missed, and the next one');
      expectEqual(bench.times, [first, ...missed, ...after], 'opens of the live bars');
    },
  }),
  feedCard({
    id: 'FED-560',
    title: 'nothing is told after it was left',
    why: 'an account that has stopped would go on deciding',
    needs: ['nextBar'],
    async play(bench) {
      bench.subscribe(bench.session.now?.());
      await closeBars(bench, 1);
      bench.unsubscribe();
      const before = bench.times;
      await closeBars(bench, 2);
      expectEqual(bench.times, before, 'opens of the live bars');
    },
  }),
  feedCard({
    id: 'FED-570',
    title: 'live bars hold together',
    why: 'one price that is no number, or a low above the close, spoils every feature and moves every stop that is made of it',
    needs: ['nextBar'],
    async play(bench) {
      for (const [i, bar] of (await hearBars(bench)).entries()) expectSound(bar, `live bar ${i}`);
    },
  }),
  feedCard({
    id: 'FED-580',
    title: 'live prices are whole ticks where those of the past are',
    why: 'stops and targets are counted in ticks from a price at which nobody can trade',
    needs: ['nextBar'],
    async play(bench) {
      const { tickSize } = bench.session.request.instrument;
      const grid = new StepGrid(tickSize);
      const strays = (prices: readonly number[]): number[] => prices.filter((price) => Number.isFinite(price) && !grid.holds(price)); // FED-570 tells of the others
      if (bench.feed.capabilities.history) {
        const past = await bench.wholeHistory();
        const [stray] = [past.open, past.high, past.low, past.close].flatMap((column) => strays(Array.from(column.subarray(0, past.length))));
        vacuousUnless(stray === undefined, `prices of the past are not whole ticks either: ${stray}`); // midpoints, adjusted prices
      }
      for (const [i, bar] of (await hearBars(bench)).entries()) expectEqual(strays(pricesOf(bar)), [], `prices of live bar ${i} between ticks of ${tickSize}`);
    },
  }),
  feedCard({
    id: 'FED-590',
    title: 'live bars are what history says of them afterwards',
    why: 'what was tested on the past is not what is traded: prices in another unit, or in another place, look like a move of the market',
    needs: ['nextBar'],
    async play(bench) {
      vacuousUnless(bench.feed.capabilities.history, 'the feed declares no history');
      const bars = await hearBars(bench);
      const past = await bench.history({ from: toUtcMs(Math.min(...bench.times)) });
      let compared = 0;
      for (const bar of bars) {
        const row = past.time.subarray(0, past.length).indexOf(bar.time);
        if (row < 0) continue; // FED-500 and FED-530 tell
        compared++;
        expectThat(hasSameValues(bar, barAt(past, row)), `a live bar was ${showBar(bar)}`, `${showBar(barAt(past, row))}, as history has it`);
      }
      expectThat(compared > 0, `history had none of the live bars, of ${show(bench.times)}`, 'them: they have closed');
    },
  }),
  feedCard({
    id: 'FED-600',
    title: 'warnings are lines of text',
    why: 'the report of a run lists them',
    play({ feed }) {
      const warnings = feed.warnings();
      expectThat(Array.isArray(warnings) && warnings.every((line) => typeof line === 'string' && line.trim() !== '' && !line.includes('\n')), `warnings were ${show(warnings)}`, 'a list of lines');
    },
  }),
];
