import { createRequire } from 'node:module';
import { KeelsonError, messageOf } from '@keelson/core/errors';
import type BetterSqlite from 'better-sqlite3';

type Driver = typeof BetterSqlite;

/** What Node and the loader of native modules say when the driver, or the part of it that is compiled, is not there. */
const ABSENT = /Could not locate the bindings file|Cannot find (?:module|package)|ERR_DLOPEN_FAILED|NODE_MODULE_VERSION|invalid ELF header/;

const require = createRequire(import.meta.url);

/**
 * Opens an SQLite file. The driver is native, and looked for only here: where no account keeps a journal or bars,
 * it need not be installed.
 * @throws KeelsonError `JRN_DRIVER` when it is not there, or was compiled for another Node.js
 */
export function openDatabase(path: string, options: BetterSqlite.Options, load: () => Driver = loadDriver): BetterSqlite.Database {
  try {
    return new (load())(path, options);
  } catch (thrown) {
    throw isAbsent(thrown) ? driverError(thrown) : thrown;
  }
}

/**
 * Finds out that the driver is there, before anything is decided that would have to be written with it.
 * @throws KeelsonError `JRN_DRIVER`
 */
export function needDriver(): void {
  openDatabase(':memory:', {}).close();
}

const loadDriver = (): Driver => require('better-sqlite3') as Driver;

function isAbsent(thrown: unknown): boolean {
  const code = (thrown as { readonly code?: unknown } | null | undefined)?.code;
  return code === 'MODULE_NOT_FOUND' || code === 'ERR_DLOPEN_FAILED' || ABSENT.test(messageOf(thrown));
}

function driverError(cause: unknown): KeelsonError {
  const [why = ''] = messageOf(cause).split('\n');
  return new KeelsonError('JRN_DRIVER', `better-sqlite3, which journals and stored bars are kept with, cannot be loaded (${why.replace(/\.$/, '')}), expected it to be installed for Node.js ${process.versions.node}`, {
    hint: 'run "npm install better-sqlite3" where Keelson is installed; where nothing compiled for this machine can be downloaded, that needs python3, make and a C++ compiler. Backtests without "journal:" and "data.store" run without it',
    cause,
  });
}
