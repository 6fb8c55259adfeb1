import { existsSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { foreignError, journalError } from './journal-errors.js';
import { openDatabase } from './open-database.js';

/** Form of the tables; a higher number is a newer Keelson's. */
export const SCHEMA_VERSION = 1;

/** Marks the file as a journal: "KEEL". */
const APPLICATION_ID = 0x4b45_454c;

export type Purpose = 'history' | 'live';

/** What a journal says of itself. */
export type JournalMeta = {
  readonly schema: number;
  readonly account: string;
  /** A journal of a run over history can be made again, a live one cannot. */
  readonly purpose: Purpose;
  /** ISO-8601, UTC. */
  readonly created: string;
  /** Every record up to this number was on the disk before an order left. */
  readonly synced: number;
};

const TABLES = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE records (sequence INTEGER PRIMARY KEY, time REAL NOT NULL, kind TEXT NOT NULL, data TEXT NOT NULL, hash TEXT NOT NULL) STRICT;
`;

/** Records are added and never touched again. */
export const GUARDS = `
CREATE TRIGGER records_stay_as_they_are BEFORE UPDATE ON records BEGIN SELECT RAISE(ABORT, 'a journal is append-only'); END;
CREATE TRIGGER records_stay BEFORE DELETE ON records BEGIN SELECT RAISE(ABORT, 'a journal is append-only'); END;
`;

export const DROP_GUARDS = 'DROP TRIGGER IF EXISTS records_stay_as_they_are; DROP TRIGGER IF EXISTS records_stay;';

/**
 * Opens the journal at `path` for writing, and makes it when there is none.
 * @throws KeelsonError `JRN_FOREIGN`, `JRN_WRITE`, `JRN_DAMAGED`
 */
export function openForWriting(path: string, account: string, purpose: Purpose): Database.Database {
  let db: Database.Database | undefined;
  try {
    db = openDatabase(path, { timeout: 2_000 });
    if (isEmpty(db)) create(db, account, purpose);
    else checkMeta(path, readMeta(db, path), account, purpose);
    db.pragma('journal_mode = WAL');
    db.pragma('wal_autocheckpoint = 0'); // done between inputs, never while an order waits
    db.exec('BEGIN IMMEDIATE; ROLLBACK'); // a file that cannot be written is found out now
    return db;
  } catch (thrown) {
    db?.close();
    throw journalError(path, thrown);
  }
}

/**
 * Opens a journal to look at it, also while it is being written.
 * @throws KeelsonError `JRN_FOREIGN`, `JRN_DAMAGED`
 */
export function openForReading(path: string): Database.Database {
  if (!existsSync(path)) throw foreignError(path, 'does not exist', 'a journal', 'check the path');
  let db: Database.Database | undefined;
  try {
    db = openDatabase(path, { readonly: true, timeout: 2_000 });
    readMeta(db, path);
    return db;
  } catch (thrown) {
    db?.close();
    throw journalError(path, thrown);
  }
}

/** @throws KeelsonError `JRN_FOREIGN` when it is none of Keelson's, or a newer version's */
export function readMeta(db: Database.Database, path: string): JournalMeta {
  if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID) throw foreignError(path, 'is the file of another program', 'a journal that Keelson wrote', 'name another path');
  const values = new Map((db.prepare('SELECT key, value FROM meta').all() as ReadonlyArray<{ readonly key: string; readonly value: string }>).map(({ key, value }) => [key, value]));
  const schema = Number(values.get('schema'));
  if (!(schema <= SCHEMA_VERSION)) throw foreignError(path, `has schema ${String(values.get('schema'))}`, `at most ${SCHEMA_VERSION}`, 'use the version of Keelson that wrote it, or a newer one');
  return { schema, account: values.get('account') ?? '', purpose: values.get('purpose') === 'history' ? 'history' : 'live', created: values.get('created') ?? '', synced: Number(values.get('synced') ?? 0) };
}

function isEmpty(db: Database.Database): boolean {
  return db.prepare('SELECT count(*) AS count FROM sqlite_schema').pluck().get() === 0 && db.pragma('application_id', { simple: true }) === 0;
}

function create(db: Database.Database, account: string, purpose: Purpose): void {
  db.transaction(() => {
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.pragma(`user_version = ${SCHEMA_VERSION}`);
    db.exec(TABLES + GUARDS);
    const set = db.prepare('INSERT INTO meta VALUES (?, ?)');
    set.run('schema', String(SCHEMA_VERSION));
    set.run('account', account);
    set.run('purpose', purpose);
    set.run('synced', '0');
    // the file's own age, for people; no decision reads it
    db.exec("INSERT INTO meta VALUES ('created', strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))");
  })();
}

function checkMeta(path: string, meta: JournalMeta, account: string, purpose: Purpose): void {
  if (meta.account !== account) throw foreignError(path, `is the journal of account '${meta.account}'`, `'${account}'`, 'name the journal of this account');
  if (meta.purpose !== purpose) {
    const name = { history: 'a backtest', live: 'a paper or live run' };
    throw foreignError(path, `is the journal of ${name[meta.purpose]}`, `one of ${name[purpose]}`, 'give journal.config.path another name for this run');
  }
}
