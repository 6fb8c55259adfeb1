import { KeelsonError } from '@keelson/core/errors';
import type { Secrets } from '../account/secrets.js';
import type { Io } from '../io.js';
import { lockHolder } from '../live/account-lock.js';
import { leaveCommand } from '../live/control.js';
import { EXIT } from '../output/report-errors.js';
import { addressOf, type Address } from './address-of.js';
import { isTaken, nameOf, WAIT_MS } from './reach-process.js';

export type ControlOptions = { readonly reason: string; readonly set: readonly string[] };

type Word = 'kill' | 'resume';

const OBEYED: Readonly<Record<Word, string>> = {
  kill: 'entries taken back, positions on their way out, no new entries until resume',
  resume: 'what waited for a person is over; a limit or watchdog that ends by itself still holds',
};

/**
 * `keelson kill` and `keelson resume`: says something to the process that runs an account, or to the next that will.
 * @throws KeelsonError `RUN_ABSENT` when nothing runs the account and nothing will
 */
export async function control(command: Word, file: string, { reason, set }: ControlOptions, io: Io, secrets: Secrets): Promise<number> {
  const address = addressOf(file, set, io, secrets);
  const say = (text: string): void => io.stderr.write(`${address.account}: ${text}\n`);
  const holder = lockHolder(address.lock);
  if (holder === undefined) {
    leaveForNextStart({ command, reason }, address);
    say(command === 'kill' ? 'no process runs it: orders and positions stay as they are now, and the next start obeys the kill before anything else' : 'no process runs it: the next start obeys the resume');
    return EXIT.done;
  }
  const left = leaveCommand(address.control, { command, reason });
  if (await isTaken(left, io)) {
    say(`${nameOf(holder)} obeyed: ${OBEYED[command]}`);
    return EXIT.done;
  }
  say(`${nameOf(holder)} has not obeyed within ${WAIT_MS / 1000} s: the command waits in ${left}, and it or the next start will. If it hangs, look after orders and positions at the venue`);
  return EXIT.failed;
}

function leaveForNextStart(command: { readonly command: Word; readonly reason: string }, { account, mode, control }: Address): void {
  if (mode === 'backtest') {
    throw new KeelsonError('RUN_ABSENT', `no process runs ${account} and mode was backtest, expected a process that obeys, or paper or live for the next start`, {
      hint: `nothing is being traded; to have the next start on paper obey, add --set mode=paper`,
    });
  }
  leaveCommand(control, command, mode === 'live');
}
