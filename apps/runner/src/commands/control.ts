import { existsSync } from 'node:fs';
import type { AccountConfig } from '@keelson/core/config';
import { ConfigError, KeelsonErrors } from '@keelson/core/errors';
import { placeFaults } from '../account/place-faults.js';
import { readAccount } from '../account/read-account.js';
import type { Secrets } from '../account/secrets.js';
import type { Io } from '../io.js';
import { lockHolder } from '../live/account-lock.js';
import { leaveCommand, type ControlCommand } from '../live/control.js';
import { liveFilesOf } from '../live/live-files.js';
import { machineTimer } from '../machine-timer.js';
import { EXIT } from '../output/report-errors.js';

export type ControlOptions = { readonly reason: string; readonly set: readonly string[] };

/** A process that is not busy for good obeys in this time. */
const WAIT_MS = 15_000;
const LOOK_MS = 50;

/** `keelson kill` and `keelson resume`: says something to the process that runs an account, or to the next that will. */
export async function control(command: ControlCommand['command'], file: string, { reason, set }: ControlOptions, io: Io, secrets: Secrets): Promise<number> {
  const reading = readAccount({ file, settings: set, env: io.env, cwd: io.cwd, secrets });
  // an account that was broken since its process started must still be stoppable
  const named = reading.config ?? namesOf(reading.value);
  if (named === undefined) throw reading.faults.length > 0 ? new KeelsonErrors(placeFaults(reading.faults, reading.document)) : new ConfigError('CFG_FILE', `${file} names no account, expected one`, { hint: 'name the account file' });
  const files = liveFilesOf(named, reading.baseDir);
  const say = (text: string): void => io.stderr.write(`${named.account}: ${text}\n`);
  const left = leaveCommand(files.control, { command, reason });
  const holder = lockHolder(files.lock);
  if (holder === undefined) {
    say(command === 'kill' ? 'no process runs it: orders and positions stay as they are now, and the next start obeys the kill before anything else' : 'no process runs it: the next start obeys the resume');
    return EXIT.done;
  }
  const end = io.monotonicMs() + WAIT_MS;
  while (existsSync(left) && io.monotonicMs() < end) await new Promise<void>((resolve) => void machineTimer.after(LOOK_MS, resolve));
  if (!existsSync(left)) {
    say(command === 'kill' ? `process ${holder.pid} on ${holder.host} obeyed: entries taken back, positions on their way out, no new entries until resume` : `process ${holder.pid} on ${holder.host} obeyed: what waited for a person is over; a limit or watchdog that ends by itself still holds`);
    return EXIT.done;
  }
  say(`process ${holder.pid} on ${holder.host} has not obeyed within ${WAIT_MS / 1000} s: the command waits in ${left}, and it or the next start will. If it hangs, look after orders and positions at the venue`);
  return EXIT.failed;
}

/** Name and journal of an account that has faults. */
function namesOf(value: unknown): Pick<AccountConfig, 'account' | 'mode' | 'journal'> & { readonly data: { readonly speed?: unknown } } | undefined {
  type Raw = { readonly account?: unknown; readonly mode?: unknown; readonly data?: { readonly speed?: unknown }; readonly journal?: { readonly config?: { readonly path?: unknown } } };
  const { account, mode, data, journal } = (value ?? {}) as Raw;
  if (typeof account !== 'string' || !/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/.test(account)) return undefined;
  const path = journal?.config?.path;
  return { account, mode: mode === 'live' ? mode : 'paper', data: { speed: data?.speed }, journal: typeof path === 'string' ? { use: '', config: { path } } : undefined };
}
