import { mkdirSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { BarColumns } from '@keelson/core/domain';
import { DataError, isKeelsonError, messageOf } from '@keelson/core/errors';
import { defineBarStore } from '@keelson/core/plugin';
import type { BarSeries, BarSpan, BarStore } from '@keelson/core/ports';
import { allocateBars } from '@keelson/core/series';
import type BetterSqlite from 'better-sqlite3';
import { z } from 'zod';

/** Form of the tables; a higher number is a newer Keelson's. */
const SCHEMA_VERSION = 1;
/** Marks the file as a store of bars: "KBAR". */
const APPLICATION_ID = 0x4b42_4152;
/** Rows of one chunk. */
const CHUNK = 8_192;

const COLUMNS = ['open', 'high', 'low', 'close', 'volume'] as const;
const DEPTH = ['bid', 'ask', 'bidSize', 'askSize'] as const;

const TABLES = `
CREATE TABLE series (id INTEGER PRIMARY KEY, source TEXT NOT NULL, instrument TEXT NOT NULL, timeframe TEXT NOT NULL, UNIQUE (source, instrument, timeframe)) STRICT;
CREATE TABLE bars (series INTEGER NOT NULL, time REAL NOT NULL, open REAL, high REAL, low REAL, close REAL, volume REAL, bid REAL, ask REAL, bidSize REAL, askSize REAL, PRIMARY KEY (series, time)) STRICT, WITHOUT ROWID;
CREATE TABLE spans (series INTEGER NOT NULL, start REAL NOT NULL, stop REAL NOT NULL, PRIMARY KEY (series, start)) STRICT, WITHOUT ROWID;
`;

type Row = readonly number[];

type Statements = {
  readonly find: BetterSqlite.Statement;
  readonly add: BetterSqlite.Statement;
  readonly spans: BetterSqlite.Statement;
  readonly touching: BetterSqlite.Statement;
  readonly dropSpans: BetterSqlite.Statement;
  readonly addSpan: BetterSqlite.Statement;
  readonly dropBars: BetterSqlite.Statement;
  readonly addBar: BetterSqlite.Statement;
  readonly firstPage: BetterSqlite.Statement;
  readonly nextPage: BetterSqlite.Statement;
};

/**
 * Bars in one SQLite file, beside the journal and apart from it: bars can be fetched again, decisions cannot. What is
 * written is there as a whole or not at all, also after the process or the machine died; others can read meanwhile.
 */
export class SqliteBarStore implements BarStore {
  private db: BetterSqlite.Database | undefined;
  private statements: Statements | undefined;

  constructor(private readonly path: string) {}

  async open(): Promise<void> {
    if (this.db !== undefined) return;
    const { default: Database } = await import('better-sqlite3'); // native: not loaded where no account keeps bars
    this.guarded(() => {
      mkdirSync(dirname(this.path), { recursive: true });
      const db = new Database(this.path, { timeout: 5_000 });
      try {
        this.prepare(db);
      } catch (thrown) {
        db.close();
        throw thrown;
      }
      this.db = db;
    });
  }

  async spans(series: BarSeries): Promise<readonly BarSpan[]> {
    return this.guarded(({ spans }) => {
      const id = this.idOf(series);
      return id === undefined ? [] : (spans.all(id) as Row[]).map(([from, to]) => ({ from: from as number, to: to as number }));
    });
  }

  async *read(series: BarSeries, { from, to }: BarSpan): AsyncGenerator<BarColumns> {
    const id = this.guarded(() => this.idOf(series));
    if (id === undefined) return;
    for (let after = from, first = true; ; first = false) {
      const rows = this.guarded(({ firstPage, nextPage }) => (first ? firstPage : nextPage).all(id, after, to) as Row[]);
      if (rows.length === 0) return;
      yield columnsOf(rows);
      if (rows.length < CHUNK) return;
      after = (rows.at(-1) as Row)[0] as number;
    }
  }

  async write(series: BarSeries, span: BarSpan, bars: BarColumns): Promise<void> {
    this.guarded((statements) => {
      (this.db as BetterSqlite.Database).transaction(() => this.replace(statements, series, span, bars)).immediate();
    });
  }

  async close(): Promise<void> {
    this.db?.close();
    this.db = this.statements = undefined;
  }

  private replace({ add, touching, dropSpans, addSpan, dropBars, addBar }: Statements, series: BarSeries, { from, to }: BarSpan, bars: BarColumns): void {
    add.run(series.source, series.instrument, series.timeframe);
    const id = this.idOf(series);
    dropBars.run(id, from, to);
    const { depth } = bars;
    for (let row = 0; row < bars.length; row++) {
      addBar.run(id, bars.time[row], ...COLUMNS.map((name) => bars[name][row]), ...DEPTH.map((name) => (depth === undefined ? Number.NaN : depth[name][row])));
    }
    const merged = (touching.all(id, to, from) as Row[]).reduce((sum, [start, stop]) => ({ from: Math.min(sum.from, start as number), to: Math.max(sum.to, stop as number) }), { from, to });
    dropSpans.run(id, to, from);
    addSpan.run(id, merged.from, merged.to);
  }

  private idOf({ source, instrument, timeframe }: BarSeries): number | undefined {
    return (this.statements as Statements).find.pluck().get(source, instrument, timeframe) as number | undefined;
  }

  /** @throws DataError where the file is none of Keelson's, newer, or damaged */
  private prepare(db: BetterSqlite.Database): void {
    const isNew = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0 && db.pragma('application_id', { simple: true }) === 0;
    if (isNew) {
      db.transaction(() => {
        db.pragma(`application_id = ${APPLICATION_ID}`);
        db.pragma(`user_version = ${SCHEMA_VERSION}`);
        db.exec(TABLES);
      }).immediate();
    }
    const version = db.pragma('user_version', { simple: true }) as number;
    if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID) throw this.error('is the file of another program, expected a store of bars', 'name another path under data.store.config');
    if (version > SCHEMA_VERSION) throw this.error(`has schema ${version}, expected at most ${SCHEMA_VERSION}`, 'use the version of Keelson that wrote it, or name another path');
    const [found] = db.pragma('quick_check(1)', { simple: false }) as Array<{ readonly quick_check: string }>;
    if (found?.quick_check !== 'ok') throw this.damaged(found?.quick_check ?? 'no answer');
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL'); // a crash may lose the newest bars, never the file
    const page = (after: string): BetterSqlite.Statement => db.prepare(`SELECT time, ${[...COLUMNS, ...DEPTH].join(', ')} FROM bars WHERE series = ? AND time ${after} ? AND time < ? ORDER BY time LIMIT ${CHUNK}`).raw();
    this.statements = {
      find: db.prepare('SELECT id FROM series WHERE source = ? AND instrument = ? AND timeframe = ?'),
      add: db.prepare('INSERT OR IGNORE INTO series (source, instrument, timeframe) VALUES (?, ?, ?)'),
      spans: db.prepare('SELECT start, stop FROM spans WHERE series = ? ORDER BY start').raw(),
      touching: db.prepare('SELECT start, stop FROM spans WHERE series = ? AND start <= ? AND stop >= ?').raw(),
      dropSpans: db.prepare('DELETE FROM spans WHERE series = ? AND start <= ? AND stop >= ?'),
      addSpan: db.prepare('INSERT INTO spans VALUES (?, ?, ?)'),
      dropBars: db.prepare('DELETE FROM bars WHERE series = ? AND time >= ? AND time < ?'),
      addBar: db.prepare(`INSERT INTO bars VALUES (${Array.from({ length: 11 }, () => '?').join(', ')})`),
      firstPage: page('>='),
      nextPage: page('>'),
    };
  }

  private guarded<T>(act: (statements: Statements) => T): T {
    try {
      return act(this.statements as Statements);
    } catch (thrown) {
      if (isKeelsonError(thrown)) throw thrown;
      const code = String((thrown as { readonly code?: unknown }).code ?? '');
      if (/^SQLITE_(CORRUPT|FORMAT|NOTADB)/.test(code)) throw this.damaged(messageOf(thrown), thrown);
      if (code === 'SQLITE_FULL') throw this.error('could not be written (disk full), expected room for every bar', 'make room', thrown);
      if (code.startsWith('SQLITE_BUSY')) throw this.error('could not be written (another process holds it), expected one writer at a time', 'give each account a store of its own', thrown);
      throw this.error(`could not be used (${messageOf(thrown)}), expected a file in a folder that this user may write`, 'name another path under data.store.config', thrown);
    }
  }

  private damaged(found: string, cause?: unknown): DataError {
    return this.error(`cannot be read by SQLite (${found}), expected whole pages`, `delete ${basename(this.path)}, and ${basename(this.path)}-wal and -shm beside it: its bars are fetched again`, cause);
  }

  private error(what: string, hint: string, cause?: unknown): DataError {
    return new DataError('DATA_STORE', `${basename(this.path)} ${what}`, { hint, context: { path: this.path }, cause });
  }
}

/** `sqlite`: bars in one file. Accounts may share it, one process writing at a time. */
export const sqliteBarStore = defineBarStore({
  params: z.strictObject({ path: z.string().min(1).default('bars.db').describe('The file, relative to the account file; made where there is none.') }),
  create: ({ params: { path }, baseDir }) => new SqliteBarStore(resolve(baseDir, path)),
});

/** SQLite keeps what is not a number as NULL. */
function columnsOf(rows: readonly Row[]): BarColumns {
  const hasDepth = rows.some((row) => DEPTH.some((_, i) => row[6 + i] !== null));
  const columns = allocateBars(rows.length, hasDepth);
  rows.forEach((row, at) => {
    columns.time[at] = row[0] as number;
    COLUMNS.forEach((name, i) => (columns[name][at] = row[1 + i] ?? Number.NaN));
    if (columns.depth !== undefined) for (const [i, name] of DEPTH.entries()) columns.depth[name][at] = row[6 + i] ?? Number.NaN;
  });
  return columns;
}
