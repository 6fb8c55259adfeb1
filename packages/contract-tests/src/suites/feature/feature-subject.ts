import type { BarColumns, BarWindow, Instrument, SessionCalendar, Timeframe } from '@keelson/core/domain';
import { calendarById, parseTimeframe } from '@keelson/core/domain';
import { FEATURE } from '@keelson/core/plugin';
import type { Feature, FeatureDefinition, FeatureHandle } from '@keelson/core/ports';
import { BarRing, barCloseOf } from '@keelson/core/series';
import { testInstrument } from '../../fakes/instruments.js';
import { checkedParams, type Configured } from '../../lab/params-cards.js';
import { runLab } from '../../lab/lab-run.js';
import { oncePer } from '../../lab/once.js';
import { livelyBars, oddBars, stillBars, type SampleOptions } from '../../lab/sample-bars.js';

/** A feature, and what it is tried on. */
export type FeatureSubject = Configured & {
  readonly definition: FeatureDefinition;
  /** Id of a calendar that core ships; default `24/7`. */
  readonly calendar?: string;
  /** Default `1m`. */
  readonly timeframe?: string;
  /** Bars on which the feature has a value from its warm-up on; default: those of a lively market, in ticks of 0.01. */
  readonly bars?: (length: number) => BarColumns;
};

/** A column for each output, NaN where there is no value, as far as the feature came. */
export type FeatureRun = { readonly columns: readonly Float64Array[]; readonly rows: number; readonly error: unknown };

const sampleOf = ({ calendar, timeframe }: FeatureSubject): SampleOptions => ({ ...(calendar === undefined ? {} : { calendar }), ...(timeframe === undefined ? {} : { timeframe }) });

/** Bars that one needs to see a feature at work. */
export function enough(subject: FeatureSubject): number {
  return makeFeature(subject).warmupBars + 200;
}

export const lively = (subject: FeatureSubject, length = enough(subject)): BarColumns => subject.bars?.(length) ?? livelyBars(length, sampleOf(subject));
export const odd = (subject: FeatureSubject, length = enough(subject)): BarColumns => oddBars(length, sampleOf(subject));
export const still = (subject: FeatureSubject, length = enough(subject)): BarColumns => stillBars(length, sampleOf(subject));

export const homeOf = ({ calendar = '24/7', timeframe = '1m' }: FeatureSubject): { readonly instrument: Instrument; readonly calendar: SessionCalendar; readonly timeframe: Timeframe } => {
  const [sessions, frame] = [calendarById(calendar), parseTimeframe(timeframe)];
  if (sessions === undefined || frame === undefined) throw new RangeError(`found calendar '${calendar}' and timeframe '${timeframe}', expected ones that core knows`);
  return { instrument: testInstrument({ id: 'LAB', tickSize: 0.01, multiplier: 1, calendar }), calendar: sessions, timeframe: frame };
};

/** A feature as the kernel would make it. */
export function makeFeature(subject: FeatureSubject): Feature {
  return subject.definition.create({ params: checkedParams(subject), ...homeOf(subject) });
}

const SAMPLES = { lively, odd, still };

/** The runs that several cards look at. */
export const sampleRun: (subject: FeatureSubject, kind: keyof typeof SAMPLES) => Promise<FeatureRun> = oncePer((subject: FeatureSubject, kind) => runInKernel(subject, SAMPLES[kind as keyof typeof SAMPLES](subject)));

/** Runs the feature in an account, and reads it as a strategy would. */
export async function runInKernel(subject: FeatureSubject, bars: BarColumns, chunkBars?: number): Promise<FeatureRun> {
  const { definition, params = {}, calendar, timeframe } = subject;
  const columns = definition.outputs.map(() => new Float64Array(bars.length).fill(Number.NaN));
  let handles: readonly FeatureHandle[] = [];
  let rows = 0;
  const { error } = await runLab({
    bars,
    tickSize: 0.01,
    ...(calendar === undefined ? {} : { calendar }),
    ...(timeframe === undefined ? {} : { timeframe }),
    ...(chunkBars === undefined ? {} : { chunkBars }),
    provides: ['feature'],
    add: (add) => add(FEATURE, 'subject', definition),
    decide: ({ use }) => {
      const handle = use('subject', params as Readonly<Record<string, unknown>>);
      handles = definition.outputs.map((output) => handle.output(output));
      return () => undefined;
    },
    observeBar: () => {
      handles.forEach((handle, k) => ((columns[k] as Float64Array)[rows] = handle.value ?? Number.NaN));
      rows++;
    },
  });
  return { columns, rows, error };
}

export type BareRun = {
  /** Default: a new one. */
  readonly feature?: Feature;
  /** The window and the array of one update; default: the same ones each time, as in the kernel. */
  readonly update?: (feature: Feature, bars: BarWindow, out: Float64Array) => void;
};

/** Runs a feature outside of an account: for promises that its handle does not show. Throws what the feature throws. */
export function runBare(subject: FeatureSubject, bars: BarColumns, { feature = makeFeature(subject), update }: BareRun = {}): Float64Array[] {
  const outputs = subject.definition.outputs.length;
  const columns = Array.from({ length: outputs }, () => new Float64Array(bars.length));
  const out = new Float64Array(outputs).fill(Number.NaN);
  const ring = ringFor(subject);
  for (let row = 0; row < bars.length; row++) {
    ring.push(bars, row);
    if (update === undefined) feature.update(ring.window, out);
    else update(feature, ring.window, out);
    for (let k = 0; k < outputs; k++) (columns[k] as Float64Array)[row] = out[k] as number;
  }
  return columns;
}

/** A window that bars are pushed into, closes included. */
export function ringFor(subject: FeatureSubject): { readonly window: BarRing; push(bars: BarColumns, row: number): void } {
  const window = new BarRing();
  const { timeframe, calendar } = homeOf(subject);
  return {
    window,
    push(bars, row) {
      window.push(bars, row);
      window.closeTime[window.index] = barCloseOf(bars.time[row] as number, timeframe, calendar);
    },
  };
}

/** A copy of a window that shares nothing with it. */
export function copyWindow(bars: BarWindow): BarWindow {
  const { count, index, mask, depth } = bars;
  return {
    count,
    index,
    mask,
    time: bars.time.slice(),
    closeTime: bars.closeTime.slice(),
    open: bars.open.slice(),
    high: bars.high.slice(),
    low: bars.low.slice(),
    close: bars.close.slice(),
    volume: bars.volume.slice(),
    ...(depth === undefined ? {} : { depth: { bid: depth.bid.slice(), ask: depth.ask.slice(), bidSize: depth.bidSize.slice(), askSize: depth.askSize.slice() } }),
  };
}
