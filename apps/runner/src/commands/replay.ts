import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { accountSchema, schemaFaults, type AccountConfig } from '@keelson/core/config';
import { replayJournal, type Divergence, type ReplayOptions, type ReplayResult, type RunData } from '@keelson/core/engine';
import { ConfigError, KeelsonError, KeelsonErrors } from '@keelson/core/errors';
import { JournalView, recordsOf, type JournalMeta } from '@keelson/plugin-journal';
import { placeFaults } from '../account/place-faults.js';
import { readAccount } from '../account/read-account.js';
import { pluginsOf, setupDifferences, type RunSetup } from '../account/run-setup.js';
import type { Secrets } from '../account/secrets.js';
import type { Io } from '../io.js';
import { createLogger } from '../logger.js';
import { differingFields } from '../output/differing-fields.js';
import { EXIT } from '../output/report-errors.js';
import { ownVersion } from '../own-version.js';
import { HistoryTelemetry } from '../telemetry/history-telemetry.js';
import { loadPlugins, pluginRequestsOf } from '../plugins/load-plugins.js';

export type ReplayWords = { readonly account?: string; readonly set: readonly string[]; readonly json: boolean; readonly debug: boolean; readonly telemetry?: string };

/** `keelson replay`: decides everything in a journal again, and names the first difference. */
export async function replay(file: string, words: ReplayWords, io: Io, secrets: Secrets): Promise<number> {
  if (words.account === undefined && words.set.length > 0) throw new ConfigError('CFG_USAGE', '--set was given without --account, expected both', { hint: 'name the account file with --account' });
  const path = resolve(io.cwd, file);
  const meta = metaOf(path);
  const notes: string[] = [];
  const note = (line: string): void => {
    if (notes.includes(line)) return;
    notes.push(line);
    io.stderr.write(`note: ${line}\n`);
  };
  const setup = new ReplaySetup(file, path, words, io, secrets, note);
  const result = await setup.replay();
  const { difference } = result;
  const cutOff = difference !== undefined && difference.recorded === undefined && meta.purpose === 'live';
  io.stdout.write(words.json ? resultJson(file, meta, result, notes, cutOff) : resultText(file, result, cutOff));
  if (difference === undefined || cutOff) return EXIT.done;
  const { sequence, kind } = placeOf(difference);
  io.stderr.write(`${new KeelsonError('RPL_DIFFERENCE', `${basename(file)}: record ${sequence} (${kind}) was decided otherwise, expected what the journal says`, { hint: 'compare the two above; run it with the configuration, plugins and versions that wrote the journal' }).line}\n`);
  return EXIT.failed;
}

/** Puts the account of each start together again: from the journal alone, or from an account file. */
export class ReplaySetup {
  private telemetry: HistoryTelemetry | undefined;

  constructor(
    private readonly file: string,
    private readonly path: string,
    private readonly words: ReplayWords,
    private readonly io: Io,
    private readonly secrets: Secrets,
    private readonly note: (line: string) => void,
  ) {}

  /** @throws KeelsonError `RUN_OUTPUT` when telemetry is asked for and cannot be written */
  async replay(): Promise<ReplayResult> {
    try {
      return await replayJournal((run) => this.optionsOf(run), recordsOf(this.path));
    } finally {
      await this.telemetry?.close();
    }
  }

  /** @throws KeelsonErrors of what can no longer be loaded */
  async optionsOf(run: RunData): Promise<ReplayOptions> {
    const then = setupOf(run);
    const { config, baseDir, value } = this.words.account === undefined ? this.recorded(then) : this.named(this.words.account);
    const { plugins, faults } = await loadPlugins(pluginRequestsOf(value), baseDir);
    if (faults.length > 0) throw new KeelsonErrors(faults);
    if (then !== undefined) for (const line of setupDifferences(then, { keelson: ownVersion(), plugins: pluginsOf(plugins, baseDir) })) this.note(line);
    const sink = this.sinkOf(config);
    return { config, plugins, baseDir, logger: createLogger(this.io.stderr, this.words.debug ? 'debug' : 'error'), ...(sink === undefined ? {} : { telemetry: sink }) };
  }

  /** One file for all starts. */
  private sinkOf({ account, mode }: AccountConfig): HistoryTelemetry | undefined {
    const { io, words, secrets } = this;
    if (words.telemetry === undefined || this.telemetry !== undefined) return this.telemetry;
    const path = resolve(io.cwd, words.telemetry);
    this.telemetry = new HistoryTelemetry({ path, account, mode }, 'anew', (text) => secrets.redact(text));
    this.telemetry.open();
    return this.telemetry;
  }

  private recorded(setup: RunSetup | undefined): { readonly config: AccountConfig; readonly value: unknown; readonly baseDir: string } {
    if (setup === undefined) throw new KeelsonError('JRN_FOREIGN', `${basename(this.file)} does not say how its account is put together, expected a journal of "keelson backtest" or "keelson run"`, { hint: 'name the account file with --account' });
    const value = asWritten(setup.config);
    const parsed = accountSchema.safeParse(value);
    if (!parsed.success) throw new KeelsonErrors(schemaFaults('CFG_TYPE', '', parsed.error.issues, value, accountSchema));
    if (existsSync(setup.baseDir)) return { config: parsed.data, value, baseDir: setup.baseDir };
    this.note(`the folder of the account (${setup.baseDir}) is gone: looking for its plugins beside the journal`);
    return { config: parsed.data, value, baseDir: dirname(this.path) };
  }

  private named(account: string): { readonly config: AccountConfig; readonly value: unknown; readonly baseDir: string } {
    const { io, secrets, words } = this;
    const reading = readAccount({ file: account, settings: words.set, env: io.env, cwd: io.cwd, secrets });
    if (reading.config === undefined || reading.faults.length > 0) throw new KeelsonErrors(placeFaults(reading.faults, reading.document));
    return { config: reading.config, value: reading.value, baseDir: reading.baseDir };
  }
}

/** @throws KeelsonError when it is no journal, before anything else is done */
function metaOf(path: string): JournalMeta {
  const view = new JournalView(path);
  view.close();
  return view.meta;
}

function setupOf({ setup }: RunData): RunSetup | undefined {
  const given = setup as Partial<RunSetup> | undefined;
  return typeof given?.keelson === 'string' && typeof given.baseDir === 'string' && Array.isArray(given.plugins) ? (given as RunSetup) : undefined;
}

/** The one value that a checked account holds in another form than its file: an expiry, as milliseconds. */
function asWritten(config: unknown): unknown {
  const { instruments } = config as { readonly instruments?: unknown };
  if (!Array.isArray(instruments)) return config;
  return { ...(config as object), instruments: instruments.map((each: { readonly expiry?: unknown }) => (typeof each.expiry === 'number' ? { ...each, expiry: new Date(each.expiry).toISOString() } : each)) };
}

/** Records are counted from 1 in all that people see. */
function placeOf({ index, recorded, decided }: Divergence): { readonly sequence: number; readonly kind: string } {
  return { sequence: index + 1, kind: (recorded ?? decided)?.kind ?? 'end' };
}

function resultText(file: string, { records, bars, lives, difference }: ReplayResult, cutOff: boolean): string {
  const starts = lives === 1 ? '1 start' : `${lives} starts`;
  const equal = `${basename(file)}: ${records} records decided again without a difference (${bars} bars, ${starts})\n`;
  if (difference === undefined) return equal;
  if (cutOff) return `${equal}The journal ends in the middle of a decision: its process was stopped there.\n`;
  const { sequence, kind } = placeOf(difference);
  const { recorded, decided, input } = difference;
  const lines = [`${basename(file)}: the first difference is record ${sequence} (${kind}), after ${records} equal records`, `decided on: ${shown(input)}`, `journal:    ${shown(recorded)}`, `now:        ${shown(decided)}`];
  if (recorded !== undefined && decided !== undefined && recorded.kind === decided.kind) lines.push('differing:', ...differingFields(recorded.data, decided.data).map((line) => `  ${line}`));
  return `${lines.join('\n')}\n`;
}

function shown(record: Divergence['input']): string {
  return record === undefined ? 'nothing' : `${record.kind} ${new Date(record.time).toISOString()} ${JSON.stringify(record.data)}`;
}

function resultJson(file: string, { account, purpose }: JournalMeta, { records, bars, lives, difference }: ReplayResult, notes: readonly string[], cutOff: boolean): string {
  const found = difference === undefined || cutOff ? null : { sequence: difference.index + 1, input: difference.input ?? null, recorded: difference.recorded ?? null, decided: difference.decided ?? null };
  return `${JSON.stringify({ schema: 'keelson.replay/1', journal: file, account, purpose, records, bars, starts: lives, notes, endsWithinDecision: cutOff, difference: found }, null, 2)}\n`;
}
