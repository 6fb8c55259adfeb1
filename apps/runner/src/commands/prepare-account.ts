import type { AccountConfig } from '@keelson/core/config';
import { composeAccount, type ComposeOptions, type Engine } from '@keelson/core/engine';
import { isKeelsonError, KeelsonErrors, type KeelsonError } from '@keelson/core/errors';
import { placeFaults } from '../account/place-faults.js';
import { readAccount, type AccountReading } from '../account/read-account.js';
import { repairConfig } from '../account/repair-config.js';
import { runSetup } from '../account/run-setup.js';
import type { Secrets } from '../account/secrets.js';
import type { Io } from '../io.js';
import type { LoadedPlugin } from '@keelson/core/plugin';
import type { Journal, Logger, TelemetrySink } from '@keelson/core/ports';
import { createLogger, silentLogger } from '../logger.js';
import { machineTimer } from '../machine-timer.js';
import { errorsOf } from '../output/report-errors.js';
import { loadPlugins, pluginRequestsOf, type PluginLoading } from '../plugins/load-plugins.js';

export type AccountOptions = { readonly set: readonly string[]; readonly debug: boolean };

export type PreparedAccount<Composed = Engine> = {
  readonly config: AccountConfig;
  readonly engine: Composed;
  readonly reading: AccountReading;
};

type PrepareIo = Pick<Io, 'env' | 'cwd'> & Partial<Pick<Io, 'stderr'>>;

/** What a command puts in the place of what the account itself would have. */
export type Substitutes = {
  readonly logger?: Logger;
  readonly journal?: Journal;
  /** Where the account's telemetry goes; undefined for nowhere. */
  readonly telemetry?: (config: AccountConfig, baseDir: string) => TelemetrySink | undefined;
  readonly plugins?: (plugins: readonly LoadedPlugin[]) => readonly LoadedPlugin[];
  /** @param baseDir folder of the account file */
  readonly config?: (config: AccountConfig, baseDir: string) => AccountConfig;
};

/** Puts an account together, for a kind of run. */
export type Compose<Composed> = (options: ComposeOptions) => Composed;

/**
 * Reads an account, imports its plugins and composes the engine; touches no market and no data.
 * @param secrets takes the secrets that the account reads, so that the caller can keep them out of what it prints
 * @throws KeelsonErrors with every fault that was found, placed by line
 */
export async function prepareAccount(file: string, options: AccountOptions, io: PrepareIo, secrets: Secrets, substitutes: Substitutes = {}): Promise<PreparedAccount> {
  return prepareWith(composeAccount, file, options, io, secrets, substitutes);
}

/**
 * The same for another kind of run.
 * @param compose is only called for an account that has no faults so far
 */
export async function prepareWith<Composed>(compose: Compose<Composed>, file: string, options: AccountOptions, io: PrepareIo, secrets: Secrets, substitutes: Substitutes = {}): Promise<PreparedAccount<Composed>> {
  const reading = readAccount({ file, settings: options.set, env: io.env, cwd: io.cwd, secrets });
  const loading = await loadPlugins(pluginRequestsOf(reading.value), reading.baseDir);
  const logger = substitutes.logger ?? (io.stderr === undefined ? silentLogger : createLogger(io.stderr, options.debug ? 'debug' : 'warn'));
  const faults = [...reading.faults, ...loading.faults];
  if (reading.config !== undefined && faults.length === 0) {
    try {
      const config = substitutes.config?.(reading.config, reading.baseDir) ?? reading.config;
      const plugins = substitutes.plugins?.(loading.plugins) ?? loading.plugins;
      const telemetry = substitutes.telemetry?.(config, reading.baseDir);
      return { config: reading.config, engine: compose({ config, plugins, baseDir: reading.baseDir, logger, timer: machineTimer, setup: runSetup(config, plugins, reading.baseDir, reading.secrets), ...(substitutes.journal === undefined ? {} : { journal: substitutes.journal }), ...(telemetry === undefined ? {} : { telemetry }) }), reading };
    } catch (error) {
      if (!isKeelsonError(error)) throw error;
      faults.push(...withoutConsequences(errorsOf(error)));
    }
  } else {
    faults.push(...furtherFaults(reading, loading));
  }
  throw new KeelsonErrors(placeFaults(faults, reading.document));
}

/** Faults of the parts that can be judged although others are broken. */
function furtherFaults(reading: AccountReading, loading: PluginLoading): readonly KeelsonError[] {
  const whole = reading.config === undefined ? repairConfig(reading.value) : { config: reading.config, repaired: [] };
  if (whole === undefined) return [];
  const broken = [...whole.repaired, ...reading.faults.map((fault) => String(fault.context['path'] ?? ''))].filter((path) => path !== '');
  try {
    composeAccount({ config: whole.config, plugins: loading.plugins, baseDir: reading.baseDir, logger: silentLogger });
    return [];
  } catch (error) {
    if (!isKeelsonError(error)) return []; // a plugin that stumbles over a stand-in says nothing about the account
    return withoutConsequences(errorsOf(error), loading.faults.length > 0).filter((fault) => {
      const path = String(fault.context['path'] ?? '');
      if (broken.some((part) => path === part || path.startsWith(`${part}.`) || part.startsWith(`${path}.`))) return false;
      return !(broken.some((part) => part.startsWith('instruments')) && /\.instruments(\.|$)/.test(path));
    });
  }
}

const LEFT_OUT: readonly string[] = ['PLG_MANIFEST', 'PLG_API', 'PLG_CONFIG', 'PLG_LIFECYCLE'];

/** What no loaded plugin provides may come from the one that is missing or refused, unless it is plainly misspelt. */
function withoutConsequences(faults: readonly KeelsonError[], lacking = false): readonly KeelsonError[] {
  const refused = faults.some(({ code, context }) => LEFT_OUT.includes(code) || /^plugins(\.|$)/.test(String(context['path'] ?? '')));
  if (!lacking && !refused) return faults;
  return faults.filter((fault) => !/_(REFERENCE|UNKNOWN)$/.test(fault.code) || fault.hint?.includes('did you mean') === true);
}
