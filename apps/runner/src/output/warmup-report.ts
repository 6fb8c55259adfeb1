import { isoTime, toUtcMs } from '@keelson/core/domain';
import type { FeatureWarmup, WarmupResult } from '../analyze/analyze-warmup.js';
import { componentFields, describeComponent } from '../analyze/describe-component.js';
import { formatNumber } from './money.js';

export type WarmupReport = {
  readonly account: string;
  readonly feed: string;
  readonly seed: string;
  readonly tolerance: number;
  readonly leftOut: readonly string[];
  readonly elapsedMs: number;
  readonly result: WarmupResult;
};

const iso = (time: number): string => isoTime(toUtcMs(time)).replace('.000Z', 'Z');

/** Bars after which its values no longer tell where the data began; undefined where there is no such number. */
export function recommendedWarmup({ warmupBars, convergence }: FeatureWarmup): number | undefined {
  if (convergence.kind === 'equal') return warmupBars;
  return 'extraBars' in convergence ? warmupBars + convergence.extraBars : undefined;
}

export const dependsOnStart = ({ convergence }: FeatureWarmup): boolean => convergence.kind === 'depends';

/** One document, `keelson.warmup/1`. */
export function warmupJson({ account, seed, tolerance, leftOut, elapsedMs, result }: WarmupReport): string {
  const document = {
    schema: 'keelson.warmup/1',
    account,
    clean: !result.features.some(dependsOnStart) && result.failures.length === 0,
    from: iso(result.moments[0] as number),
    to: iso(result.moments.at(-1) as number),
    seed,
    tolerance,
    starts: result.starts.map(iso),
    features: result.features.map((feature) => ({
      ...componentFields(feature.component),
      output: feature.output,
      outcome: feature.convergence.kind,
      warmupBars: feature.warmupBars,
      extraBars: 'extraBars' in feature.convergence ? feature.convergence.extraBars : null,
      recommendedWarmupBars: recommendedWarmup(feature) ?? null,
      example: feature.example === undefined ? null : { start: iso(feature.example.start), at: iso(feature.example.time), allData: feature.example.full ?? null, lateData: feature.example.late ?? null },
    })),
    decisions: result.decisions.map(({ component, start, parting, runs }) => ({ ...componentFields(component), start: iso(start), firstAt: iso(parting.first), lastAt: iso(parting.last), allData: parting.full ?? null, lateData: parting.other ?? null, runs })),
    failures: result.failures.map(({ start, line }) => ({ start: iso(start), error: line })),
    leftOut,
    elapsedMs,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** The same for people. */
export function warmupText({ account, feed, tolerance, leftOut, result }: WarmupReport): string {
  const { features, decisions, starts, failures } = result;
  const lines = [`${account}   ${iso(result.moments[0] as number)} to ${iso(result.moments.at(-1) as number)}, ${starts.length} later starts, tolerance ${tolerance}`, ''];
  const group = (title: string, kind: FeatureWarmup['convergence']['kind'], say: (feature: FeatureWarmup) => readonly string[]): void => {
    const found = features.filter(({ convergence }) => convergence.kind === kind);
    if (found.length === 0) return;
    lines.push(title);
    for (const feature of found) lines.push(`  ${describeComponent(feature.component, feed)}`, ...say(feature).map((line) => `    ${line}`));
    lines.push('');
  };
  group('Depend on the start', 'depends', ({ output, example }) => [
    `${output} does not come to agree; with data from ${iso(example?.start ?? 0)} on, at the close of ${iso(example?.time ?? 0)}:`,
    `  all data: ${example?.full ?? 'nothing'}`,
    `  later start: ${example?.late ?? 'nothing'}`,
  ]);
  group('Still converging when the data ended', 'slow', (feature) => [`warm-up ${feature.warmupBars} bars; by its pace about ${recommendedWarmup(feature)} until ${feature.output} no longer depends on the start`]);
  group('Converge', 'converges', (feature) => [`warm-up ${feature.warmupBars} bars, ${extraOf(feature)} more until ${feature.output} no longer depends on the start: give it ${recommendedWarmup(feature)}`]);
  group('Exact from their warm-up on', 'equal', (feature) => [`warm-up ${feature.warmupBars} bars`]);
  group('Too few bars to tell', 'too short', (feature) => [`warm-up ${feature.warmupBars} bars`]);
  if (decisions.length > 0) {
    lines.push('Decisions that differ after warm-up');
    for (const { component, start, parting, runs } of decisions) {
      lines.push(
        `  ${describeComponent(component, feed)}`,
        `    at ${runs} of ${starts.length} starts; with data from ${iso(start)} on, first at the close of ${iso(parting.first)}, last at ${iso(parting.last)}`,
        `      all data: ${parting.full ?? 'nothing'}`,
        `      later start: ${parting.other ?? 'nothing'}`,
      );
    }
    lines.push('');
  }
  if (features.length === 0) lines.push('The account uses no feature.', '');
  for (const { start, line } of failures) lines.push(`Failed with data from ${iso(start)} on: ${line}`);
  if (leftOut.length > 0) lines.push(`Note: left out: ${leftOut.join(', ')}.`);
  return `${lines.join('\n').trimEnd()}\n`;
}

const extraOf = ({ convergence }: FeatureWarmup): string => ('extraBars' in convergence ? formatNumber(convergence.extraBars, 0) : '0');
