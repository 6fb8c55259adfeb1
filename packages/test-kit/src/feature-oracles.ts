import { createRequire } from 'node:module';
import type { BarColumns, Session, SessionCalendar } from '@keelson/core/domain';
import { toUtcMs } from '@keelson/core/domain';
import type { FeatureDefinition } from '@keelson/core/ports';
import { expect } from 'vitest';
import type { DataSet } from './bars.js';
import { barsInTicks, randomBars, realBars } from './bars.js';
import { createFeature, runFeature } from './features.js';

/** The real bars (where KEELSON_DATA_DIR is set), then random ones on and off the grid. */
export const dataSets: readonly DataSet[] = [
  ...realBars(),
  { name: 'random bars, tick 0.01', tickSize: 0.01, bars: randomBars(1, 5_000, {}) },
  { name: 'random bars, tick 0.25', tickSize: 0.25, bars: randomBars(2, 5_000, { denominator: 4, start: 18_000 }) },
  { name: 'random bars off the grid', tickSize: 0.01, bars: randomBars(3, 5_000, { denominator: 70 * Math.SQRT2 }) },
];

export type Comparison = {
  /** First bar to compare; without it the first values of both must be of one bar. */
  readonly from?: number;
  /** Largest difference, of their value: 1e-9 unless told otherwise. */
  readonly relative?: number;
  /** Allowed on top of `relative`: the price's own rounding unless told otherwise. */
  readonly absolute?: number;
  /** Bars to leave out. */
  readonly skip?: (bar: number) => boolean;
};

/**
 * Holds `ours` equal to `theirs`, whose last value belongs to the last bar, and whose first one (unless `from`
 * is given) to the bar of our first one. Beyond `relative`, the price's own rounding is allowed for.
 */
export function expectEqual(ours: Float64Array, theirs: ArrayLike<number>, bars: BarColumns, options: Comparison = {}): void {
  const { relative = 1e-9, absolute, skip } = options;
  const first = Math.max(options.from ?? 0, bars.length - theirs.length);
  if (options.from === undefined) expect(ours.findIndex((value) => !Number.isNaN(value))).toBe(first);
  let compared = 0;
  for (let bar = first; bar < bars.length; bar++) {
    if (skip?.(bar)) continue;
    const expected = theirs[bar - (bars.length - theirs.length)];
    const rounding = absolute ?? 1e-13 * bars.close[bar];
    const difference = Math.abs(ours[bar] - expected);
    if (!(difference <= relative * Math.abs(expected) + rounding)) expect.fail(`bar ${bar}: ${ours[bar]} against ${expected}`);
    compared++;
  }
  expect(compared).toBeGreaterThan((bars.length - first) / 10);
}

/** All outputs of a feature over a data set. */
export function outputsOf({ bars, tickSize }: DataSet, definition: FeatureDefinition, params: Record<string, unknown> = {}, calendar?: SessionCalendar): Float64Array[] {
  return runFeature(createFeature(definition, params, { tickSize, ...(calendar && { calendar }) }), bars, definition.outputs.length);
}

/** The first output of a feature over a data set. */
export function valuesOf(data: DataSet, definition: FeatureDefinition, params: Record<string, unknown> = {}, calendar?: SessionCalendar): Float64Array {
  return outputsOf(data, definition, params, calendar)[0] as Float64Array;
}

const session: Session = { date: '2000-01-01', open: toUtcMs(-Infinity), close: toUtcMs(Infinity) };
/** One session over all bars. */
export const endless: SessionCalendar = { id: 'endless', timeZone: 'UTC', sessionsPerYear: 1, sessionAt: () => session, nextSession: () => session, previousSession: () => session };

/** The columns as the libraries take them. */
export function listsOf(bars: BarColumns): { readonly open: number[]; readonly high: number[]; readonly low: number[]; readonly close: number[]; readonly volume: number[] } {
  return { open: Array.from(bars.open), high: Array.from(bars.high), low: Array.from(bars.low), close: Array.from(bars.close), volume: Array.from(bars.volume) };
}

/** Whether the close has not moved over `period` changes up to a bar. */
export const still = (bars: BarColumns, period: number) => (bar: number): boolean => bars.close.subarray(Math.max(0, bar - period), bar + 1).every((close) => close === bars.close[bar]);

/** The bars in whole ticks, or as they are where they do not lie on the grid: for libraries that compare distances. */
export function ticksOf({ bars, tickSize }: DataSet): BarColumns {
  const ticks = barsInTicks(bars, tickSize);
  return ticks.close.every(Number.isInteger) ? ticks : bars;
}

/** Whether high and low of `period` bars up to a bar are all one price. */
export const flat = ({ high, low }: BarColumns, period: number) => (bar: number): boolean => Math.max(...high.subarray(bar + 1 - period, bar + 1)) === Math.min(...low.subarray(bar + 1 - period, bar + 1));

type TaLib = { execute(options: Record<string, unknown>): { begIndex: number; nbElement: number; result: Record<string, number[]> } };

function loadTaLib(): TaLib | undefined {
  try {
    return createRequire(import.meta.url)('talib') as TaLib;
  } catch {
    return undefined;
  }
}

const talib = loadTaLib();
/** Whether TA-Lib is here: a native module, which a machine without a compiler goes without. */
export const hasTaLib = talib !== undefined;

/**
 * The outputs of a TA-Lib function, each ending with the last bar. `inReal` is the close unless `options` say
 * otherwise, e.g. `execute('SMA', bars, { optInTimePeriod: 30 })['outReal']`.
 */
export function executeTaLib(name: string, bars: BarColumns, options: Record<string, number | readonly number[]> = {}): Readonly<Record<string, number[]>> {
  if (talib === undefined) throw new Error('talib is not installed: guard the tests with describe.skipIf(!hasTaLib)');
  const lists = listsOf(bars);
  return talib.execute({ name, startIdx: 0, endIdx: bars.length - 1, ...lists, inReal: lists.close, ...options }).result;
}

/** Results of a streaming indicator (of trading-signals) from its first stable one on. */
export function streamOf<Input, Result>(indicator: { update(input: Input, replace: boolean): Result | null; readonly isStable: boolean }, inputs: readonly Input[]): Result[] {
  return inputs.flatMap((input) => {
    const result = indicator.update(input, false);
    return indicator.isStable && result !== null ? [result] : [];
  });
}

/** The bars as trading-signals takes them. */
export function candlesOf(bars: BarColumns): ReadonlyArray<{ readonly open: number; readonly high: number; readonly low: number; readonly close: number; readonly volume: number }> {
  return Array.from(bars.close, (close, i) => ({ open: bars.open[i], high: bars.high[i], low: bars.low[i], close, volume: bars.volume[i] }));
}
