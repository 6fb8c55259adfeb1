import { resolve } from 'node:path';
import { KeelsonError, messageOf } from '@keelson/core/errors';
import type { Journal, JournalContext, JournalRecord, Logger } from '@keelson/core/ports';
import { defineJournal } from '@keelson/core/plugin';
import type Database from 'better-sqlite3';
import { z } from 'zod';
import { GENESIS, hashOf } from './chain.js';
import { cutDamage } from './cut-damage.js';
import { journalError } from './journal-errors.js';
import { openForWriting, readMeta, type Purpose } from './journal-file.js';
import { needDriver } from './open-database.js';
import { inspect, recordsOf } from './read-journal.js';
import { makeRoom, type Existing } from './set-aside.js';

/** Records that are written in one go at most: a run over history keeps so many back. */
const BATCH = 4_096;
/** Records that wait for room on a full disk; then the journal is given up, so that it ends without a hole. */
const MOST_WAITING = 65_536;
/** Records between two moves of the write-ahead log into the file. */
const CHECKPOINT_EVERY = 8_192;

export type SqliteJournalParts = {
  readonly path: string;
  readonly account: string;
  readonly purpose: Purpose;
  readonly existing: Existing;
  readonly logger: Logger;
  /** Pages that the file may have, for tests of a full disk. */
  readonly mostPages?: number;
};

type Waiting = { readonly time: number; readonly kind: string; readonly data: string };

/**
 * Keeps records in one SQLite file, chained by hashes. Nothing is opened before the first record or the first look.
 *
 * Live: records are written when the process has a moment, so that its death loses none that came before;
 * {@link sync} writes what is left and waits for the disk. Over history: written in batches, and not waited for.
 */
export class SqliteJournal implements Journal {
  readonly enabled = true;
  private db: Database.Database | undefined;
  private write: ((records: readonly Waiting[], synced: boolean) => void) | undefined;
  private waiting: Waiting[] = [];
  /** Number and hash of the last record that was written. */
  private sequence = 0;
  private head = GENESIS;
  /** Number of the last record that the disk is known to hold. */
  private durable = 0;
  private sinceCheckpoint = 0;
  private soon: NodeJS.Immediate | undefined;
  private closed = false;
  /** True once a record had to be left out: none may be written behind it. */
  private givenUp = false;
  /** Why records wait although they were to be written; undefined while none does. */
  private fault: KeelsonError | undefined;

  constructor(private readonly parts: SqliteJournalParts) {}

  append({ time, kind, data }: JournalRecord): void {
    if (this.closed) throw new KeelsonError('INV_BROKEN', `a ${kind} record came after the journal was closed, expected none`);
    if (this.waiting.length >= MOST_WAITING) this.givenUp = true;
    if (this.givenUp && this.fault !== undefined) throw this.fault;
    this.waiting.push({ time, kind, data: JSON.stringify(data) ?? 'null' });
    if (this.parts.purpose === 'history') {
      if (this.waiting.length >= BATCH) this.flush(false);
      return;
    }
    this.soon ??= setImmediate(this.writeSoon); // also after a fault: there may be room again
    if (this.fault !== undefined) throw this.fault;
    if (this.waiting.length >= BATCH) this.flush(false);
  }

  sync(): void {
    if (this.parts.purpose === 'history' || this.closed) return; // it can be run again
    if (this.givenUp && this.fault !== undefined) throw this.fault;
    if (this.waiting.length > 0 || this.durable < this.sequence) this.flush(true);
  }

  read(): Iterable<JournalRecord> {
    this.flush(false);
    return recordsOf(this.parts.path);
  }

  close(): void {
    if (this.closed) return;
    try {
      if (this.db !== undefined || this.waiting.length > 0) this.flush(this.parts.purpose === 'live');
    } finally {
      this.closed = true;
      this.cancelSoon();
      this.release();
    }
  }

  private readonly writeSoon = (): void => {
    this.soon = undefined;
    if (this.closed) return;
    const { fault } = this;
    try {
      this.flush(false);
      this.checkpoint();
    } catch (thrown) {
      if (fault === undefined) this.parts.logger.error(`the journal cannot be written: ${messageOf(thrown)}`); // and the next record throws it
    }
  };

  private flush(synced: boolean): void {
    this.cancelSoon();
    const write = (this.write ??= this.open());
    const { waiting } = this;
    const db = this.db as Database.Database;
    try {
      if (waiting.length > 0 || synced) {
        if (this.parts.purpose === 'live') db.pragma(synced ? 'synchronous = FULL' : 'synchronous = NORMAL');
        write(waiting, synced);
      }
      this.waiting = [];
      if (!this.givenUp) this.fault = undefined;
      if (synced) this.durable = this.sequence;
    } catch (thrown) {
      this.fault = journalError(this.parts.path, thrown);
      throw this.fault;
    }
    if (this.parts.purpose === 'history') this.checkpoint();
  }

  /** Opens the file, follows its chain to the end, and gives the way to write behind it. */
  private open(): (records: readonly Waiting[], synced: boolean) => void {
    const { path, account, purpose, existing, logger, mostPages } = this.parts;
    if (purpose === 'history') makeRoom(path, account, existing, logger);
    const db = openForWriting(path, account, purpose);
    try {
      if (mostPages !== undefined) db.pragma(`max_page_count = ${mostPages}`);
      if (purpose === 'history') db.pragma('synchronous = OFF');
      const { synced } = readMeta(db, path);
      const found = inspect(db, synced);
      cutDamage(db, path, found, synced, logger);
      this.sequence = this.durable = found.sequence;
      this.head = found.head;
      this.db = db;
      return this.writer(db);
    } catch (thrown) {
      db.close();
      throw journalError(path, thrown);
    }
  }

  private writer(db: Database.Database): (records: readonly Waiting[], synced: boolean) => void {
    const insert = db.prepare('INSERT INTO records VALUES (?, ?, ?, ?, ?)');
    const note = db.prepare("UPDATE meta SET value = ? WHERE key = 'synced'");
    const all = db.transaction((records: readonly Waiting[], synced: boolean): readonly [sequence: number, head: string] => {
      let { sequence, head } = this;
      for (const { time, kind, data } of records) {
        sequence++;
        head = hashOf(head, sequence, time, kind, data);
        insert.run(sequence, time, kind, data, head);
      }
      if (synced) note.run(String(sequence));
      return [sequence, head];
    });
    return (records, synced) => {
      const [sequence, head] = all(records, synced);
      this.sequence = sequence;
      this.head = head;
      this.sinceCheckpoint += records.length;
    };
  }

  /** Moves the write-ahead log into the file, so that it does not grow without end. */
  private checkpoint(): void {
    if (this.sinceCheckpoint < CHECKPOINT_EVERY) return;
    this.sinceCheckpoint = 0;
    this.db?.pragma('wal_checkpoint(PASSIVE)');
  }

  private cancelSoon(): void {
    if (this.soon !== undefined) clearImmediate(this.soon);
    this.soon = undefined;
  }

  private release(): void {
    const { db } = this;
    this.db = undefined;
    if (db === undefined) return;
    try {
      db.pragma('journal_mode = DELETE'); // one file, that can be copied and read anywhere
    } catch {
      // somebody looks at it, or there is no room: the log beside the file is as good
    }
    db.close();
  }
}

const params = z.strictObject({
  path: z.string().min(1).optional().describe('The file, relative to the account file. Default: `ACCOUNT.journal.db` with `mode: live`, `ACCOUNT.paper.journal.db` on paper, `ACCOUNT.played.journal.db` with `data.speed`, `ACCOUNT.backtest.journal.db` for backtests.'),
  existing: z.enum(['set-aside', 'replace', 'refuse']).default('set-aside').describe('What a backtest does with the journal of an earlier one at the same path: move it to the next free name, replace it, or refuse to run. A journal of a paper or live run is never touched by a backtest.'),
});

type Params = z.infer<typeof params>;

/** Where the journal of an account lies. */
export function journalPath({ params: { path }, account, baseDir, purpose }: Pick<JournalContext<Pick<Params, 'path'>>, 'params' | 'account' | 'baseDir' | 'purpose'>): string {
  return resolve(baseDir, path ?? (purpose === 'live' ? `${account}.journal.db` : `${account}.backtest.journal.db`));
}

/** The `sqlite` journal. */
export const sqliteJournal = defineJournal({
  params,
  create(context: JournalContext<Params>) {
    needDriver();
    return new SqliteJournal({ path: journalPath(context), account: context.account, purpose: context.purpose, existing: context.params.existing, logger: context.logger });
  },
});
