import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { AccountConfig } from '@keelson/core/config';
import { parseDuration, parseTimeframe, showDuration } from '@keelson/core/domain';
import { composeAccount, createRandom, type ComposeOptions, type Engine } from '@keelson/core/engine';
import { ConfigError, KeelsonError, messageOf } from '@keelson/core/errors';
import { faultsSchema, type FaultSettings } from '@keelson/plugin-simulated';
import type { Secrets } from '../account/secrets.js';
import { outsidersOf, withoutOutsiders } from '../analyze/trace-account.js';
import { chaosRun, type ChaosOutcome } from '../chaos/chaos-run.js';
import { chooseWindow, closesOf } from '../chaos/choose-window.js';
import { drawFaults } from '../chaos/draw-faults.js';
import { runUndisturbed } from '../chaos/undisturbed-run.js';
import type { Io } from '../io.js';
import { silentLogger } from '../logger.js';
import { chaosJson, chaosText, type ChaosReport } from '../output/chaos-report.js';
import { EXIT } from '../output/report-errors.js';
import { parseCount } from './analysis.js';
import { parseDate } from './parse-date.js';
import { prepareWith, type AccountOptions } from './prepare-account.js';

export type ChaosWords = AccountOptions & {
  readonly seeds: string;
  readonly seed?: string;
  readonly bars: string;
  readonly grace: string;
  readonly from?: string;
  readonly to?: string;
  readonly journal?: string;
  readonly json: boolean;
};

const MOST_SEEDS = 1_000_000;
const MOST_DEATHS = 3;
/** Fewer moments leave nothing to go wrong. */
const LEAST_BARS = 20;

type Composed = { readonly engine: Engine; readonly options: ComposeOptions };

/** `keelson chaos`: an account on stretches of its own data, against a venue with faults and with deaths of the process. */
export async function chaos(file: string, words: ChaosWords, io: Io, secrets: Secrets): Promise<number> {
  const seeds = seedsOf(words);
  const moments = parseCount('--bars', words.bars, MOST_SEEDS);
  const graceBars = parseCount('--grace', words.grace, MOST_SEEDS);
  const from = parseDate('--from', words.from);
  const to = parseDate('--to', words.to);
  if (from !== undefined && to !== undefined && from >= to) throw new ConfigError('CFG_USAGE', `--from was ${String(words.from)} and --to ${String(words.to)}, expected --from before --to`, { hint: 'swap them or move one' });
  if (words.journal !== undefined && words.seed === undefined) throw new ConfigError('CFG_USAGE', '--journal was given without --seed, expected one seed whose journal is written', { hint: 'add --seed with the number of a schedule' });

  const compose = (options: ComposeOptions): Composed => {
    composeAccount(options); // for all that is wrong with it, also with its faults
    const calm = { ...options, config: withoutFaults(options.config) };
    return { engine: composeAccount(calm), options: calm };
  };
  const { config: asked, engine: composed } = await prepareWith(compose, file, words, io, secrets, { config: inTrial });
  const { options, engine } = composed;
  const faults = ownFaults(asked);
  const stop = new AbortController();
  const forget = io.onInterrupt(() => stop.abort());
  const started = io.monotonicMs();
  const outcomes: ChaosOutcome[] = [];
  let undisturbedOrders = 0;
  try {
    const { result, bars } = await runUndisturbed(engine, options.config.instruments.length, { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }, stop.signal);
    undisturbedOrders = result.orders;
    const closes = closesOf(bars);
    if (closes.length < LEAST_BARS && !stop.signal.aborted) throw new ConfigError('DATA_EMPTY', `the data of ${options.config.account} has ${closes.length} bars in this range, expected at least ${LEAST_BARS}`, { hint: 'give more data, or another --from and --to' });
    const entries = result.trades.map(({ entryTime }) => entryTime as number).concat(result.openPositions.length > 0 ? [closes.at(-1) as number] : []);
    for (const seed of seeds) {
      if (stop.signal.aborted) break;
      progress(io, `schedule ${outcomes.length + 1} of ${seeds.length}`);
      const random = createRandom(`chaos schedule ${seed}`);
      const window = chooseWindow(bars, closes, entries, moments, random.fork('window'));
      outcomes.push(
        await chaosRun({
          seed,
          config: options.config,
          plugins: options.plugins,
          baseDir: options.baseDir,
          logger: silentLogger,
          bars: window.bars,
          warmupBars: window.warmup,
          faults: faults ?? drawFaults(random.fork('faults')),
          deaths: random.fork('deaths').int(MOST_DEATHS + 1),
          graceBars,
        }),
      );
    }
  } finally {
    progress(io, '');
    forget();
  }
  const report: ChaosReport = {
    account: options.config.account,
    outcomes,
    asked: seeds.length,
    undisturbedOrders,
    bars: moments,
    repeat: (seed) => commandOf(file, words, seed),
    leftOut: outsidersOf(asked),
    replacedBroker: asked.broker.use === 'simulated' ? undefined : asked.broker.use,
    drawnFaults: faults === undefined,
    elapsedMs: Math.round(io.monotonicMs() - started),
  };
  if (words.journal !== undefined && outcomes[0] !== undefined) writeJournal(words.journal, outcomes[0], io);
  io.stdout.write(words.json ? chaosJson(report) : chaosText(report, words.seed !== undefined));
  return verdict(report, stop.signal.aborted, io);
}

function verdict({ account, outcomes, asked }: ChaosReport, interrupted: boolean, io: Io): number {
  const tell = (error: KeelsonError): void => io.stderr.write(`${error.line}\n`);
  const failed = outcomes.filter(({ broken }) => broken.length > 0);
  if (failed.length > 0) tell(new KeelsonError('CHS_LAW', `${account} broke a law in ${failed.length} of ${outcomes.length} schedules (seed ${failed.slice(0, 5).map(({ seed }) => seed).join(', ')}${failed.length > 5 ? ', …' : ''}), expected none to`, { hint: 'repeat one of them with --seed, and report it with its journal' }));
  if (interrupted) tell(new KeelsonError('RUN_INTERRUPTED', `the run was stopped after ${outcomes.length} of ${asked} schedules, expected it to reach the last`, { hint: 'take the result as partial, or run it again' }));
  return failed.length > 0 || interrupted ? EXIT.failed : EXIT.done;
}

/** The account as it is tried: on its history, at a venue that costs nothing, and without those who would be told or asked. */
function inTrial(config: AccountConfig): AccountConfig {
  const { speed: _speed, ...data } = config.data;
  const broker = config.broker.use === 'simulated' ? config.broker : { use: 'simulated', config: {} };
  return { ...withoutOutsiders({ ...config, data }), mode: 'backtest', dryRun: false, journal: undefined, watch: stretched(config), broker };
}

/** The venue moves once a bar: what is waited for by the clock is waited for no shorter than a part of one. */
function stretched({ watch, data }: AccountConfig): AccountConfig['watch'] {
  const leastMs = (parseTimeframe(data.timeframe)?.ms ?? 0) / 4;
  const least = (text: string): string => ((parseDuration(text) ?? 0) < leastMs ? showDuration(leastMs) : text);
  return { ...watch, orderTimeout: least(watch.orderTimeout), reconcileEvery: least(watch.reconcileEvery) };
}

function withoutFaults(config: AccountConfig): AccountConfig {
  const { faults: _faults, ...settings } = config.broker.config;
  return { ...config, broker: { ...config.broker, config: settings } };
}

/** The faults that the account file itself asks for: then these strike, and not drawn ones. */
function ownFaults({ broker }: AccountConfig): FaultSettings | undefined {
  const faults = broker.use === 'simulated' ? broker.config['faults'] : undefined;
  return faults === undefined ? undefined : faultsSchema.parse(faults);
}

function seedsOf({ seeds, seed }: ChaosWords): readonly string[] {
  if (seed !== undefined) return [String(parseCount('--seed', seed, Number.MAX_SAFE_INTEGER))];
  return Array.from({ length: parseCount('--seeds', seeds, MOST_SEEDS) }, (_, i) => String(i + 1));
}

/** The command that runs one of the schedules again. */
function commandOf(file: string, { from, to, bars, grace, set }: ChaosWords, seed: string): string {
  const option = (name: string, value: string | undefined): string[] => (value === undefined ? [] : [name, quoted(value)]);
  return ['keelson chaos', quoted(file), '--seed', seed, '--bars', bars, '--grace', grace, ...option('--from', from), ...option('--to', to), ...set.flatMap((setting) => option('--set', setting))].join(' ');
}

/** As a shell takes it for one word. */
const quoted = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

function progress({ stderr }: Io, text: string): void {
  if (stderr.isTerminal) stderr.write(`\r\u001b[2K${text}`);
}

/** One JSON text per record, of all lives. */
function writeJournal(shown: string, { journal }: ChaosOutcome, io: Io): void {
  try {
    writeFileSync(resolve(io.cwd, shown), journal.map((line) => `${line}\n`).join(''));
  } catch (error) {
    throw new KeelsonError('RUN_OUTPUT', `the journal ${shown === '' ? "''" : shown} could not be written (${messageOf(error)}), expected a file in an existing folder`, { hint: 'choose another path for --journal', cause: error });
  }
}
