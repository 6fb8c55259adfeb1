import type { BarColumns } from '@keelson/core/domain';
import { toUtcMs } from '@keelson/core/domain';
import { isKeelsonError } from '@keelson/core/errors';
import { barCloseOf, joinBars } from '@keelson/core/series';
import { expectEqual, expectThat, needed, show, vacuousUnless } from '../../frame/expectations.js';
import { barAt, expectSound, showBar } from './bar-values.js';
import { FeedBench, feedCard } from './feed-bench.js';

function rowsOf(bars: BarColumns): string[] {
  return Array.from({ length: bars.length }, (_, row) => showBar(barAt(bars, row)));
}

/** Fails a card at the first bar that differs. */
function expectSameBars(found: readonly string[], expected: readonly string[], what: string): void {
  expectEqual(found.length, expected.length, `number of ${what}`);
  const row = found.findIndex((text, i) => text !== expected[i]);
  if (row >= 0) expectEqual(found[row], expected[row], `bar ${row} of ${what}`);
}

const timesOf = ({ time, length }: BarColumns): string[] => Array.from({ length }, (_, row) => new Date(time[row] as number).toISOString());

export const historyCards = [
  feedCard({
    id: 'FED-010',
    title: 'says what it has once it is connected',
    why: 'an account is composed by it: what it lacks is refused before the first bar, what it claims is relied on',
    play({ feed }) {
      const { history, live, volume, depth } = feed.capabilities;
      expectEqual([typeof history, typeof live, typeof volume, typeof depth], ['boolean', 'boolean', 'boolean', 'boolean'], 'types of history, live, volume and depth');
      expectThat(history || live, 'it had neither history nor anything live', 'one of them');
      expectThat(live === (typeof feed.subscribe === 'function'), `live was ${live} and subscribe ${typeof feed.subscribe}`, 'a subscribe where live is true, and none where it is not');
    },
  }),
  feedCard({
    id: 'FED-020',
    title: 'may be disconnected before it was connected, and twice',
    why: 'an account that fails to start is taken down all the same',
    connected: false,
    async play({ feed }) {
      await feed.disconnect();
      await feed.connect();
      await feed.disconnect();
      await feed.disconnect();
    },
  }),
  feedCard({
    id: 'FED-100',
    title: 'bars of the past ascend in time, each one once',
    why: 'a bar that comes twice counts twice in every average, and one that comes late is from the future',
    async play(bench) {
      const { time, length } = await bench.wholeHistory();
      for (let row = 1; row < length; row++) expectThat((time[row] as number) > (time[row - 1] as number), `bar ${row} opened at ${show(time[row])} after one of ${show(time[row - 1])}`, 'a later time');
    },
  }),
  feedCard({
    id: 'FED-110',
    title: 'bars hold together',
    why: 'a low above the close fills orders that nobody could fill',
    async play(bench) {
      const bars = await bench.wholeHistory();
      for (let row = 0; row < bars.length; row++) expectSound(barAt(bars, row), `bar ${row}`);
    },
  }),
  feedCard({
    id: 'FED-120',
    title: 'bars stand where the calendar has sessions, on the steps of the timeframe',
    why: 'a wrong zone moves every session, and with it every rule that knows the time of day',
    async play(bench) {
      const { calendar, timeframe } = bench.session.request;
      const { time, length } = await bench.wholeHistory();
      for (let row = 0; row < length; row++) {
        const open = toUtcMs(time[row] as number);
        const session = calendar.sessionAt(open);
        expectThat(session !== undefined, `bar ${row} opened at ${show(open)}, outside of the sessions of ${calendar.id}`, 'a time within one: look at the zone of the source');
        expectThat(timeframe.session ? open === session.open : (open - session.open) % timeframe.ms === 0, `bar ${row} opened at ${show(open)} in a session from ${session.open}`, `a step of ${timeframe.id}: bars carry the time of their open`);
      }
    },
  }),
  feedCard({
    id: 'FED-130',
    title: 'from and to bound the bars by their open, from included',
    why: 'a test of a strategy must not see bars beyond its span',
    async play(bench) {
      const whole = await bench.wholeHistory();
      const [first, last] = [Math.floor(whole.length / 3), Math.floor((whole.length * 2) / 3)];
      const part = await bench.history({ from: toUtcMs(whole.time[first] as number), to: toUtcMs(whole.time[last] as number) });
      expectSameBars(timesOf(part), timesOf(whole).slice(first, last), 'the middle third');
    },
  }),
  feedCard({
    id: 'FED-140',
    title: 'the same question gets the same bars',
    why: 'a result that cannot be had again cannot be trusted',
    async play(bench) {
      const first = await bench.wholeHistory();
      expectSameBars(rowsOf(await bench.history()), rowsOf(first), 'the second reading');
    },
  }),
  feedCard({
    id: 'FED-150',
    title: 'no bar of the past closes after the present',
    why: 'a bar that is still open changes: who decides on it knew the future',
    async play(bench) {
      vacuousUnless(bench.session.now !== undefined || bench.feed.capabilities.live, 'the feed declares nothing live, and has no present');
      const now = needed(bench.session.now?.bind(bench.session), 'the subject names no present (now)', bench.subject.cannot?.now)();
      const { calendar, timeframe } = bench.session.request;
      const { time, length } = await bench.wholeHistory();
      const close = barCloseOf(toUtcMs(time[length - 1] as number), timeframe, calendar);
      expectThat(close <= now, `the newest bar closes at ${close}`, `at most the present, ${now}`);
    },
  }),
  feedCard({
    id: 'FED-160',
    title: 'chunks that were handed out stay as they are',
    why: 'the consumer keeps them',
    async play(bench) {
      vacuousUnless(bench.feed.capabilities.history, 'the feed declares no history');
      const chunks: BarColumns[] = [];
      const texts: string[][] = [];
      for await (const chunk of bench.feed.history(bench.session.request)) {
        chunks.push(chunk);
        texts.push(rowsOf(chunk));
      }
      expectSameBars(chunks.flatMap(rowsOf), texts.flat(), 'the chunks, after the last one was read');
    },
  }),
  feedCard({
    id: 'FED-170',
    title: 'reading may be left in the middle, and begun anew',
    why: 'a run that is stopped leaves its sources where they are',
    async play(bench) {
      const whole = await bench.wholeHistory();
      for await (const chunk of bench.feed.history(bench.session.request)) if (chunk.length >= 0) break;
      expectEqual((await bench.history()).length, whole.length, 'number of bars after a reading was left');
    },
  }),
  feedCard({
    id: 'FED-200',
    title: 'names the source of what was read, with a hash of it',
    why: 'a result names the data that it was made of',
    async play(bench) {
      await bench.wholeHistory();
      const own = bench.feed.provenance().filter(({ instrument }) => instrument === bench.session.request.instrument.id);
      expectThat(own.length > 0, `the provenance was ${show(bench.feed.provenance())}`, 'an entry for the instrument');
      for (const { source, hash } of own) expectThat(source !== '' && /^sha256:[0-9a-f]{64}$/.test(hash), `source and hash were ${show([source, hash])}`, 'a name, and sha256: with 64 digits');
    },
  }),
  feedCard({
    id: 'FED-210',
    title: 'equal sources have equal hashes',
    why: 'two results on the same data must show that they are',
    async play(bench) {
      await bench.wholeHistory();
      const other = new FeedBench(await bench.subject.open(), bench.subject);
      await other.feed.connect();
      await other.wholeHistory();
      const [first, second] = [bench, other].map(({ feed }) => feed.provenance().map(({ instrument, hash }) => `${instrument} ${hash}`));
      await other.close();
      expectEqual(second, first, 'provenance of a second feed on an equal source');
    },
  }),
  feedCard({
    id: 'FED-300',
    title: 'bars carry volume where that is declared, and none where it is not',
    why: 'a strategy on volume trades on noughts, or is refused what there is',
    async play(bench) {
      const { volume } = await bench.wholeHistory();
      const carries = bench.feed.carries?.(bench.session.request.instrument.id).volume ?? bench.feed.capabilities.volume;
      expectEqual(volume.some((each) => each > 0), carries, 'whether any bar has volume');
    },
  }),
  feedCard({
    id: 'FED-310',
    title: 'bars carry the top of the book where that is declared, and none where it is not',
    why: 'a strategy on quotes trades on nothing, or is refused what there is',
    async play(bench) {
      const chunks = await bench.chunks();
      const carries = bench.feed.carries?.(bench.session.request.instrument.id).depth ?? bench.feed.capabilities.depth;
      expectEqual(joinBars(chunks).depth?.bid.some((each) => !Number.isNaN(each)) ?? false, carries, 'whether any bar has a bid');
    },
  }),
  feedCard({
    id: 'FED-320',
    title: 'what is declared of all instruments holds for each',
    why: 'an instrument that lacks what the feed declares is found out in the middle of a run',
    play({ feed, session }) {
      vacuousUnless(feed.carries !== undefined, 'the feed does not tell instruments apart');
      const carried = feed.carries(session.request.instrument.id);
      for (const what of ['volume', 'depth'] as const) expectThat(carried[what] || !feed.capabilities[what], `${what} was declared of all, and not of ${session.request.instrument.id}`, 'what holds for each');
    },
  }),
  feedCard({
    id: 'FED-400',
    title: 'a source that cannot be used gives an error with a code of data',
    why: 'the message has to say what to change, and no run may begin on half of its data',
    connected: false,
    async play({ subject }) {
      const broken = new FeedBench(await needed(subject.openBroken?.bind(subject), 'the subject has no broken source (openBroken)', subject.cannot?.openBroken)(), subject);
      let thrown: unknown;
      try {
        await broken.feed.connect();
        await broken.history();
      } catch (error) {
        thrown = error;
      } finally {
        await broken.close().catch(() => undefined);
      }
      expectThat(thrown !== undefined, 'connect and history passed', 'an error');
      expectThat(isKeelsonError(thrown) && /^(DATA|CFG)_/.test(thrown.code), `it threw ${show(thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : thrown)}`, 'a DataError or ConfigError with its code');
    },
  }),
];
