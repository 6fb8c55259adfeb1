import { isoTime, toUtcMs } from '@keelson/core/domain';
import { CHAOS_LAWS, type Breach } from '../chaos/breach.js';
import type { ChaosOutcome } from '../chaos/chaos-run.js';
import { formatNumber } from './money.js';

export type ChaosReport = {
  readonly account: string;
  /** In the order of their seeds. */
  readonly outcomes: readonly ChaosOutcome[];
  /** Schedules that were asked for. */
  readonly asked: number;
  /** Orders of a run over all the data in which nothing goes wrong. */
  readonly undisturbedOrders: number;
  /** Bars of one schedule, at most. */
  readonly bars: number;
  /** Gives the command that runs a seed again. */
  readonly repeat: (seed: string) => string;
  /** Parts of the account that did not take part. */
  readonly leftOut: readonly string[];
  /** Broker of the account in whose place the simulated one stood. */
  readonly replacedBroker: string | undefined;
  /** False where the account's own faults struck. */
  readonly drawnFaults: boolean;
  readonly elapsedMs: number;
};

const MOST_SHOWN = 20;
const MOST_FAULTS_SHOWN = 40;

const iso = (time: number): string => isoTime(toUtcMs(time)).replace('.000Z', 'Z');

/** One document, `keelson.chaos/1`. */
export function chaosJson(report: ChaosReport): string {
  const { account, outcomes, asked, bars, leftOut, replacedBroker, elapsedMs } = report;
  const { lives, orders, fills, faults } = totalsOf(outcomes);
  const document = {
    schema: 'keelson.chaos/1',
    account,
    held: outcomes.every(({ broken }) => broken.length === 0),
    schedules: outcomes.length,
    partial: outcomes.length < asked,
    barsPerSchedule: bars,
    starts: lives,
    orders,
    fills,
    faults: Object.fromEntries(faults),
    halted: outcomes.filter(({ halted }) => halted !== undefined).length,
    haltedShare: meanHalt(outcomes),
    broken: failedOf(outcomes).map((outcome) => ({
      seed: outcome.seed,
      breaches: outcome.broken.map(({ law, at, what }) => ({ law, at: iso(at), what })),
      faults: outcome.faults.map(({ kind, time, about }) => ({ kind, at: iso(time), about })),
      repeat: report.repeat(outcome.seed),
    })),
    leftOut,
    replacedBroker: replacedBroker ?? null,
    warnings: warningsOf(report),
    elapsedMs,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** The same for people. @param single one seed was asked for: its faults are listed, too */
export function chaosText(report: ChaosReport, single: boolean): string {
  const { account, outcomes, bars } = report;
  const { lives, orders, fills, faults } = totalsOf(outcomes);
  const count = (value: number): string => formatNumber(value, 0);
  const struck = faults.reduce((sum, [, times]) => sum + times, 0);
  const lines = [
    `${account}   ${count(outcomes.length)} ${outcomes.length === 1 ? 'schedule' : 'schedules'} of up to ${count(bars)} bars: ${count(orders)} orders, ${count(fills)} fills, ${count(struck)} faults, ${count(lives - outcomes.length)} deaths`,
    '',
  ];
  const failed = failedOf(outcomes);
  if (failed.length === 0) lines.push('Nothing broke:', ...Object.values(CHAOS_LAWS).map((law) => `  ${law}`), '');
  for (const { seed, broken } of failed.slice(0, MOST_SHOWN)) lines.push(`Seed ${seed}`, ...broken.flatMap(describe), `  again: ${report.repeat(seed)}`, '');
  if (failed.length > MOST_SHOWN) lines.push(`and ${failed.length - MOST_SHOWN} more seeds: see --json`, '');
  const [only] = outcomes;
  if (single && only !== undefined) {
    lines.push('Faults', ...only.faults.slice(-MOST_FAULTS_SHOWN).map(({ kind, time, about }) => `  ${iso(time)}  ${kind}  ${about}`), '');
  } else lines.push(`Faults: ${faults.map(([kind, times]) => `${kind} ${count(times)}`).join(', ') || 'none struck'}`);
  const halted = outcomes.filter((outcome) => outcome.halted !== undefined);
  if (halted.length > 0) lines.push(`Entries were off at the end of ${halted.length}, e.g. seed ${halted[0]?.seed}: ${halted[0]?.halted}`);
  for (const warning of warningsOf(report)) lines.push(`Note: ${warning}.`);
  return `${lines.join('\n').trimEnd()}\n`;
}

function describe({ law, at, what }: Breach): string[] {
  return [`  ${iso(at)}  ${law}: ${what}`, `    expected: ${CHAOS_LAWS[law]}`];
}

/** What takes weight from "nothing broke". */
function warningsOf({ outcomes, undisturbedOrders, leftOut, replacedBroker, drawnFaults }: ChaosReport): string[] {
  const warnings: string[] = [];
  const idle = outcomes.filter(({ fills }) => fills === 0).length;
  if (undisturbedOrders === 0) warnings.push('the account does not trade on this data even when nothing goes wrong: this shows nothing');
  else if (idle * 2 > outcomes.length) warnings.push(`nothing was filled in ${idle} of ${outcomes.length} schedules: more --bars show more`);
  const halt = meanHalt(outcomes);
  if (halt > 0.5) warnings.push(`entries were off in ${Math.round(halt * 100)}% of the moments, which hides what would break: see what halts the account`);
  if (replacedBroker !== undefined) warnings.push(`the simulated broker, with its own defaults, stood in the place of '${replacedBroker}'`);
  if (!drawnFaults) warnings.push("the account's own faults struck instead of drawn ones");
  if (leftOut.length > 0) warnings.push(`left out: ${leftOut.join(', ')}`);
  return warnings;
}

const failedOf = (outcomes: readonly ChaosOutcome[]): readonly ChaosOutcome[] => outcomes.filter(({ broken }) => broken.length > 0);

/** Mean share of the moments without entries. */
const meanHalt = (outcomes: readonly ChaosOutcome[]): number => (outcomes.length === 0 ? 0 : outcomes.reduce((sum, { haltedShare }) => sum + haltedShare, 0) / outcomes.length);

function totalsOf(outcomes: readonly ChaosOutcome[]): { readonly lives: number; readonly orders: number; readonly fills: number; readonly faults: ReadonlyArray<readonly [string, number]> } {
  const totals = { lives: 0, orders: 0, fills: 0 };
  const faults = new Map<string, number>();
  for (const outcome of outcomes) {
    totals.lives += outcome.lives;
    totals.orders += outcome.orders;
    totals.fills += outcome.fills;
    for (const { kind } of outcome.faults) faults.set(kind, (faults.get(kind) ?? 0) + 1);
  }
  return { ...totals, faults: [...faults].sort(([a], [b]) => (a < b ? -1 : 1)) };
}
