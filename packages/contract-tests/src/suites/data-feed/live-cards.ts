import { barCloseOf } from '@keelson/core/series';
import { toUtcMs } from '@keelson/core/domain';
import { expectEqual, expectThat, show } from '../../frame/expectations.js';
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
    id: 'FED-600',
    title: 'warnings are lines of text',
    why: 'the report of a run lists them',
    play({ feed }) {
      const warnings = feed.warnings();
      expectThat(Array.isArray(warnings) && warnings.every((line) => typeof line === 'string' && line.trim() !== '' && !line.includes('\n')), `warnings were ${show(warnings)}`, 'a list of lines');
    },
  }),
];
