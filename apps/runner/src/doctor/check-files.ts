import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { AccountConfig } from '@keelson/core/config';
import { isKeelsonError, messageOf } from '@keelson/core/errors';
import type { Finding } from '@keelson/core/ports';
import { JournalView, type JournalMeta } from '@keelson/plugin-journal';
import type { Io } from '../io.js';
import { lockHolder, type LockHolder } from '../live/account-lock.js';
import { waitingCommands } from '../live/control.js';
import type { AccountFiles, LiveFiles } from '../live/live-files.js';
import { inspectTelemetry, telemetryTarget, type TelemetryTarget } from '../telemetry/telemetry-target.js';
import { checkPlace } from './check-machine.js';

/** Every place that the account writes to; the journal first: orders wait for it. */
export function checkPlaces(config: AccountConfig, baseDir: string, files: LiveFiles | undefined, io: Io): Finding[] {
  const telemetry = telemetryTarget(config, baseDir);
  const store = config.data.store?.use === 'sqlite' ? resolve(baseDir, typeof config.data.store.config['path'] === 'string' ? config.data.store.config['path'] : 'bars.db') : undefined;
  return [
    ...(files === undefined ? [] : checkPlace('journal', files.journal, io.monotonicMs, true)),
    ...(telemetry === undefined ? [] : checkTelemetry(telemetry, io)),
    ...(store === undefined ? [] : checkPlace('store of bars', store, io.monotonicMs)),
  ];
}

function checkTelemetry(target: TelemetryTarget, io: Io): readonly Finding[] {
  try {
    inspectTelemetry(target);
  } catch (error) {
    const hint = isKeelsonError(error) ? error.hint : undefined;
    return [{ level: 'fault', check: 'telemetry', found: messageOf(error), ...(hint === undefined ? {} : { hint }) }];
  }
  return checkPlace('telemetry', target.path, io.monotonicMs);
}

/** Who runs the account now, and what waits to be obeyed. */
export function checkLock(files: AccountFiles): { readonly holder: LockHolder | undefined; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  let holder: LockHolder | undefined;
  try {
    holder = lockHolder(files.lock);
    if (holder !== undefined) findings.push({ level: 'ok', check: 'lock', found: `process ${holder.pid} on ${holder.host} runs the account since ${holder.since}` });
    else if (existsSync(files.lock)) findings.push({ level: 'ok', check: 'lock', found: 'the process that held it is gone: the next start takes it over' });
  } catch (error) {
    findings.push({ level: 'fault', check: 'lock', found: `${files.lock} cannot be read (${messageOf(error)})`, hint: 'make sure that nothing runs the account, then delete the file' });
  }
  const waiting = waitingCommands(files.control);
  if (waiting.length > 0) findings.push({ level: 'warning', check: 'commands', found: `${waiting.map(({ command }) => command.command).join(', ')} not yet obeyed`, hint: holder === undefined ? 'nothing: the next start obeys first of all' : 'see whether the process hangs' });
  return { holder, findings };
}

/** Whether the journal is this account's; its records are followed as they are recalled. */
export function checkJournal(path: string, account: string): { readonly usable: boolean; readonly findings: readonly Finding[] } {
  if (!existsSync(path)) return { usable: false, findings: [{ level: 'ok', check: 'journal file', found: `${path} does not exist yet: the first start begins it` }] };
  try {
    const view = new JournalView(path);
    const { meta } = view;
    const records = view.last();
    view.close();
    const wrong = foreign(meta, account);
    if (wrong !== undefined) return { usable: false, findings: [{ level: 'fault', check: 'journal file', found: `${path} is ${wrong}`, hint: 'set journal.config.path to another file' }] };
    return { usable: true, findings: [{ level: 'ok', check: 'journal file', found: `${records} records, created ${meta.created}, on the disk up to record ${meta.synced}` }] };
  } catch (error) {
    const hint = isKeelsonError(error) ? error.hint : undefined;
    return { usable: false, findings: [{ level: 'fault', check: 'journal file', found: messageOf(error), ...(hint === undefined ? {} : { hint }) }] };
  }
}

function foreign({ account, purpose }: JournalMeta, expected: string): string | undefined {
  if (account !== expected) return `of account '${account}'`;
  return purpose === 'live' ? undefined : 'of a backtest';
}
