import type { SessionCalendar } from '@keelson/core/domain';
import { toUtcMs } from '@keelson/core/domain';
import type { Random } from '@keelson/core/ports';
import { blame } from './blame.js';
import { chooseMoments } from './choose-moments.js';
import { compareUntil, countUntil, type Compared, type Difference } from './compare-until.js';
import { componentsOf, type Component } from './components.js';
import { traceWhole } from './trace-whole.js';
import type { TraceJob, Tracer } from './trace.js';

/** A component with its first difference, over all cuts. */
export type Finding = {
  readonly component: Component;
  readonly difference: Difference;
  /** Where the data ended in the run that showed it; undefined for a second run on all data. */
  readonly cutAt: number | undefined;
  /** Runs in which it was seen. */
  readonly runs: number;
};

export type LookaheadResult = {
  readonly moments: Float64Array;
  readonly bars: number;
  /** Closes after which the data ended. */
  readonly cuts: readonly number[];
  /** Components that give other values on the same data. */
  readonly unsteady: readonly Finding[];
  /** Components whose past changes with later data, in order of dependency. */
  readonly leaks: readonly Finding[];
  /** Components that differ because something else does. */
  readonly consequences: readonly Finding[];
  readonly uncut: readonly string[];
  /** Summed over the runs on cut data. */
  readonly compared: Compared;
};

export type LookaheadOptions = {
  readonly cuts: number;
  readonly calendar: SessionCalendar;
  readonly random: Random;
  readonly onRun: (done: number, all: number) => void;
};

/**
 * Runs an account on all data twice, then on data that ends at many moments, and compares what was known at each
 * moment. Whatever differs depended on what came later.
 * @throws what the run on all data throws
 */
export async function analyzeLookahead(job: TraceJob, trace: Tracer, options: LookaheadOptions): Promise<LookaheadResult> {
  const full = await traceWhole(job, trace);
  const rows = chooseMoments(full.moments, options.calendar, options.cuts, options.random);
  const all = rows.length + 2;
  options.onRun(1, all);
  const components = componentsOf(full);
  const again = blame(components, compareUntil(full, await trace(job), Infinity));
  options.onRun(2, all);

  const unsteady = new Tally(components);
  const leaks = new Tally(components);
  const consequences = new Tally(components);
  for (const difference of again.atFault) unsteady.add(difference, undefined);
  for (const difference of again.consequences) consequences.add(difference, undefined);
  const uncut = new Set(full.uncut);
  let compared: Compared = { bars: 0, featureValues: 0, signals: 0, orders: 0 };
  for (const [i, row] of rows.entries()) {
    const cutAt = toUtcMs(full.moments[row] as number);
    const short = await trace({ ...job, cutAt });
    compared = plus(compared, countUntil(full, short, cutAt));
    const { atFault, consequences: others } = blame(components, compareUntil(full, short, cutAt));
    for (const difference of atFault) (unsteady.has(difference.key) ? unsteady : leaks).add(difference, cutAt);
    for (const difference of others) consequences.add(difference, cutAt);
    for (const file of short.uncut) uncut.add(file);
    options.onRun(i + 3, all);
  }
  return {
    moments: full.moments,
    bars: full.series.reduce((bars, series, i) => bars + (full.series.findIndex(({ instrument }) => instrument === series.instrument) === i ? series.length : 0), 0),
    cuts: rows.map((row) => full.moments[row] as number),
    unsteady: unsteady.findings(),
    leaks: leaks.findings(),
    consequences: consequences.findings().filter(({ component: { key } }) => !leaks.has(key) && !unsteady.has(key)),
    uncut: [...uncut].sort(),
    compared,
  };
}

/** True for a result that nothing speaks against, and something for. */
export function isClean({ leaks, unsteady, compared }: LookaheadResult): boolean {
  return leaks.length + unsteady.length === 0 && !comparedNothing({ compared });
}

/** Bars alone say nothing: what is made of them counts. */
export const comparedNothing = ({ compared }: Pick<LookaheadResult, 'compared'>): boolean => compared.featureValues + compared.signals + compared.orders === 0;

const plus = (a: Compared, b: Compared): Compared => ({ bars: a.bars + b.bars, featureValues: a.featureValues + b.featureValues, signals: a.signals + b.signals, orders: a.orders + b.orders });

/** Findings by component: the earliest difference, and how often. */
class Tally {
  private readonly found = new Map<string, { difference: Difference; cutAt: number | undefined; runs: number }>();

  constructor(private readonly components: readonly Component[]) {}

  has(key: string): boolean {
    return this.found.has(key);
  }

  add(difference: Difference, cutAt: number | undefined): void {
    const known = this.found.get(difference.key);
    if (known === undefined) this.found.set(difference.key, { difference, cutAt, runs: 1 });
    else {
      known.runs++;
      if (difference.time < known.difference.time) Object.assign(known, { difference, cutAt });
    }
  }

  /** In order of dependency. */
  findings(): Finding[] {
    return this.components.flatMap((component) => {
      const found = this.found.get(component.key);
      return found === undefined ? [] : [{ component, ...found }];
    });
  }
}
