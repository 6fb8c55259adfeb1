import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SessionCalendar, UtcMs } from '@keelson/core/domain';
import { calendarById } from '@keelson/core/domain';
import { ConfigError } from '@keelson/core/errors';
import { createRandom } from '@keelson/core/engine';
import type { Random } from '@keelson/core/ports';
import type { Secrets } from '../account/secrets.js';
import { outsidersOf } from '../analyze/trace-account.js';
import { tracerInWorkers } from '../analyze/trace-in-worker.js';
import type { TraceJob, Tracer } from '../analyze/trace.js';
import type { Io } from '../io.js';
import { parseDate } from './parse-date.js';
import { prepareAccount, type AccountOptions } from './prepare-account.js';
import { refuseOtherModes } from './refuse-other-modes.js';

export type AnalysisOptions = AccountOptions & { readonly from?: string; readonly to?: string; readonly json: boolean; readonly seed: string };

/** What an analysis works with. */
export type Analysis = {
  readonly account: string;
  readonly feed: string;
  readonly leftOut: readonly string[];
  readonly job: TraceJob;
  readonly trace: Tracer;
  /** Of the account's first instrument. */
  readonly calendar: SessionCalendar;
  readonly random: Random;
  readonly onRun: (done: number, all: number) => void;
};

/**
 * Checks the account, then runs an analysis of it with everything at hand, and cleans up after it.
 * @throws ConfigError CFG_USAGE, and what prepareAccount throws
 */
export async function withAnalysis<T>(file: string, options: AnalysisOptions, io: Io, secrets: Secrets, run: (analysis: Analysis) => Promise<T>): Promise<T> {
  const from = parseDate('--from', options.from);
  const to = parseDate('--to', options.to);
  if (from !== undefined && to !== undefined && from >= to) throw new ConfigError('CFG_USAGE', `--from was ${String(options.from)} and --to ${String(options.to)}, expected --from before --to`, { hint: 'swap them or move one' });
  const account = await prepareAccount(file, options, io, secrets);
  refuseOtherModes(account);
  const { config } = account;
  const folder = mkdtempSync(join(tmpdir(), 'keelson-analyze-'));
  const cancel = new AbortController();
  const forget = io.onInterrupt(() => cancel.abort());
  try {
    return await run({
      account: config.account,
      feed: config.data.feed,
      leftOut: outsidersOf(config),
      job: { file, settings: options.set, env: { ...io.env }, cwd: io.cwd, folder, ...range(from, to) },
      trace: tracerInWorkers(io.stderr, cancel.signal),
      calendar: calendarById(config.instruments[0]?.calendar ?? '24/7') as SessionCalendar,
      random: createRandom(`analyze ${options.seed}`),
      onRun: (done, all) => {
        if (io.stderr.isTerminal) io.stderr.write(`\r\u001b[2K${done === all ? '' : `run ${done + 1} of ${all}`}`);
      },
    });
  } finally {
    forget();
    rmSync(folder, { recursive: true, force: true });
  }
}

const range = (from: UtcMs | undefined, to: UtcMs | undefined): { readonly from?: UtcMs; readonly to?: UtcMs } => ({ ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) });

/** A whole number of the command line. @throws ConfigError CFG_USAGE */
export function parseCount(option: string, text: string, most: number): number {
  const count = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(count >= 1 && count <= most)) throw new ConfigError('CFG_USAGE', `${option} was "${text}", expected a whole number from 1 to ${most}`, { hint: `write ${option} 25` });
  return count;
}
