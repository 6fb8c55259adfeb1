import { KeelsonError } from '@keelson/core/errors';
import type { Secrets } from '../account/secrets.js';
import { analyzeLookahead, comparedNothing, isClean } from '../analyze/analyze-lookahead.js';
import { describeComponent } from '../analyze/describe-component.js';
import type { Io } from '../io.js';
import { lookaheadJson, lookaheadText } from '../output/lookahead-report.js';
import { EXIT } from '../output/report-errors.js';
import { parseCount, withAnalysis, type AnalysisOptions } from './analysis.js';

const MOST_CUTS = 10_000;

/** `keelson analyze lookahead`: whether anything in an account knew what came later. */
export async function lookahead(file: string, options: AnalysisOptions & { readonly cuts: string }, io: Io, secrets: Secrets): Promise<number> {
  const cuts = parseCount('--cuts', options.cuts, MOST_CUTS);
  return withAnalysis(file, options, io, secrets, async ({ job, trace, calendar, random, onRun, account, feed, leftOut }) => {
    const start = io.monotonicMs();
    const result = await analyzeLookahead(job, trace, { cuts, calendar, random, onRun });
    const report = { account, feed, leftOut, seed: options.seed, elapsedMs: Math.round(io.monotonicMs() - start), result };
    io.stdout.write(options.json ? lookaheadJson(report) : lookaheadText(report));
    const names = (findings: typeof result.leaks): string => findings.map(({ component }) => describeComponent(component, feed)).join('; ');
    if (result.leaks.length > 0) io.stderr.write(`${new KeelsonError('ANA_LOOKAHEAD', `${names(result.leaks)} changed in the past with later data, expected nothing to know more than its time`, { hint: 'let it use closed bars only, of the window that it is given' }).line}\n`);
    if (result.unsteady.length > 0) io.stderr.write(`${new KeelsonError('ANA_UNSTEADY', `${names(result.unsteady)} gave other values on the same data, expected the same`, { hint: 'take chance and time from what the kernel gives, and keep no state between runs' }).line}\n`);
    if (result.leaks.length + result.unsteady.length === 0 && comparedNothing(result)) io.stderr.write(`${new KeelsonError('ANA_NOTHING', `no feature value, signal or order came before any of ${result.cuts.length} cuts, expected some to compare`, { hint: 'give more data or cuts, or lower the warm-up' }).line}\n`);
    return isClean(result) ? EXIT.done : EXIT.failed;
  });
}
