import { accessSync, constants, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { UtcMs } from '@keelson/core/domain';
import { ConfigError, KeelsonError, messageOf } from '@keelson/core/errors';
import { configHash } from '../account/config-hash.js';
import type { Secrets } from '../account/secrets.js';
import type { Io, Output } from '../io.js';
import { backtestJson, type BacktestOutcome } from '../output/backtest-json.js';
import { backtestTable } from '../output/backtest-table.js';
import { ReportCollector } from '../output/collect-report.js';
import { createProgress, type Progress } from '../output/progress.js';
import { EXIT } from '../output/report-errors.js';
import { ownVersion } from '../own-version.js';
import { HistoryTelemetry } from '../telemetry/history-telemetry.js';
import { telemetryTarget } from '../telemetry/telemetry-target.js';
import { parseDate } from './parse-date.js';
import { prepareAccount, type AccountOptions, type PreparedAccount } from './prepare-account.js';
import { refuseOtherModes } from './refuse-other-modes.js';

export type BacktestOptions = AccountOptions & {
  readonly from?: string;
  readonly to?: string;
  readonly json: boolean;
  readonly report?: string;
};

/** `keelson backtest`: runs an account over history and prints what came of it. */
export async function backtest(file: string, options: BacktestOptions, io: Io, secrets: Secrets): Promise<number> {
  const from = parseDate('--from', options.from);
  const to = parseDate('--to', options.to);
  if (from !== undefined && to !== undefined && from >= to) throw new ConfigError('CFG_USAGE', `--from was ${String(options.from)} and --to ${String(options.to)}, expected --from before --to`, { hint: 'swap them or move one' });
  const progress = createProgress(io, from, to);
  const stderr: Output = {
    ...io.stderr,
    write(text) {
      progress.clear();
      io.stderr.write(text);
    },
  };
  let telemetry: HistoryTelemetry | undefined;
  const account = await prepareAccount(file, options, { ...io, stderr }, secrets, {
    telemetry(config, baseDir) {
      const target = telemetryTarget(config, baseDir);
      if (target !== undefined) telemetry = new HistoryTelemetry(target, 'anew', (text) => secrets.redact(text));
      return telemetry;
    },
  });
  refuseOtherModes(account);
  if (options.report !== undefined) refuseLostReport(resolve(io.cwd, options.report), options.report);

  const collector = options.report === undefined ? undefined : new ReportCollector(account.config);
  telemetry?.open();
  let outcome: BacktestOutcome;
  try {
    outcome = await runOnce(account, { from, to, progress }, collector, io, secrets);
  } finally {
    await telemetry?.close();
  }
  io.stdout.write(options.json ? backtestJson(outcome) : backtestTable(outcome, io.stdout.isTerminal && !io.env['NO_COLOR']));
  // after the result, which must not be lost when the disk is full
  if (options.report !== undefined && collector !== undefined) await writeReport(options.report, collector, outcome, account, io, secrets);
  const { result } = outcome;
  if (result.partial) {
    const until = result.to === undefined ? 'before its first bar' : `at ${new Date(result.to).toISOString()}`;
    io.stderr.write(`${new KeelsonError('RUN_INTERRUPTED', `the run was stopped ${until}, expected it to reach the end of the data`, { hint: 'take the result as partial, or run it again' }).line}\n`);
    return EXIT.failed;
  }
  if (result.halted !== undefined) {
    io.stderr.write(`${new KeelsonError('HALT_RISK', `the account was halted (${result.halted}), expected it to stay within its limits`, { hint: 'look at the last trades, then change the strategy or the limit under risk' }).line}\n`);
    return EXIT.halted;
  }
  return EXIT.done;
}

type Run = { readonly from: UtcMs | undefined; readonly to: UtcMs | undefined; readonly progress: Progress };

async function runOnce(account: PreparedAccount, { from, to, progress }: Run, collector: ReportCollector | undefined, io: Io, secrets: Secrets): Promise<BacktestOutcome> {
  const stop = new AbortController();
  const forget = io.onInterrupt(() => stop.abort());
  const start = io.monotonicMs();
  try {
    const result = await account.engine.run({
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      signal: stop.signal,
      onProgress: progress.update,
      ...(collector === undefined ? {} : { observeBar: collector.observeBar }),
    });
    return {
      result,
      configHash: configHash(account.config, (text) => secrets.redact(text)),
      elapsedMs: Math.round(io.monotonicMs() - start),
      warnings: result.partial ? ['partial: the run was stopped before the data ended', ...result.warnings] : result.warnings,
    };
  } finally {
    progress.clear();
    forget();
  }
}

/** Hours of a run are not to end in a folder that is not there. */
function refuseLostReport(path: string, shown: string): void {
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) throw new TypeError('it is a folder');
    accessSync(dirname(path), constants.W_OK);
  } catch (error) {
    throw lostReport(shown, error);
  }
}

async function writeReport(shown: string, collector: ReportCollector, outcome: BacktestOutcome, account: PreparedAccount, io: Io, secrets: Secrets): Promise<void> {
  const { renderReport } = await import('../report/render-report.js');
  const html = renderReport(collector.data(outcome, ownVersion(), secrets.redact(account.reading.text)));
  try {
    writeFileSync(resolve(io.cwd, shown), secrets.redact(html));
  } catch (error) {
    throw lostReport(shown, error);
  }
}

const lostReport = (shown: string, cause: unknown): KeelsonError =>
  new KeelsonError('RUN_OUTPUT', `the report ${shown === '' ? "''" : shown} could not be written (${messageOf(cause)}), expected a file in an existing folder`, { hint: 'choose another path for --report', cause });
