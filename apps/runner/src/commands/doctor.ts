import { checkAccount, type CheckOptions, type ComposeOptions } from '@keelson/core/engine';
import { ConfigError } from '@keelson/core/errors';
import type { Finding } from '@keelson/core/ports';
import { recordsOf } from '@keelson/plugin-journal';
import type { Secrets } from '../account/secrets.js';
import { checkJournal, checkLock, checkPlaces } from '../doctor/check-files.js';
import { checkNode, checkSecrets } from '../doctor/check-machine.js';
import type { Io } from '../io.js';
import { composeForMode } from '../live/compose-for-mode.js';
import { accountFilesOf, journalOf, liveFilesOf } from '../live/live-files.js';
import { machineClock } from '../live/machine-clock.js';
import { silentLogger } from '../logger.js';
import { machineTimer } from '../machine-timer.js';
import { EXIT } from '../output/report-errors.js';
import { prepareWith, type AccountOptions } from './prepare-account.js';

export type DoctorOptions = AccountOptions & { readonly timeout: string; readonly json: boolean };

const MOST_SECONDS = 3_600;

/** `keelson doctor`: everything that a run needs, looked at without sending anything. */
export async function doctor(file: string, options: DoctorOptions, io: Io, secrets: Secrets): Promise<number> {
  const seconds = Number(options.timeout);
  if (!(seconds > 0 && seconds <= MOST_SECONDS)) throw new ConfigError('CFG_USAGE', `--timeout was "${options.timeout}", expected seconds above 0 and up to ${MOST_SECONDS}`, { hint: 'write --timeout 30' });
  const account = await prepareWith(composable, file, options, io, secrets, { logger: silentLogger });
  const { config, reading } = account;
  const findings: Finding[] = [checkNode(process.version), ...checkSecrets(reading.text, io.env)];
  const files = config.mode === 'backtest' ? undefined : liveFilesOf(config, reading.baseDir);
  findings.push(...checkPlaces(config, reading.baseDir, files, io));
  let usable = false;
  const { holder, findings: ofLock } = checkLock(accountFilesOf(config.account, reading.baseDir));
  findings.push(...ofLock);
  if (files !== undefined) {
    if (journalOf(config).use === 'sqlite') {
      const journal = checkJournal(files.journal, config.account);
      findings.push(...journal.findings);
      usable = journal.usable;
    }
    findings.push(permission(config.mode === 'live', config.risk.allowOrders, config.dryRun));
  }
  const check: CheckOptions = { ...account.engine, clock: machineClock, timer: machineTimer, timeoutMs: seconds * 1_000, records: usable && files !== undefined ? recordsOf(files.journal) : undefined };
  // a second connection under the same name may end the first
  if (holder === undefined) findings.push(...(await checkAccount(check)));
  else findings.push({ level: 'warning', check: 'feed and broker', found: `not looked at: process ${holder.pid} is connected to them`, hint: 'stop the account to have all looked at; its own log says how they are' });

  io.stdout.write(options.json ? asJson(config, findings) : asText(config.account, findings));
  return findings.some(({ level }) => level === 'fault') ? EXIT.failed : EXIT.done;
}

/** What an account is composed of, once it is known that it can be. */
function composable(options: ComposeOptions): ComposeOptions {
  composeForMode(options);
  return options;
}

function permission(live: boolean, allowOrders: boolean, dryRun: boolean): Finding {
  if (dryRun) return { level: 'ok', check: 'orders', found: 'dryRun: true, so none is sent' };
  if (!live) return { level: 'ok', check: 'orders', found: 'to a venue on paper' };
  if (allowOrders) return { level: 'ok', check: 'orders', found: 'risk.allowOrders: true; "keelson run" needs --live as well' };
  return { level: 'warning', check: 'orders', found: 'risk.allowOrders is false: "keelson run --live" refuses to start', hint: 'set risk.allowOrders: true, or dryRun: true to send none' };
}

const countOf = (findings: readonly Finding[], level: Finding['level']): number => findings.filter((finding) => finding.level === level).length;

function asText(account: string, findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.map(({ level, check, found, hint }) => `${level.padEnd(7)}  ${check.padEnd(width)}  ${found}${hint === undefined ? '' : `: ${hint}`}`);
  const [faults, warnings] = [countOf(findings, 'fault'), countOf(findings, 'warning')];
  const sum = faults + warnings === 0 ? 'nothing to do' : `${faults} ${faults === 1 ? 'fault' : 'faults'}, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`;
  return `${lines.join('\n')}\n${account}: ${sum}\n`;
}

function asJson({ account, mode }: { readonly account: string; readonly mode: string }, findings: readonly Finding[]): string {
  return `${JSON.stringify({ schema: 'keelson.doctor/1', account, mode, faults: countOf(findings, 'fault'), warnings: countOf(findings, 'warning'), findings }, null, 2)}\n`;
}
