import { mkdirSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { BarColumns, Timeframe } from '@keelson/core/domain';
import { parseTimeframe } from '@keelson/core/domain';
import { DataError, isKeelsonError, messageOf } from '@keelson/core/errors';
import { defineBarStore } from '@keelson/core/plugin';
import type { BarSeries, BarSpan, BarStore, ComputedBars } from '@keelson/core/ports';
import type BetterSqlite from 'better-sqlite3';
import { z } from 'zod';
import { openDatabase } from '../open-database.js';
import { SEEN, columnsOf, computedRows, plainRows, type BarRow } from './bar-rows.js';
import { APPLICATION_ID, CHUNK, SCHEMA_VERSION, TABLES, prepareStatements, type Statements } from './bar-tables.js';
import { DAY_MS, DayFiles, type DayPart, type Place } from './day-files.js';

const dayOf = (time: number): number => Math.floor(time / DAY_MS);
/** A day is complete once bars of the day after the next one are known: its last session has ended then, too. */
const COMPLETE_MS = 2 * DAY_MS;

type Archived = { readonly day: number; readonly hash: string };

/**
 * The newest bars in one SQLite file, complete days in Parquet files beside it; apart from the journal: bars can be
 * fetched again, decisions cannot. What is written is there as a whole or not at all, also after the process or the
 * machine died; others can read meanwhile.
 */
export class SqliteBarStore implements BarStore {
  private db: BetterSqlite.Database | undefined;
  private statements: Statements | undefined;
  private readonly files: DayFiles;
  /** What changes the store, one after the other. */
  private changing: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly path: string,
    history: string,
  ) {
    this.files = new DayFiles(history);
  }

  async open(): Promise<void> {
    if (this.db !== undefined) return;
    this.guarded(() => {
      mkdirSync(dirname(this.path), { recursive: true });
      const db = openDatabase(this.path, { timeout: 5_000 });
      try {
        this.prepare(db);
        this.db = db;
        this.statements = prepareStatements(db);
        this.forgetLostDays();
      } catch (thrown) {
        this.db = this.statements = undefined;
        db.close();
        throw thrown;
      }
    });
  }

  async spans(series: BarSeries): Promise<readonly BarSpan[]> {
    return this.guarded(({ spans }) => {
      const id = this.idOf(series, series.timeframe);
      return id === undefined ? [] : spansOf(spans.all(id));
    });
  }

  async *read(series: BarSeries, { from, to }: BarSpan): AsyncGenerator<BarColumns> {
    const id = this.guarded(() => this.idOf(series, series.timeframe));
    if (id === undefined) return;
    let at = from;
    for (let after = false; at < to; ) {
      // days move to files meanwhile: where the next bars lie is looked up anew for each chunk
      const { rows, days, end } = this.guarded(() => this.nextPart(id, at, after, to));
      if (rows.length > 0) yield columnsOf(rows);
      if (rows.length === CHUNK) [at, after] = [(rows.at(-1) as BarRow)[0] as number, true];
      else if (days.length === 0) [at, after] = [end, false];
      else {
        let fetched: readonly BarRow[];
        try {
          fetched = await this.files.readBars(series, series.timeframe, days, rows.length > 0 ? end : at, rows.length > 0 ? false : after, to);
        } catch (thrown) {
          if (days.every(({ day, hash }) => this.guarded(({ hash: found }) => found.get(series.source, series.instrument, day)) === hash)) throw thrown;
          [at, after] = rows.length > 0 ? [end, false] : [at, after];
          continue; // a day came back, or was written anew, meanwhile
        }
        if (fetched.length > 0) yield columnsOf(fetched);
        [at, after] = [((days.at(-1) as Archived).day + 1) * DAY_MS, false];
      }
    }
  }

  async write(series: BarSeries, span: BarSpan, bars: BarColumns): Promise<void> {
    if (!isWithin(span, bars)) throw this.error(`was given the span ${span.from} to ${span.to} with bars that do not ascend within it, expected a span with its own bars`, 'this is a fault of Keelson or a plugin: report it');
    // a bar of a day's last session may reach into the day after
    const wake = { first: dayOf(span.from) - 1, last: dayOf(span.to) };
    await this.change(series, wake, () => true, (statements) => this.replace(statements, series, span, bars));
  }

  async keepFeatures(base: BarSeries, computed: readonly ComputedBars[]): Promise<void> {
    const parts = computed.filter(({ bars }) => bars.length > 0).map((each) => ({ timeframe: each.timeframe, rows: computedRows(each) }));
    if (parts.length === 0) return;
    const times = parts.flatMap(({ rows }) => [timeOf(rows[0]), timeOf(rows.at(-1))]);
    const wake = { first: dayOf(Math.min(...times)), last: dayOf(Math.max(...times)) };
    const isNews = (day: number): boolean => parts.some(({ timeframe, rows }) => this.isNews(base, timeframe, day, rows));
    await this.change(base, wake, isNews, (statements) => {
      for (const { timeframe, rows } of parts) {
        const id = this.addSeries(base, timeframe);
        let [day, isThere] = [Number.NaN, false];
        for (const row of rows) {
          if (dayOf(timeOf(row)) !== day) [day, isThere] = [dayOf(timeOf(row)), statements.archivedSeen.get(id, dayOf(timeOf(row))) !== undefined];
          if (!isThere) statements.addComputed.run(id, ...row); // what stayed in its file knows as much
        }
      }
    });
    await this.archive(base, Math.max(...times));
  }

  async close(): Promise<void> {
    if (this.db === undefined) return;
    try {
      for (const [source, instrument] of this.guarded(({ places }) => places.all()) as ReadonlyArray<readonly [string, string]>) await this.archive({ source, instrument });
    } finally {
      await this.changing.catch(() => undefined);
      this.files.close();
      this.db.close();
      this.db = this.statements = undefined;
    }
  }

  /** What comes next: rows of the table up to the first archived day, and that day with those that follow it. */
  private nextPart(id: number, at: number, after: boolean, to: number): { readonly rows: readonly BarRow[]; readonly days: readonly Archived[]; readonly end: number } {
    const { archivedFrom, firstPage, nextPage } = this.statements as Statements;
    const archived = (archivedFrom.all(id, dayOf(at), to) as ReadonlyArray<readonly [number, string]>).map(([day, hash]) => ({ day, hash }));
    const end = Math.min(to, (archived[0]?.day ?? Number.POSITIVE_INFINITY) * DAY_MS);
    const rows = at < end ? ((after ? nextPage : firstPage).all(id, at, end) as BarRow[]) : [];
    return { rows, days: rows.length === CHUNK ? [] : archived.filter(({ day }, i) => day === (archived[0] as Archived).day + i), end: Math.max(at, end) };
  }

  /** Whether features know more than those of an archived day. */
  private isNews(base: BarSeries, timeframe: string, day: number, rows: readonly BarRow[]): boolean {
    const own = rows.filter((row) => dayOf(timeOf(row)) === day);
    if (own.length === 0) return false;
    const id = this.idOf(base, timeframe);
    const [kept] = (id === undefined ? undefined : ((this.statements as Statements).archivedSeen.get(id, day) as readonly [number | null] | undefined)) ?? [];
    return kept === undefined || kept === null || own.some((row) => (row[SEEN] as number) > kept);
  }

  /** Changes the table, after the archived days that are concerned have come back to it: both or nothing. */
  private change({ source, instrument }: Place, { first, last }: { readonly first: number; readonly last: number }, concerns: (day: number) => boolean, act: (statements: Statements) => void): Promise<void> {
    return this.oneByOne(async () => {
      for (;;) {
        const version = this.version();
        const back: Array<{ readonly day: number; readonly parts: readonly DayPart[] }> = [];
        const days = this.guarded(({ daysWithin }) => (daysWithin.all(source, instrument, first, last) as number[]).filter(concerns));
        for (const day of days) back.push({ day, parts: await this.files.readDay({ source, instrument }, day, this.guarded(({ hash }) => hash.get(source, instrument, day)) as string) });
        const done = this.guarded((statements) =>
          this.durably(back.length > 0, () => {
            if (this.version() !== version) return false; // another process wrote: look again
            for (const { day, parts } of back) this.bringBack(statements, { source, instrument }, day, parts);
            act(statements);
            return true;
          }),
        );
        if (done) return;
      }
    });
  }

  private bringBack(statements: Statements, place: Place, day: number, parts: readonly DayPart[]): void {
    for (const { base, timeframe, rows } of parts) {
      const id = this.addSeries({ ...place, timeframe: base }, timeframe);
      for (const row of rows) statements.addBar.run(id, ...row);
      statements.dropArchived.run(id, day);
    }
    statements.dropDay.run(place.source, place.instrument, day);
  }

  /** Moves complete days of a place into files. `newest` is the time up to which nothing more is expected. */
  private archive(place: Place, newest?: number): Promise<void> {
    const { source, instrument } = place;
    return this.oneByOne(async () => {
      const known = newest ?? (this.guarded((statements) => statements.newest.get(source, instrument)) as number | null) ?? Number.NEGATIVE_INFINITY;
      const days = this.guarded(({ openDays }) => openDays.all(source, instrument, (dayOf(known - COMPLETE_MS) + 1) * DAY_MS)) as number[];
      for (const day of days) {
        const version = this.version();
        const series = this.guarded(({ seriesOf, whole }) => (seriesOf.all(source, instrument) as ReadonlyArray<readonly [number, string, string]>).map(([id, base, timeframe]) => ({ id, base, timeframe, rows: whole.all(id, day * DAY_MS, (day + 1) * DAY_MS) as BarRow[] })));
        const parts = series.filter(({ rows }) => rows.length > 0);
        const file = await this.files.write(place, day, parts);
        this.guarded(({ addDay, addArchived, dropBars }) =>
          this.durably(true, () => {
            if (this.version() !== version) return file.discard(); // another process wrote: the next time will do
            file.publish();
            addDay.run(source, instrument, day, file.hash);
            for (const { id, rows } of parts) {
              addArchived.run(id, day, mostSeen(rows));
              dropBars.run(id, day * DAY_MS, (day + 1) * DAY_MS);
            }
          }),
        );
      }
    });
  }

  private replace({ touching, dropSpans, addSpan, dropBars, addBar, seriesOf }: Statements, series: BarSeries, { from, to }: BarSpan, bars: BarColumns): void {
    const id = this.addSeries(series, series.timeframe);
    dropBars.run(id, from, to);
    for (const row of plainRows(bars)) addBar.run(id, ...row);
    for (const [other, base, timeframe] of seriesOf.all(series.source, series.instrument) as ReadonlyArray<readonly [number, string, string]>) {
      if (base === series.timeframe && other !== id) dropBars.run(other, from - (parseTimeframe(timeframe) as Timeframe).ms + 1, to);
    }
    const merged = spansOf(touching.all(id, to, from)).reduce((sum, span) => ({ from: Math.min(sum.from, span.from), to: Math.max(sum.to, span.to) }), { from, to });
    dropSpans.run(id, to, from);
    addSpan.run(id, merged.from, merged.to);
  }

  /** Days whose files somebody deleted are not known any more: the feed is asked for them again. */
  private forgetLostDays(): void {
    this.guarded(({ allDays, seriesOf, dropArchived, dropDay, spans, dropSpans, addSpan }) => {
      const lost = (allDays.all() as ReadonlyArray<readonly [string, string, number]>).filter(([source, instrument, day]) => !this.files.has({ source, instrument }, day));
      this.durably(false, () => {
        for (const [source, instrument, day] of lost) {
          const [from, to] = [day * DAY_MS, (day + 1) * DAY_MS];
          for (const [id] of seriesOf.all(source, instrument) as ReadonlyArray<readonly [number]>) {
            dropArchived.run(id, day);
            const cut = spansOf(spans.all(id)).filter((span) => span.from < to && span.to > from);
            for (const span of cut) {
              dropSpans.run(id, span.from, span.to);
              if (span.from < from) addSpan.run(id, span.from, from);
              if (span.to > to) addSpan.run(id, to, span.to);
            }
          }
          dropDay.run(source, instrument, day);
        }
      });
    });
  }

  private addSeries(base: BarSeries, timeframe: string): number {
    (this.statements as Statements).add.run(base.source, base.instrument, base.timeframe, timeframe);
    return this.idOf(base, timeframe) as number;
  }

  private idOf(base: BarSeries, timeframe: string): number | undefined {
    return (this.statements as Statements).find.get(base.source, base.instrument, base.timeframe, timeframe) as number | undefined;
  }

  /** Changes when another process writes. */
  private version(): number {
    return (this.db as BetterSqlite.Database).pragma('data_version', { simple: true }) as number;
  }

  /** One transaction; `toDisk` where files follow it, which must not be ahead of it after a power cut. */
  private durably<T>(toDisk: boolean, act: () => T): T {
    const db = this.db as BetterSqlite.Database;
    if (toDisk) db.pragma('synchronous = FULL');
    try {
      return db.transaction(act).immediate();
    } finally {
      if (toDisk) db.pragma('synchronous = NORMAL');
    }
  }

  private oneByOne<T>(act: () => Promise<T>): Promise<T> {
    const done = this.changing.catch(() => undefined).then(act);
    this.changing = done;
    return done;
  }

  /** @throws DataError where the file is none of Keelson's, of another version, or damaged */
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
    if (version > SCHEMA_VERSION) throw this.error(`has schema ${version}, expected ${SCHEMA_VERSION}`, 'use the version of Keelson that wrote it, or name another path');
    if (version < SCHEMA_VERSION) throw this.error(`has schema ${version}, expected ${SCHEMA_VERSION}`, `${this.deleteAll}: its bars are fetched again`);
    const [found] = db.pragma('quick_check(1)', { simple: false }) as Array<{ readonly quick_check: string }>;
    if (found?.quick_check !== 'ok') throw this.damaged(found?.quick_check ?? 'no answer');
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL'); // a crash may lose the newest bars, never the file
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

  private get deleteAll(): string {
    return `delete ${basename(this.path)}, and ${basename(this.path)}-wal and -shm beside it`;
  }

  private damaged(found: string, cause?: unknown): DataError {
    return this.error(`cannot be read by SQLite (${found}), expected whole pages`, `${this.deleteAll}: its bars are fetched again`, cause);
  }

  private error(what: string, hint: string, cause?: unknown): DataError {
    return new DataError('DATA_STORE', `${basename(this.path)} ${what}`, { hint, context: { path: this.path }, cause });
  }
}

/** Null where none of the rows has features. */
function mostSeen(rows: readonly BarRow[]): number | null {
  const seen = rows.flatMap((row) => row[SEEN] ?? []);
  return seen.length === 0 ? null : seen.reduce((most, each) => Math.max(most, each));
}

/** Whether a span begins before it ends, and its bars ascend within it. */
function isWithin({ from, to }: BarSpan, { time, length }: BarColumns): boolean {
  if (!(from < to)) return false;
  for (let i = 0, last = Number.NEGATIVE_INFINITY; i < length; last = time[i++] as number) if (!((time[i] as number) >= from && (time[i] as number) < to && (time[i] as number) > last)) return false;
  return true;
}

const timeOf = (row: BarRow | undefined): number => row?.[0] as number;
const spansOf = (rows: readonly unknown[]): BarSpan[] => (rows as ReadonlyArray<readonly [number, number]>).map(([from, to]) => ({ from, to }));

/** `sqlite`: the newest bars in one file, complete days as Parquet beside it. Accounts may share it, one process writing at a time. */
export const sqliteBarStore = defineBarStore({
  params: z.strictObject({
    path: z.string().min(1).default('bars.db').describe('The file of the newest bars, relative to the account file; made where there is none.'),
    history: z.string().min(1).optional().describe('Folder of the complete days; default: beside the file, `bars.days` for `bars.db`.'),
  }),
  create: ({ params: { path, history }, baseDir }) => new SqliteBarStore(resolve(baseDir, path), resolve(baseDir, history ?? `${path.replace(/\.[^./\\]*$/, '')}.days`)),
});
