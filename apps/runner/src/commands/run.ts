import type { AccountConfig } from '@keelson/core/config';
import { composeLive, type ComposeOptions, type LiveEngine } from '@keelson/core/engine';
import { ConfigError, KeelsonError } from '@keelson/core/errors';
import { configHash } from '../account/config-hash.js';
import type { Secrets } from '../account/secrets.js';
import type { Io } from '../io.js';
import { takeLocks, type LockHolder } from '../live/account-lock.js';
import { ControlWatch } from '../live/control.js';
import { journalOf, liveFilesOf } from '../live/live-files.js';
import { machineClock } from '../live/machine-clock.js';
import { obey } from '../live/obey.js';
import { createLogger } from '../logger.js';
import { machineTimer } from '../machine-timer.js';
import { backtestJson } from '../output/backtest-json.js';
import { backtestTable } from '../output/backtest-table.js';
import { EXIT } from '../output/report-errors.js';
import { HistoryTelemetry } from '../telemetry/history-telemetry.js';
import { LiveTelemetry } from '../telemetry/live-telemetry.js';
import { telemetryTarget } from '../telemetry/telemetry-target.js';
import { prepareWith, type AccountOptions, type PreparedAccount } from './prepare-account.js';

export type RunCommandOptions = AccountOptions & {
  /** `--live`: real orders may leave. */
  readonly live: boolean;
  readonly json: boolean;
};

type LiveAccount = PreparedAccount<LiveEngine>;

/** `keelson run`: runs an account on paper or live until it is stopped, or until the bars that are played end. */
export async function run(file: string, options: RunCommandOptions, io: Io, secrets: Secrets): Promise<number> {
  let telemetry: HistoryTelemetry | LiveTelemetry | undefined;
  const account = await prepareWith(composeJournalled, file, options, io, secrets, {
    telemetry: (settings, baseDir) => (telemetry = telemetryOf(settings, baseDir, io, secrets)),
  });
  refuseUnlessMeant(account, options.live);
  const { config, engine, reading } = account;
  const say = (text: string): void => io.stderr.write(`${config.account}: ${text}\n`);
  const files = liveFilesOf(config, reading.baseDir);
  const lock = takeLocks([files.lock, files.journalLock], config.account);
  if (lock.takenOverFrom !== undefined) say(`the lock of process ${lock.takenOverFrom.pid} (${whenAndWhere(lock.takenOverFrom)}) was taken over: that process is gone`);

  const stop = new AbortController();
  const forget = io.onInterrupt(() => {
    say('stopping; a second signal ends the process at once');
    stop.abort();
  });
  const watch = new ControlWatch(
    files.control,
    config.mode === 'live',
    machineTimer,
    (command) => {
      say(`${command.command}: ${command.reason}`);
      return obey(engine, command);
    },
    say,
  );
  const start = io.monotonicMs();
  try {
    telemetry?.open();
    const result = await engine.run({
      signal: stop.signal,
      onReconciled: () => {
        watch.begin();
      },
      onReady: () => say(`running ${description(account)}`),
    });
    const outcome = { result, configHash: configHash(config, (text) => secrets.redact(text)), elapsedMs: Math.round(io.monotonicMs() - start), warnings: result.warnings };
    io.stdout.write(options.json ? backtestJson(outcome) : backtestTable(outcome, io.stdout.isTerminal && !io.env['NO_COLOR']));
    if (result.halted === undefined) return EXIT.done;
    const mode = reading.document.settingFor('mode');
    io.stderr.write(`${new KeelsonError('HALT_RISK', `the account is halted (${result.halted}), expected it to stay within its limits`, { hint: `look at its positions and orders, then run "keelson resume ${file}${mode === undefined ? '' : ` --set ${mode}`}"` }).line}\n`);
    return EXIT.halted;
  } finally {
    watch.stop();
    forget();
    try {
      await telemetry?.close();
    } finally {
      lock.release();
    }
  }
}

/** Bars of the past wait until their lines are written; live ones never do. */
function telemetryOf(config: AccountConfig, baseDir: string, io: Io, secrets: Secrets): HistoryTelemetry | LiveTelemetry | undefined {
  const target = telemetryTarget(config, baseDir);
  const redact = (text: string): string => secrets.redact(text);
  if (target === undefined) return undefined;
  return config.data.speed === undefined ? new LiveTelemetry(target, machineTimer, createLogger(io.stderr), redact) : new HistoryTelemetry(target, 'append', redact);
}

function composeJournalled(options: ComposeOptions): LiveEngine {
  const { config } = options;
  return composeLive({ ...options, config: { ...config, journal: journalOf(config) }, clock: machineClock, timer: machineTimer });
}

/** Real orders need two yeses: one in the file and one on the command line. */
function refuseUnlessMeant({ config, reading }: LiveAccount, live: boolean): void {
  const at = (path: string): string => {
    const position = reading.document.positionOf(path);
    return position === undefined ? '' : `${reading.document.shown}:${position.line}:${position.column}: `;
  };
  if (config.mode === 'backtest') throw new ConfigError('CFG_CONFLICT', `${at('mode')}mode was backtest, expected paper or live for this command`, { hint: 'add --set mode=paper, and --set data.speed=max to play bars of the past' });
  if (config.mode === 'paper') {
    if (live) throw new ConfigError('CFG_CONFLICT', `${at('mode')}mode was paper and --live was given, expected --live with mode: live only`, { hint: 'leave --live out, or set mode: live' });
    return;
  }
  if (!live) throw new ConfigError('CFG_USAGE', `${at('mode')}mode was live and --live was not given, expected both before real orders are sent`, { hint: 'add --live, or --set mode=paper to try it out' });
  if (!config.risk.allowOrders && !config.dryRun) throw new ConfigError('CFG_CONFLICT', `${at('risk.allowOrders')}risk.allowOrders was false and mode was live, expected leave to send orders`, { hint: 'set risk.allowOrders: true, or dryRun: true to send none' });
}

function description({ config }: LiveAccount): string {
  const { data, broker } = config;
  const how = data.speed === undefined ? '' : data.speed === 'max' ? ', played as fast as it can be' : `, played at ${data.speed}`;
  const orders = config.dryRun ? ` (dryRun: no order is sent)` : '';
  return `${config.mode === 'live' ? 'live' : 'on paper'}: bars from '${data.feed}' (${data.timeframe}${how}), orders to '${broker.use}'${orders}`;
}

const whenAndWhere = ({ host, since }: LockHolder): string => `on ${host}, since ${since}`;
