import type { SessionCalendar } from '@keelson/core/domain';
import { toUtcMs } from '@keelson/core/domain';
import type { Random } from '@keelson/core/ports';
import { chooseMoments } from './choose-moments.js';
import { compareSaid, type Parting } from './compare-said.js';
import { componentsOf, componentKey, type Component } from './components.js';
import { convergenceOf, type Convergence } from './convergence.js';
import { traceWhole } from './trace-whole.js';
import { featureKey, type FeatureTrace, type SeriesTrace, type Trace, type TraceJob, type Tracer } from './trace.js';

/** The largest part of the data that a late start leaves out. */
const LATEST_START = 0.5;
/** From harmless to not. */
const KINDS = ['too short', 'equal', 'converges', 'slow', 'depends'] as const;

export type FeatureWarmup = {
  readonly component: Component;
  readonly warmupBars: number;
  /** The worst of all starts. */
  readonly convergence: Convergence;
  /** Output that it was seen in. */
  readonly output: string;
  /** Where it depends on the start: close of the bar, and both values. */
  readonly example: { readonly start: number; readonly time: number; readonly full: number | undefined; readonly late: number | undefined } | undefined;
};

export type LateDecision = { readonly component: Component; readonly start: number; readonly parting: Parting; /** Starts after which it differs. */ readonly runs: number };

export type WarmupResult = {
  readonly moments: Float64Array;
  /** Opens of the first bars of the later runs. */
  readonly starts: readonly number[];
  readonly features: readonly FeatureWarmup[];
  /** Strategies, regimes, signals and orders that differ although all features were warm. */
  readonly decisions: readonly LateDecision[];
  /** Runs that failed. */
  readonly failures: ReadonlyArray<{ readonly start: number; readonly line: string }>;
};

export type WarmupOptions = {
  readonly starts: number;
  readonly tolerance: number;
  readonly calendar: SessionCalendar;
  readonly random: Random;
  readonly onRun: (done: number, all: number) => void;
};

/**
 * Runs an account on all data, and again on data that begins later, and compares the values at the same bars.
 * @throws what the run on all data throws
 */
export async function analyzeWarmup(job: TraceJob, trace: Tracer, options: WarmupOptions): Promise<WarmupResult> {
  const full = await traceWhole(job, trace);
  const base = full.series[0] as SeriesTrace;
  const early = full.moments.subarray(0, Math.max(2, Math.floor(full.moments.length * LATEST_START)));
  const rows = chooseMoments(early, options.calendar, options.starts, options.random);
  const starts = [...new Set(rows.map((row) => startAfter(base, full.moments[row] as number)).filter((start) => start !== undefined))];
  options.onRun(1, starts.length + 1);
  const components = componentsOf(full);
  const features = new Map<string, FeatureWarmup>();
  const decisions = new Map<string, { component: Component; start: number; parting: Parting; runs: number }>();
  const failures: Array<{ start: number; line: string }> = [];
  for (const [i, start] of starts.entries()) {
    const late = await trace({ ...job, from: toUtcMs(start) });
    if (late.failure !== undefined) failures.push({ start, line: late.failure.line });
    for (const found of compareFeatures(components, full, late, start, options.tolerance)) {
      const known = features.get(found.component.key);
      if (known === undefined || isWorse(found.convergence, known.convergence)) features.set(found.component.key, found);
    }
    for (const { key, parting } of compareDecisions(components, full, late, options.tolerance)) {
      const known = decisions.get(key);
      if (known === undefined) decisions.set(key, { component: components.find((component) => component.key === key) as Component, start, parting, runs: 1 });
      else known.runs++;
    }
    options.onRun(i + 2, starts.length + 1);
  }
  return { moments: full.moments, starts, features: [...features.values()], decisions: components.flatMap(({ key }) => decisions.get(key) ?? []), failures };
}

/** Open of the first bar that closes after `moment`. */
function startAfter({ bars, length }: SeriesTrace, moment: number): number | undefined {
  for (let row = 0; row < length; row++) if ((bars.closeTime[row] as number) > moment) return bars.time[row];
  return undefined;
}

function isWorse(a: Convergence, b: Convergence): boolean {
  const rank = KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind);
  return rank !== 0 ? rank > 0 : 'extraBars' in a && 'extraBars' in b && a.extraBars > b.extraBars;
}

function compareFeatures(components: readonly Component[], full: Trace, late: Trace, start: number, tolerance: number): FeatureWarmup[] {
  return full.series.flatMap((series, s) => {
    const other = late.series[s] as SeriesTrace;
    const offset = offsetOf(series, other);
    return series.features.map((feature, f): FeatureWarmup => {
      const component = components.find(({ key }) => key === featureKey(series, feature)) as Component;
      const lateFeature = other.features[f] as FeatureTrace;
      let worst: FeatureWarmup = { component, warmupBars: feature.warmupBars, convergence: { kind: 'too short' }, output: feature.outputs[0] as string, example: undefined };
      feature.outputs.forEach((output, o) => {
        const whole = feature.columns[o] as Float64Array;
        const column = lateFeature.columns[o] as Float64Array;
        const convergence = convergenceOf(whole, offset, column, Math.max(0, feature.warmupBars - 1), tolerance);
        if (!isWorse(convergence, worst.convergence)) return;
        const row = convergence.kind === 'depends' ? convergence.row : -1;
        const example = row < 0 ? undefined : { start, time: other.bars.closeTime[row] as number, full: known(whole[row + offset]), late: known(column[row]) };
        worst = { ...worst, convergence, output, example };
      });
      return worst;
    });
  });
}

/** Rows of the whole run before the first of the late one. */
function offsetOf(full: SeriesTrace, late: SeriesTrace): number {
  if (late.length === 0) return 0;
  const first = late.bars.closeTime[0] as number;
  return Math.max(0, full.bars.closeTime.findIndex((close) => close >= first));
}

function compareDecisions(components: readonly Component[], full: Trace, late: Trace, tolerance: number): Array<{ readonly key: string; readonly parting: Parting }> {
  const warm = warmTimes(late);
  const warmAll = Math.max(late.moments[0] ?? Infinity, ...warm.values());
  const found: Array<{ readonly key: string; readonly parting: Parting }> = [];
  full.components.forEach((component, i) => {
    const key = componentKey(component);
    const from = Math.max(late.moments[0] ?? Infinity, ...component.uses.map((use) => warm.get(use) ?? Infinity));
    // a regime is said when it changes: what held at the beginning counts as said there
    const entries = component.kind === 'regime' ? [component.said, late.components[i]?.said ?? []].map((said) => heldFrom(said, from)) : [component.said, late.components[i]?.said ?? []];
    const parting = compareSaid(entries[0] ?? [], entries[1] ?? [], from, tolerance);
    if (parting !== undefined) found.push({ key, parting });
  });
  for (const list of ['signals', 'orders'] as const) {
    // ids of orders count all orders before
    const parting = compareSaid(withoutIds(full[list]), withoutIds(late[list]), warmAll, tolerance);
    if (parting !== undefined) found.push({ key: list, parting });
  }
  const order = new Map(components.map(({ key }, i) => [key, i]));
  return found.sort((a, b) => (order.get(a.key) ?? 0) - (order.get(b.key) ?? 0));
}

/** When each feature came to be warm. */
function warmTimes(trace: Trace): Map<string, number> {
  return new Map(trace.series.flatMap((series) => series.features.map((feature) => [featureKey(series, feature), series.bars.seenAt[Math.max(0, feature.warmupBars - 1)] ?? Infinity] as const)));
}

function heldFrom(said: ReadonlyArray<{ readonly time: number; readonly text: string }>, from: number): Array<{ readonly time: number; readonly text: string }> {
  const held = said.findLast(({ time }) => time <= from);
  return [...(held === undefined ? [] : [{ time: from, text: held.text }]), ...said.filter(({ time }) => time > from)];
}

const withoutIds = (entries: ReadonlyArray<{ readonly time: number; readonly text: string }>): Array<{ readonly time: number; readonly text: string }> =>
  entries.map(({ time, text }) => ({ time, text: text.replace(/"(\w*[iI]d|ocoGroup)":"[^"]*"/g, '"$1":""') }));

const known = (value: number | undefined): number | undefined => (value === value ? value : undefined);

