import { rmSync } from 'node:fs';
import { ConfigError, KeelsonError } from '@keelson/core/errors';
import type { Secrets } from '../account/secrets.js';
import type { Io } from '../io.js';
import { lockHolder } from '../live/account-lock.js';
import { leaveCommand, takeAnswer } from '../live/control.js';
import { EXIT } from '../output/report-errors.js';
import { addressOf } from './address-of.js';
import { parseDate } from './parse-date.js';
import { isTaken, nameOf, pass, WAIT_MS } from './reach-process.js';

export type ReplanWords = {
  readonly instrument: string;
  readonly reason: string;
  readonly set: readonly string[];
  readonly stop?: string;
  readonly target?: string;
  readonly timeLimit?: string;
  readonly invalidation?: string;
};

/** What was under way when a command was taken back is done in this time. */
const SETTLE_MS = 1_000;

/**
 * `keelson replan`: a new version of an open position's plan, made by the process that runs the account.
 * @throws KeelsonError `RUN_ABSENT` when none does: prices would be old by the next start
 */
export async function replan(file: string, words: ReplanWords, io: Io, secrets: Secrets): Promise<number> {
  const { instrument, reason, set } = words;
  const wish = wishOf(words);
  const { account, lock, control } = addressOf(file, set, io, secrets);
  const say = (text: string): void => io.stderr.write(`${account}: ${text}\n`);
  const holder = lockHolder(lock);
  if (holder === undefined) throw new KeelsonError('RUN_ABSENT', `no process runs ${account}, expected the one that keeps the plan`, { hint: 'start it, and give the command again: it is not kept, since prices go on' });
  const left = leaveCommand(control, { command: 'replan', instrument, reason, ...wish });
  const taken = await isTaken(left, io);
  if (!taken) {
    rmSync(left, { force: true });
    await pass(SETTLE_MS);
  }
  const answer = takeAnswer(left);
  if (answer !== undefined) say(`${nameOf(holder)} ${answer.done ? 'obeyed' : 'refused'}: ${answer.text}`);
  else if (taken) say(`${nameOf(holder)} took the command and did not say what came of it: look at the newest plan with "keelson journal tail"`);
  else say(`${nameOf(holder)} has not obeyed within ${WAIT_MS / 1000} s: the command was taken back, and nothing changed. If it hangs, look after orders and positions at the venue`);
  return answer?.done === true ? EXIT.done : EXIT.failed;
}

type Wish = { readonly stop?: number; readonly target?: number; readonly timeLimit?: number; readonly invalidation?: number };

function wishOf({ stop, target, timeLimit, invalidation }: ReplanWords): Wish {
  const given = { stop: price('--stop', stop), target: price('--target', target), timeLimit: parseDate('--time-limit', timeLimit), invalidation: price('--invalidation', invalidation) };
  const wish = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Wish;
  if (Object.keys(wish).length === 0) throw new ConfigError('CFG_USAGE', 'nothing was said that the plan should change to, expected one of --stop, --target, --time-limit and --invalidation', { hint: 'write for example --stop 4710.25' });
  return wish;
}

function price(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) throw new ConfigError('CFG_USAGE', `${option} was "${text}", expected a price`, { hint: `write ${option} 4710.25` });
  return value;
}
