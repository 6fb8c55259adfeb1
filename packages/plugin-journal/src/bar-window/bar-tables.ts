import type BetterSqlite from 'better-sqlite3';
import { NUMBERS } from './bar-rows.js';
import { DAY_MS } from './day-files.js';

/** Form of the tables and day files. */
export const SCHEMA_VERSION = 2;
/** Marks the file as a store of bars: "KBAR". */
export const APPLICATION_ID = 0x4b42_4152;
/** Rows of one chunk. */
export const CHUNK = 8_192;

/**
 * `series` with `base` = `timeframe` hold a feed's own bars, others what was built from those of `base`. `days` names the
 * days whose bars lie in a Parquet file, and its hash; `archived` which series lie there, and how many bars their
 * features had seen at most. A bar lies in `bars` or in a file of `days`, never in both.
 */
export const TABLES = `
CREATE TABLE series (id INTEGER PRIMARY KEY, source TEXT NOT NULL, instrument TEXT NOT NULL, timeframe TEXT NOT NULL, base TEXT NOT NULL, UNIQUE (source, instrument, base, timeframe)) STRICT;
CREATE TABLE bars (series INTEGER NOT NULL, time REAL NOT NULL, ${NUMBERS.map((name) => `${name} REAL`).join(', ')}, PRIMARY KEY (series, time)) STRICT, WITHOUT ROWID;
CREATE TABLE spans (series INTEGER NOT NULL, start REAL NOT NULL, stop REAL NOT NULL, PRIMARY KEY (series, start)) STRICT, WITHOUT ROWID;
CREATE TABLE days (source TEXT NOT NULL, instrument TEXT NOT NULL, day INTEGER NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (source, instrument, day)) STRICT, WITHOUT ROWID;
CREATE TABLE archived (series INTEGER NOT NULL, day INTEGER NOT NULL, seen REAL, PRIMARY KEY (series, day)) STRICT, WITHOUT ROWID;
`;

const PLACE = 'source = ? AND instrument = ?';

type Name =
  | 'find' | 'add' | 'places' | 'seriesOf'
  | 'spans' | 'touching' | 'dropSpans' | 'addSpan' | 'newest'
  | 'addBar' | 'addComputed' | 'dropBars' | 'firstPage' | 'nextPage' | 'whole'
  | 'openDays' | 'allDays' | 'daysWithin' | 'hash' | 'addDay' | 'dropDay'
  | 'archivedFrom' | 'archivedSeen' | 'addArchived' | 'dropArchived';

export type Statements = Readonly<Record<Name, BetterSqlite.Statement>>;

export function prepareStatements(db: BetterSqlite.Database): Statements {
  const raw = (sql: string): BetterSqlite.Statement => db.prepare(sql).raw();
  const page = (after: string): BetterSqlite.Statement => raw(`SELECT time, ${NUMBERS.join(', ')} FROM bars WHERE series = ? AND time ${after} ? AND time < ? ORDER BY time LIMIT ${CHUNK}`);
  return {
    find: db.prepare(`SELECT id FROM series WHERE ${PLACE} AND base = ? AND timeframe = ?`).pluck(),
    add: db.prepare('INSERT OR IGNORE INTO series (source, instrument, base, timeframe) VALUES (?, ?, ?, ?)'),
    places: raw('SELECT DISTINCT source, instrument FROM series'),
    seriesOf: raw(`SELECT id, base, timeframe FROM series WHERE ${PLACE}`),
    spans: raw('SELECT start, stop FROM spans WHERE series = ? ORDER BY start'),
    touching: raw('SELECT start, stop FROM spans WHERE series = ? AND start <= ? AND stop >= ?'),
    dropSpans: db.prepare('DELETE FROM spans WHERE series = ? AND start <= ? AND stop >= ?'),
    addSpan: db.prepare('INSERT INTO spans VALUES (?, ?, ?)'),
    dropBars: db.prepare('DELETE FROM bars WHERE series = ? AND time >= ? AND time < ?'),
    addBar: db.prepare(`INSERT OR REPLACE INTO bars VALUES (?, ?${', ?'.repeat(NUMBERS.length)})`),
    addComputed: db.prepare(`INSERT INTO bars VALUES (?, ?${', ?'.repeat(NUMBERS.length)}) ON CONFLICT DO UPDATE SET ${NUMBERS.map((name) => `${name} = excluded.${name}`).join(', ')} WHERE excluded.seen >= coalesce(bars.seen, 0)`),
    firstPage: page('>='),
    nextPage: page('>'),
    whole: raw(`SELECT time, ${NUMBERS.join(', ')} FROM bars WHERE series = ? AND time >= ? AND time < ? ORDER BY time`),
    /** Days of a place that have bars in the table and end by a time. */
    openDays: db.prepare(`SELECT DISTINCT CAST(floor(time / ${DAY_MS}) AS INTEGER) AS day FROM bars WHERE series IN (SELECT id FROM series WHERE ${PLACE}) AND time < ? ORDER BY day`).pluck(),
    newest: db.prepare(`SELECT max(stop) FROM spans WHERE series IN (SELECT id FROM series WHERE ${PLACE})`).pluck(),
    allDays: raw('SELECT source, instrument, day FROM days'),
    hash: db.prepare(`SELECT hash FROM days WHERE ${PLACE} AND day = ?`).pluck(),
    daysWithin: db.prepare(`SELECT day FROM days WHERE ${PLACE} AND day >= ? AND day <= ? ORDER BY day`).pluck(),
    archivedFrom: raw(`SELECT day, hash FROM archived JOIN series ON series.id = archived.series JOIN days USING (source, instrument, day) WHERE series.id = ? AND day >= ? AND day * ${DAY_MS}.0 < ? ORDER BY day LIMIT 32`),
    archivedSeen: raw('SELECT seen FROM archived WHERE series = ? AND day = ?'),
    addDay: db.prepare('INSERT OR REPLACE INTO days VALUES (?, ?, ?, ?)'),
    dropDay: db.prepare(`DELETE FROM days WHERE ${PLACE} AND day = ?`),
    addArchived: db.prepare('INSERT OR REPLACE INTO archived VALUES (?, ?, ?)'),
    dropArchived: db.prepare('DELETE FROM archived WHERE series = ? AND day = ?'),
  };
}
