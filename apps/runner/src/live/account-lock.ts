import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { isoTime } from '@keelson/core/domain';
import { KeelsonError, messageOf } from '@keelson/core/errors';
import { machineClock } from './machine-clock.js';
import { isAlive, startOf } from './process-identity.js';

/** What stands in a lock file. */
export type LockHolder = {
  readonly account: string;
  readonly pid: number;
  readonly host: string;
  /** When the process took the lock, ISO-8601. */
  readonly since: string;
  /** Tells the process from a later one with the same number. */
  readonly process?: string;
};

export type AccountLock = {
  /** Of the process that left the lock behind when it went; undefined when there was none. */
  readonly takenOverFrom: LockHolder | undefined;
  release(): void;
};

/**
 * Takes the lock of an account: one process at a time may run it. A lock whose process is gone is taken over.
 * @throws KeelsonError `RUN_LOCKED` with the holder's number, host and start
 */
export function takeLock(file: string, account: string): AccountLock {
  const process_ = startOf(process.pid);
  const own: LockHolder = { account, pid: process.pid, host: hostname(), since: isoTime(machineClock.now()), ...(process_ === undefined ? {} : { process: process_ }) };
  const text = `${JSON.stringify(own)}\n`;
  const draft = `${file}.${own.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(draft, text);
  } catch (error) {
    throw new KeelsonError('RUN_LOCKED', `the lock ${file} cannot be written (${messageOf(error)}), expected a folder that this process may write to`, { hint: 'change its permissions; the folders of the account file and of its journal are written to', cause: error });
  }
  try {
    let takenOverFrom: LockHolder | undefined;
    for (let attempt = 0; !place(draft, file); attempt++) {
      const found = read(file);
      if (found === undefined) continue; // it was given back meanwhile
      if (attempt >= 5 || isHeld(found.holder)) throw locked(file, found.holder);
      if (setAside(file, found.text, draft)) takenOverFrom = found.holder;
    }
    return {
      takenOverFrom,
      release() {
        if (read(file)?.text === text) rmSync(file, { force: true });
      },
    };
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Takes several, all or none.
 * @throws KeelsonError `RUN_LOCKED`
 */
export function takeLocks(files: readonly string[], account: string): AccountLock {
  const taken: AccountLock[] = [];
  const release = (): void => {
    for (const lock of taken.splice(0).reverse()) lock.release();
  };
  try {
    for (const file of files) taken.push(takeLock(file, account));
  } catch (error) {
    release();
    throw error;
  }
  return { takenOverFrom: taken.find(({ takenOverFrom }) => takenOverFrom !== undefined)?.takenOverFrom, release };
}

/** Who holds the lock; undefined when nobody does, or who did is gone. */
export function lockHolder(file: string): LockHolder | undefined {
  const found = read(file);
  return found !== undefined && isHeld(found.holder) ? found.holder : undefined;
}

/** Puts the whole file in its place at once; false when another is there. */
function place(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    try {
      writeFileSync(file, readFileSync(draft), { flag: 'wx' }); // a file system without links
      return true;
    } catch (second) {
      if ((second as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw second;
    }
  }
}

/** Takes a stale lock away; false, and everything as it was, when it was another's by then. */
function setAside(file: string, stale: string, draft: string): boolean {
  const aside = `${draft}.stale`;
  try {
    renameSync(file, aside);
  } catch {
    return false; // somebody else was faster
  }
  if (readFileSync(aside, 'utf8') === stale) {
    rmSync(aside, { force: true });
    return true;
  }
  place(aside, file);
  rmSync(aside, { force: true });
  return false;
}

function read(file: string): { readonly text: string; readonly holder: LockHolder | undefined } | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const holder = JSON.parse(text) as Partial<LockHolder> | null;
    return { text, holder: typeof holder?.pid === 'number' && typeof holder.host === 'string' ? (holder as LockHolder) : undefined };
  } catch {
    return { text, holder: undefined };
  }
}

/** A lock that cannot be read, or of another machine, may be held: nobody here can tell. */
function isHeld(holder: LockHolder | undefined): boolean {
  if (holder === undefined || holder.host !== hostname()) return true;
  if (!isAlive(holder.pid)) return false;
  const now = startOf(holder.pid);
  return holder.process === undefined || now === undefined || holder.process === now; // else the number was given to another
}

function locked(file: string, holder: LockHolder | undefined): KeelsonError {
  if (holder === undefined) return new KeelsonError('RUN_LOCKED', `the lock ${file} cannot be read, expected that of one process`, { hint: 'make sure that nothing runs the account, then delete the file' });
  const { pid, host, since, account } = holder;
  const here = host === hostname();
  return new KeelsonError('RUN_LOCKED', `process ${pid} on ${host} runs ${account} since ${since}, expected one process for an account`, {
    hint: here ? `stop it first (kill ${pid}), then start again` : `stop it there first; if that machine is gone for good, delete ${file}`,
    context: { pid, host, since, file },
  });
}
