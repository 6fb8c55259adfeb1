import { ConfigError, KeelsonError } from '@keelson/core/errors';
import type { Secrets } from '../account/secrets.js';
import { analyzeWarmup } from '../analyze/analyze-warmup.js';
import { describeComponent } from '../analyze/describe-component.js';
import type { Io } from '../io.js';
import { EXIT } from '../output/report-errors.js';
import { dependsOnStart, warmupJson, warmupText } from '../output/warmup-report.js';
import { parseCount, withAnalysis, type AnalysisOptions } from './analysis.js';

const MOST_STARTS = 1_000;

/** `keelson analyze warmup`: which values of an account depend on where the data begins. */
export async function warmup(file: string, options: AnalysisOptions & { readonly starts: string; readonly tolerance: string }, io: Io, secrets: Secrets): Promise<number> {
  const starts = parseCount('--starts', options.starts, MOST_STARTS);
  const tolerance = parseTolerance(options.tolerance);
  return withAnalysis(file, options, io, secrets, async ({ job, trace, calendar, random, onRun, account, feed, leftOut }) => {
    const start = io.monotonicMs();
    const result = await analyzeWarmup(job, trace, { starts, tolerance, calendar, random, onRun });
    const report = { account, feed, leftOut, tolerance, seed: options.seed, elapsedMs: Math.round(io.monotonicMs() - start), result };
    io.stdout.write(options.json ? warmupJson(report) : warmupText(report));
    const depending = result.features.filter(dependsOnStart).map(({ component }) => describeComponent(component, feed));
    if (depending.length > 0) io.stderr.write(`${new KeelsonError('ANA_START', `${depending.join('; ')} ${depending.length === 1 ? 'depends' : 'depend'} on where the data begins, expected values of the market alone`, { hint: 'compare changes of it, not its level, or begin the data where the live run will' }).line}\n`);
    for (const { line } of result.failures) io.stderr.write(`${line}\n`);
    return depending.length === 0 && result.failures.length === 0 ? EXIT.done : EXIT.failed;
  });
}

function parseTolerance(text: string): number {
  const tolerance = text.trim() === '' ? Number.NaN : Number(text);
  if (!(tolerance >= 0 && tolerance < 1)) throw new ConfigError('CFG_USAGE', `--tolerance was "${text}", expected a number from 0 to less than 1`, { hint: 'write --tolerance 1e-9' });
  return tolerance;
}
