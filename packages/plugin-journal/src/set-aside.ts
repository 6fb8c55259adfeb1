import { existsSync, renameSync } from 'node:fs';
import { basename, extname } from 'node:path';
import type { Logger } from '@keelson/core/ports';
import type Database from 'better-sqlite3';
import { foreignError, journalError } from './journal-errors.js';
import { readMeta } from './journal-file.js';
import { openDatabase } from './open-database.js';

/** What a backtest does with the journal of an earlier one. */
export type Existing = 'set-aside' | 'replace' | 'refuse';

/**
 * Makes room for the journal of a run over history. One of an earlier run over history is moved to the next free
 * name, or replaced or refused where the account says so; anything else at that place is refused.
 *
 * @throws KeelsonError `JRN_FOREIGN`, `JRN_WRITE`
 */
export function makeRoom(path: string, account: string, existing: Existing, logger: Logger): void {
  if (!existsSync(path)) return;
  const db = openOld(path);
  try {
    if (isUnwritten(db)) return;
    const meta = readMeta(db, path);
    if (meta.account !== account) throw foreignError(path, `is the journal of account '${meta.account}'`, `'${account}'`, 'give journal.config.path another name');
    if (meta.purpose !== 'history') throw foreignError(path, 'is the journal of a paper or live run', 'none, or one of a backtest', 'give journal.config.path another name for backtests');
    if (existing === 'refuse') throw foreignError(path, 'exists', 'a new file (journal.config.existing is refuse)', 'move it, or give journal.config.path another name');
    if (existing === 'replace') {
      db.exec('DROP TABLE records; DROP TABLE meta; PRAGMA application_id = 0; PRAGMA user_version = 0; VACUUM');
      return;
    }
  } catch (thrown) {
    throw journalError(path, thrown);
  } finally {
    db.close(); // with the last connection all is in the one file
  }
  const aside = freeName(path);
  renameSync(path, aside);
  logger.info(`the journal of the run before is kept in ${basename(aside)}`);
}

function openOld(path: string): Database.Database {
  try {
    const db = openDatabase(path, { timeout: 2_000 });
    db.pragma('journal_mode = DELETE');
    return db;
  } catch (thrown) {
    throw journalError(path, thrown);
  }
}

/** True for a file without a byte, such as one that another program made room with. */
function isUnwritten(db: Database.Database): boolean {
  return db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0 && db.pragma('application_id', { simple: true }) === 0;
}

/** `runs.db` gives `runs.1.db`, or the next number that is free. */
function freeName(path: string): string {
  const ending = extname(path);
  const stem = path.slice(0, path.length - ending.length);
  let number = 1;
  while (existsSync(`${stem}.${number}${ending}`)) number++;
  return `${stem}.${number}${ending}`;
}
