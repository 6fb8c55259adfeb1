import type { JournalRecord } from '@keelson/core/ports';
import { toUtcMs } from '@keelson/core/domain';
import type Database from 'better-sqlite3';
import { ChainCheck, type Damage, type Row } from './chain.js';
import { damageError, isCorruption, journalError } from './journal-errors.js';
import { openForReading, readMeta, type JournalMeta } from './journal-file.js';

const ALL = 'SELECT sequence, time, kind, data, hash FROM records ORDER BY sequence';

/** What an inspection of a journal found. */
export type Inspection = {
  /** Number and hash of the last good record. */
  readonly sequence: number;
  readonly head: string;
  /** Good records by kind. */
  readonly kinds: Readonly<Record<string, number>>;
  readonly damage: Damage | undefined;
};

export type JournalReport = Inspection & { readonly meta: JournalMeta };

/**
 * Follows the whole chain, from the first record on.
 * @throws KeelsonError `JRN_FOREIGN` when it is no journal of Keelson's
 */
export function verifyJournal(path: string): JournalReport {
  const db = openForReading(path);
  try {
    // one look at one state: a writer may go on meanwhile
    return db.transaction(() => {
      const meta = readMeta(db, path);
      return { meta, ...inspect(db, meta.synced) };
    })();
  } catch (thrown) {
    throw journalError(path, thrown);
  } finally {
    db.close();
  }
}

/** Follows the chain of an open journal. `synced`: so many records must be there. */
export function inspect(db: Database.Database, synced: number): Inspection {
  const chain = new ChainCheck();
  const kinds: Record<string, number> = {};
  const done = (damage: Damage | undefined): Inspection => ({ sequence: chain.sequence, head: chain.head, kinds, damage });
  try {
    for (const row of db.prepare<[], Row>(ALL).iterate()) {
      const damage = chain.follow(row);
      if (damage !== undefined) return done(damage);
      kinds[row.kind] = (kinds[row.kind] ?? 0) + 1;
    }
  } catch (thrown) {
    if (!isCorruption(thrown)) throw thrown;
    return done(unreadable(chain));
  }
  const lost = synced > chain.sequence ? { sequence: chain.sequence + 1, found: `records ${chain.sequence + 1} to ${synced} are missing at the end` } : undefined;
  return done(lost);
}

/**
 * Records of a journal from the first, each held against the one before; may be walked through again and again.
 * @throws KeelsonError `JRN_DAMAGED` at the first that does not follow, with `context.sequence`
 */
export function recordsOf(path: string): Iterable<JournalRecord> {
  return {
    *[Symbol.iterator]() {
      for (const row of readRows(path)) yield recordOf(row);
    },
  };
}

/** The same as rows: with numbers and hashes. */
export function* readRows(path: string): Generator<Row, void, undefined> {
  const db = openForReading(path);
  const chain = new ChainCheck();
  try {
    for (const row of db.prepare<[], Row>(ALL).iterate()) {
      const damage = chain.follow(row);
      if (damage !== undefined) throw damageError(path, damage);
      yield row;
    }
  } catch (thrown) {
    if (isCorruption(thrown)) throw damageError(path, unreadable(chain));
    throw journalError(path, thrown);
  } finally {
    db.close();
  }
}

function unreadable({ sequence }: ChainCheck): Damage {
  return { sequence: sequence + 1, found: `record ${sequence + 1} lies on a page that cannot be read` };
}

/** The record of a row. What an older or newer Keelson wrote may be of a kind that this one does not know. */
export function recordOf({ kind, time, data }: Row): JournalRecord {
  return { kind: kind as JournalRecord['kind'], time: toUtcMs(time), data: JSON.parse(data) as unknown };
}

/** A look at a journal that may be growing: rows by number, unchecked. */
export class JournalView {
  readonly meta: JournalMeta;
  private readonly db: Database.Database;

  /** @throws KeelsonError `JRN_FOREIGN`, `JRN_DAMAGED` */
  constructor(private readonly path: string) {
    this.db = openForReading(path);
    this.meta = readMeta(this.db, path);
  }

  /** Number of the newest record; 0 when there is none. */
  last(): number {
    return this.attempt(() => (this.db.prepare('SELECT max(sequence) FROM records').pluck().get() as number | null) ?? 0);
  }

  /** At most `limit` rows with numbers above `sequence`. */
  after(sequence: number, limit: number): readonly Row[] {
    return this.attempt(() => this.db.prepare<[number, number], Row>('SELECT sequence, time, kind, data, hash FROM records WHERE sequence > ? ORDER BY sequence LIMIT ?').all(sequence, limit));
  }

  close(): void {
    this.db.close();
  }

  private attempt<T>(look: () => T): T {
    try {
      return look();
    } catch (thrown) {
      throw journalError(this.path, thrown);
    }
  }
}
