import type { BarColumns, BarWindow } from '@keelson/core/domain';
import { messageOf } from '@keelson/core/errors';
import { barCloseOf, sliceBars } from '@keelson/core/series';
import { OFFLINE, type Card } from '../../frame/card.js';
import { expectThat } from '../../frame/expectations.js';
import { columnsOf } from '../../lab/unwritten.js';
import { expectSameColumns, firstValue } from './feature-compare.js';
import { homeOf, lively, makeFeature, runInKernel, sampleRun, type FeatureSubject } from './feature-subject.js';

/** When a feature has values, and which. */
export const featureValueCards: ReadonlyArray<Card<FeatureSubject>> = [
  {
    id: 'FEA-040',
    title: 'has no value before the bar that warmupBars names',
    why: 'A value from too few bars looks like any other, and strategies act on it',
    tiers: OFFLINE,
    async run(subject) {
      const { warmupBars } = makeFeature(subject);
      for (const kind of ['lively', 'odd'] as const) {
        const { columns, rows } = await sampleRun(subject, kind);
        subject.definition.outputs.forEach((output, k) => {
          const first = firstValue(columns[k], rows);
          expectThat(first < 0 || first + 1 >= warmupBars, `${output} had a value on bar ${first + 1}`, `none before bar ${warmupBars}, as warmupBars says`);
        });
      }
    },
  },
  {
    id: 'FEA-050',
    title: 'has its value on the bar that warmupBars names',
    why: 'The kernel asks a strategy from that bar on: a warm-up that is longer than said leaves it without what it decides by, one that is said too long wastes bars',
    tiers: OFFLINE,
    async run(subject) {
      const { warmupBars } = makeFeature(subject);
      const { columns, rows } = await sampleRun(subject, 'lively');
      const first = firstValue(columns[0], rows);
      expectThat(first + 1 === warmupBars || (first >= 0 && first + 1 < warmupBars), first < 0 ? 'it had no value on any bar' : `its first value was on bar ${first + 1}`, `bar ${warmupBars}, as warmupBars says (on bars that give it one: see the subject's bars)`);
    },
  },
  {
    id: 'FEA-060',
    title: 'says its warm-up once: a whole number of at least 1 that stays as it is',
    why: 'The kernel counts bars against it; one that moves opens the gate at another bar on every run',
    tiers: OFFLINE,
    run(subject) {
      const feature = makeFeature(subject);
      const { warmupBars } = feature;
      expectThat(Number.isInteger(warmupBars) && warmupBars >= 1, `warmupBars was ${String(warmupBars)}`, 'a whole number of at least 1');
      walk(subject, feature, lively(subject));
      expectThat(feature.warmupBars === warmupBars, `warmupBars was ${feature.warmupBars} after some bars`, `${warmupBars}, as before the first`);
      feature.reset();
      expectThat(feature.warmupBars === warmupBars, `warmupBars was ${feature.warmupBars} after a reset`, `${warmupBars}, as before the first bar`);
    },
  },
  {
    id: 'FEA-070',
    title: 'gives the same values however its bars come: all at once, one by one, in blocks',
    why: 'A backtest gets its bars in blocks and a live account one by one; both must decide alike',
    tiers: OFFLINE,
    async run(subject) {
      const bars = lively(subject);
      const whole = await sampleRun(subject, 'lively');
      for (const chunkBars of [bars.length, 1, 7]) {
        const run = await runInKernel(subject, bars, chunkBars);
        expectThat(run.rows === whole.rows, `it ran for ${run.rows} bars in blocks of ${chunkBars}`, `${whole.rows}, as at once`);
        expectSameColumns(subject, run.columns, whole.columns, whole.rows, `in blocks of ${chunkBars}`);
      }
    },
  },
  {
    id: 'FEA-080',
    title: 'never changes what it said when bars are appended, and reads none that is still to come',
    why: 'With tomorrow in its sums a feature makes any backtest rich, and every live account poor',
    tiers: OFFLINE,
    async run(subject) {
      const bars = lively(subject);
      const whole = await sampleRun(subject, 'lively');
      const cut = Math.floor(bars.length * 0.7);
      const part = await runInKernel(subject, sliceBars(bars, 0, cut));
      expectSameColumns(subject, part.columns, whole.columns, Math.min(part.rows, whole.rows), `with ${cut} bars in all`);
      expectSameColumns(subject, overAhead(subject, bars, cut, 3), overAhead(subject, bars, cut, 1 / 3), cut, 'with other bars to come');
    },
  },
  {
    id: 'FEA-090',
    title: 'gives a finite number or none on any bars',
    why: 'An infinity passes every comparison with a threshold, and sizes orders without bound',
    tiers: OFFLINE,
    async run(subject) {
      for (const kind of ['lively', 'odd', 'still'] as const) {
        const { columns, rows } = await sampleRun(subject, kind);
        subject.definition.outputs.forEach((output, k) => {
          const at = columns[k]?.subarray(0, rows).findIndex((value) => Math.abs(value) === Number.POSITIVE_INFINITY) ?? -1;
          expectThat(at < 0, `${output} of bar ${at + 1} on ${kind} bars was ${String(columns[k]?.[at])}`, 'a finite number, or NaN for no value');
        });
      }
    },
  },
  {
    id: 'FEA-100',
    title: 'throws on no bars: jumps, holes, one price for hours, no volume',
    why: 'A feature that throws ends the run, with positions open',
    tiers: OFFLINE,
    async run(subject) {
      for (const kind of ['lively', 'odd', 'still'] as const) {
        const { error, rows } = await sampleRun(subject, kind);
        expectThat(error === undefined, `on ${kind} bars it broke off after ${rows} bars: ${messageOf(error)}`, 'values or none, and no throw');
      }
    },
  },
];

/** Feeds a feature outside of an account; what it throws is not the matter here. */
function walk(subject: FeatureSubject, feature: ReturnType<typeof makeFeature>, bars: BarColumns): void {
  const out = new Float64Array(subject.definition.outputs.length);
  const window = wholeWindow(subject, bars);
  try {
    for (let row = 0; row < bars.length; row++) feature.update({ ...window, index: row, count: row + 1 }, out);
  } catch {
    // another card's matter
  }
}

/** Values of the bars before `cut`, from a window whose memory holds later bars too: those, times `factor`. */
function overAhead(subject: FeatureSubject, bars: BarColumns, cut: number, factor: number): Float64Array[] {
  const outputs = subject.definition.outputs.length;
  const columns = Array.from({ length: outputs }, () => new Float64Array(cut).fill(Number.NaN));
  const [feature, out] = [makeFeature(subject), new Float64Array(outputs).fill(Number.NaN)];
  const [window, truth] = [wholeWindow(subject, bars), columnsOf(wholeWindow(subject, bars))];
  const known = columnsOf(window);
  for (const [, column] of known) for (let row = 1; row < column.length; row++) column[row] = (column[row] as number) * factor;
  const moving = { ...window, index: 0, count: 0 };
  try {
    for (let row = 0; row < cut; row++) {
      known.forEach(([, column], i) => (column[row] = truth[i]?.[1][row] as number));
      Object.assign(moving, { index: row, count: row + 1 });
      feature.update(moving, out);
      for (let k = 0; k < outputs; k++) (columns[k] as Float64Array)[row] = out[k] as number;
    }
  } catch {
    // another card's matter
  }
  return columns;
}

/** A window whose columns hold all bars from the first row on: large enough not to wrap. */
function wholeWindow(subject: FeatureSubject, bars: BarColumns): BarWindow {
  const size = 2 ** Math.ceil(Math.log2(bars.length + 1));
  const long = (column: Float64Array): Float64Array => {
    const into = new Float64Array(size);
    into.set(column);
    return into;
  };
  const { depth } = bars;
  const { timeframe, calendar } = homeOf(subject);
  return {
    count: 0,
    index: 0,
    mask: size - 1,
    time: long(bars.time),
    closeTime: long(bars.time.map((open) => barCloseOf(open, timeframe, calendar))),
    open: long(bars.open),
    high: long(bars.high),
    low: long(bars.low),
    close: long(bars.close),
    volume: long(bars.volume),
    ...(depth === undefined ? {} : { depth: { bid: long(depth.bid), ask: long(depth.ask), bidSize: long(depth.bidSize), askSize: long(depth.askSize) } }),
  };
}
