import { isoTime, toUtcMs } from '@keelson/core/domain';
import { isClean, type Finding, type LookaheadResult } from '../analyze/analyze-lookahead.js';
import { componentFields, describeComponent } from '../analyze/describe-component.js';
import { formatNumber } from './money.js';

export type LookaheadReport = {
  readonly account: string;
  /** Id of the data feed. */
  readonly feed: string;
  readonly seed: string;
  /** Parts of the account that did not take part. */
  readonly leftOut: readonly string[];
  readonly elapsedMs: number;
  readonly result: LookaheadResult;
};

const iso = (time: number): string => isoTime(toUtcMs(time)).replace('.000Z', 'Z');

/** One document, `keelson.lookahead/1`. */
export function lookaheadJson({ account, seed, leftOut, elapsedMs, result }: LookaheadReport): string {
  const fields = ({ component, difference, cutAt, runs }: Finding): unknown => ({
    ...componentFields(component),
    at: iso(difference.time),
    output: difference.output ?? null,
    allData: difference.full ?? null,
    cutData: difference.other ?? null,
    dataEnds: cutAt === undefined ? null : iso(cutAt),
    runs,
  });
  const document = {
    schema: 'keelson.lookahead/1',
    account,
    clean: isClean(result),
    from: iso(result.moments[0] as number),
    to: iso(result.moments.at(-1) as number),
    bars: result.bars,
    seed,
    cuts: result.cuts.map(iso),
    compared: result.compared,
    leaks: result.leaks.map(fields),
    unsteady: result.unsteady.map(fields),
    consequences: result.consequences.map(fields),
    uncutFiles: result.uncut,
    leftOut,
    elapsedMs,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** The same for people. */
export function lookaheadText({ account, feed, leftOut, result }: LookaheadReport): string {
  const { leaks, unsteady, consequences, cuts, uncut } = result;
  const lines = [`${account}   ${iso(result.moments[0] as number)} to ${iso(result.moments.at(-1) as number)}, ${formatNumber(result.bars, 0)} bars, ${cuts.length} cuts`, ''];
  const list = (title: string, findings: readonly Finding[]): void => {
    if (findings.length === 0) return;
    lines.push(title);
    for (const finding of findings) lines.push(...describe(finding, feed, cuts.length));
    lines.push('');
  };
  list('Knew what came later', leaks);
  list('Gave other values on the same data', unsteady);
  list('Differ because of these', consequences);
  lines.push(`Compared: ${(['bars', 'featureValues', 'signals', 'orders'] as const).map((what) => `${formatNumber(result.compared[what], 0)} ${what === 'featureValues' ? 'feature values' : what}`).join(', ')}.`);
  if (isClean(result)) lines.push('Clean: up to every cut, features, regimes, signals and orders were those of the run on all data.', '');
  for (const file of uncut) lines.push(`Note: ${file} was read and is no table that can be cut: a leak through it stays unseen.`);
  if (leftOut.length > 0) lines.push(`Note: left out: ${leftOut.join(', ')}.`);
  return `${lines.join('\n').trimEnd()}\n`;
}

function describe({ component, difference, cutAt, runs }: Finding, feed: string, cuts: number): string[] {
  const { time, output, full, other } = difference;
  const shown = (value: number | string | undefined): string => (value === undefined ? 'nothing' : String(value));
  const where = output === undefined ? '' : `${output}, `;
  const without = cutAt === undefined ? 'in a second run' : cutAt === time ? 'when the data ends there' : `when the data ends at ${iso(cutAt)}`;
  return [
    `  ${describeComponent(component, feed)}`,
    `    ${where}first at the close of ${iso(time)}${cutAt === undefined ? '' : `; at ${runs} of ${cuts} cuts`}`,
    `      all data: ${shown(full)}`,
    `      ${without}: ${shown(other)}`,
  ];
}
