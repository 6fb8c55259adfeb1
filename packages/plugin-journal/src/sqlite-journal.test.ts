import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { JournalRecord, Logger } from '@keelson/core/ports';
import { toUtcMs } from '@keelson/core/domain';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { hashOf, type Row } from './chain.js';
import { recordsOf, verifyJournal } from './read-journal.js';
import { SqliteJournal, journalPath, type SqliteJournalParts } from './sqlite-journal.js';

const folder = mkdtempSync(join(tmpdir(), 'keelson-journal-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let said: string[] = [];
const note = (message: string): void => void said.push(message);
const logger: Logger = { debug() {}, info: note, warn: note, error: note };
let path = '';
let count = 0;
beforeEach(() => {
  said = [];
  path = join(folder, `${++count}.db`);
});

const open = (parts: Partial<SqliteJournalParts> = {}): SqliteJournal => new SqliteJournal({ path, account: 'test', purpose: 'live', existing: 'set-aside', logger, ...parts });
const record = (kind: JournalRecord['kind'], n: number): JournalRecord => ({ kind, time: toUtcMs(n + 0.5), data: { n, text: `record ${n}`, missing: undefined } });
const kept = (): unknown[] => [...recordsOf(path)].map(({ data }) => (data as { readonly n: number }).n);

/** Writes `kinds` and closes. */
function written(...kinds: ReadonlyArray<JournalRecord['kind']>): void {
  const journal = open();
  kinds.forEach((kind, i) => journal.append(record(kind, i + 1)));
  journal.close();
}

/** Works on the file as no journal would. */
function tamper(sql: string, ...values: readonly unknown[]): void {
  const db = new Database(path);
  db.exec('DROP TRIGGER records_stay; DROP TRIGGER records_stay_as_they_are');
  db.prepare(sql).run(...values);
  db.close();
}

/** All rows, unchecked. */
function rows(): readonly Row[] {
  const db = new Database(path, { readonly: true });
  const found = db.prepare<[], Row>('SELECT sequence, time, kind, data, hash FROM records ORDER BY sequence').all();
  db.close();
  return found;
}

/** Puts a row in, as no journal would. */
function put(...row: readonly unknown[]): void {
  const db = new Database(path);
  db.prepare('INSERT INTO records (sequence, time, kind, data, hash) VALUES (?, ?, ?, ?, ?)').run(...row);
  db.close();
}

const fault = (act: () => unknown): string => {
  try {
    act();
  } catch (thrown) {
    return (thrown as { readonly line: string }).line;
  }
  return 'nothing was thrown';
};

describe('the sqlite journal', () => {
  it('opens nothing before the first record', () => {
    open().close();
    expect(existsSync(path)).toBe(false);
  });

  it('gives back what was appended, as JSON keeps it, also after a restart', () => {
    const first = open();
    first.append(record('run', 1));
    first.append(record('bars', 2));
    expect([...first.read()]).toEqual([{ kind: 'run', time: 1.5, data: { n: 1, text: 'record 1' } }, { kind: 'bars', time: 2.5, data: { n: 2, text: 'record 2' } }]);
    first.close();
    const second = open();
    expect([...second.read()]).toHaveLength(2);
    second.append(record('command', 3));
    second.close();
    expect(kept()).toEqual([1, 2, 3]);
    expect(verifyJournal(path)).toMatchObject({ sequence: 3, kinds: { run: 1, bars: 1, command: 1 }, damage: undefined, meta: { schema: 1, account: 'test', purpose: 'live', synced: 3, created: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string } });
  });

  it('chains each record to the one before by SHA-256 over its hash and a line each for sequence, time, kind and data', () => {
    written('run', 'bars', 'decision');
    let hash = '0'.repeat(64);
    for (const row of rows()) {
      hash = createHash('sha256').update([hash, row.sequence, row.time, row.kind, row.data].join('\n')).digest('hex');
      expect(row.hash).toBe(hash);
    }
  });

  it('leaves one plain file behind', () => {
    written('run', 'bars');
    expect(readdirSync(folder).filter((name) => name.startsWith(`${count}.db`))).toEqual([`${count}.db`]);
  });

  it('writes without being asked as soon as the process has a moment', async () => {
    const journal = open();
    journal.append(record('run', 1));
    await turn();
    await turn();
    expect(kept()).toEqual([1]); // seen by another connection
    journal.close();
  });

  it('has every record on the disk when a sync returns, and says how far in the file', () => {
    const journal = open();
    journal.append(record('run', 1));
    journal.append(record('intent', 2));
    journal.sync();
    journal.append(record('decision', 3));
    expect(kept()).toEqual([1, 2]);
    expect(verifyJournal(path).meta.synced).toBe(2);
    journal.close();
  });

  it.each(['UPDATE records SET time = 0', 'DELETE FROM records WHERE sequence = 2', "REPLACE INTO records VALUES (1, 0, '', '', '')"])('refuses to be changed: %s', (sql) => {
    written('run', 'bars');
    const db = new Database(path);
    db.pragma('recursive_triggers = ON');
    expect(() => db.exec(sql)).toThrow('append-only');
    db.close();
  });

  it.each([
    ['another account', () => open({ account: 'other' }).read(), /^JRN_FOREIGN: \d+\.db is the journal of account 'test', expected 'other'/],
    ['a newer schema', () => (tamper("UPDATE meta SET value = '2' WHERE key = 'schema'"), open().read()), /^JRN_FOREIGN: \d+\.db has schema 2, expected at most 1: use the version of Keelson that wrote it/],
    ['a paper or live run, for a backtest', () => open({ purpose: 'history' }).read(), /^JRN_FOREIGN: \d+\.db is the journal of a paper or live run/],
    ['another program', () => (new Database(`${path}2`).exec('CREATE TABLE t (a)').close(), open({ path: `${path}2` }).read()), /^JRN_FOREIGN: \d+\.db2 is the file of another program/],
    ['no SQLite file', () => (writeFileSync(`${path}3`, 'time,open,high\n'.repeat(99)), open({ path: `${path}3` }).read()), /^JRN_FOREIGN: \d+\.db3 is no SQLite file/],
  ])('refuses the journal of %s', (_what, act, message) => {
    written('run');
    const before = readFileSync(path);
    expect(fault(act)).toMatch(message);
    if (!String(message).includes('schema')) expect(readFileSync(path).equals(before)).toBe(true);
  });

  it.each([
    ['a folder that does not exist', () => join(folder, 'nowhere', 'a.db')],
    ['a folder in its place', () => folder],
    ['a file in place of the folder', () => (writeFileSync(join(folder, 'file'), ''), join(folder, 'file', 'a.db'))],
  ])('says what it needs for %s', (_what, place) => {
    expect(fault(() => open({ path: place() }).read())).toMatch(/^JRN_WRITE: .* could not be written \(it cannot be opened\), expected room for every record: name a file in an existing folder/);
  });

  it('says that the disk is full, keeps what it had, and goes on without a hole when there is room again', () => {
    const journal = open({ mostPages: 16 });
    const long = (n: number): JournalRecord => ({ ...record('bars', n), data: { n, text: 'x'.repeat(500) } });
    let n = 0;
    const message = fault(() => {
      for (;;) {
        journal.append(long(++n));
        journal.sync();
      }
    });
    expect(message).toMatch(/^JRN_WRITE: \d+\.db could not be written \(disk full\), expected room for every record: make room/);
    expect(fault(() => journal.append(long(++n)))).toMatch(/^JRN_WRITE/);
    expect(fault(() => journal.sync())).toMatch(/^JRN_WRITE/);
    expect(kept()).toEqual(Array.from({ length: n - 2 }, (_, i) => i + 1));
    (journal as unknown as { readonly db: Database.Database }).db.pragma('max_page_count = 1000');
    journal.sync();
    journal.append(long(++n));
    journal.close();
    expect(kept()).toEqual(Array.from({ length: n }, (_, i) => i + 1));
  });

  it('reports a fault that came up while nobody asked, and throws it at the next record', async () => {
    const journal = open({ mostPages: 3 });
    journal.append({ ...record('bars', 1), data: 'x'.repeat(100_000) });
    await turn();
    await turn();
    expect(said).toEqual([expect.stringMatching(/^the journal cannot be written: .*disk full/)]);
    expect(fault(() => journal.append(record('bars', 2)))).toMatch(/^JRN_WRITE/);
    expect(fault(() => journal.close())).toMatch(/^JRN_WRITE/);
  });

  it('finds another process that writes the same journal', () => {
    const one = open();
    const two = open();
    one.append(record('run', 1));
    two.append(record('run', 1));
    one.sync();
    two.sync(); // opened after the first wrote: it stands behind it
    one.append(record('bars', 2));
    expect(fault(() => one.sync())).toMatch(/^JRN_WRITE: .*another process writes it/);
    two.close();
    expect(verifyJournal(path).damage).toBeUndefined();
  });
});

describe('the journal of a backtest', () => {
  const backtest = (parts: Partial<SqliteJournalParts> = {}): void => {
    const journal = open({ purpose: 'history', ...parts });
    journal.append(record('run', 1));
    journal.close();
  };

  it('keeps the one of the run before under another name', () => {
    for (let i = 0; i < 3; i++) backtest();
    for (const name of [`${count}.db`, `${count}.1.db`, `${count}.2.db`]) expect([...recordsOf(join(folder, name))]).toHaveLength(1);
    expect(said).toEqual([`the journal of the run before is kept in ${count}.1.db`, `the journal of the run before is kept in ${count}.2.db`]);
  });

  it('replaces or refuses it where the account says so', () => {
    for (let i = 0; i < 2; i++) backtest({ existing: 'replace' });
    expect(kept()).toEqual([1]);
    expect(existsSync(join(folder, `${count}.1.db`))).toBe(false);
    expect(fault(() => backtest({ existing: 'refuse' }))).toMatch(/^JRN_FOREIGN: .* exists, expected a new file/);
  });

  it.each(['replace', 'set-aside', 'refuse'] as const)('never touches the journal of a paper or live run (%s)', (existing) => {
    written('run', 'intent');
    expect(fault(() => backtest({ existing }))).toMatch(/^JRN_FOREIGN: .* is the journal of a paper or live run/);
    expect(kept()).toEqual([1, 2]);
  });

  it('writes in batches, and all at the end', () => {
    const journal = open({ purpose: 'history' });
    for (let n = 1; n <= 10_000; n++) journal.append(record('bars', n));
    journal.sync();
    expect(kept().length).toBe(8_192);
    journal.close();
    expect(kept()).toEqual(Array.from({ length: 10_000 }, (_, i) => i + 1));
  });

  it('lies beside the account file, apart from the journal of paper and live runs', () => {
    const place = { params: {}, account: 'mes', baseDir: '/a' };
    expect(journalPath({ ...place, purpose: 'live' })).toBe('/a/mes.journal.db');
    expect(journalPath({ ...place, purpose: 'history' })).toBe('/a/mes.backtest.journal.db');
    expect(journalPath({ ...place, params: { path: 'b/c.db' }, purpose: 'history' })).toBe('/a/b/c.db');
  });
});

describe('a damaged journal', () => {
  it('is found at its record, whatever byte is flipped', () => {
    written('run', 'bars', 'decision', 'intent', 'broker-event', 'state');
    const whole = readFileSync(path);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.constantFrom('time', 'kind', 'data', 'hash'), fc.nat(), fc.integer({ min: 1, max: 255 }), (sequence, column, at, mask) => {
        writeFileSync(path, whole);
        const db = new Database(path);
        db.exec('DROP TRIGGER records_stay; DROP TRIGGER records_stay_as_they_are');
        if (column === 'time') {
          const time = Buffer.alloc(8);
          time.writeDoubleLE(sequence + 0.5);
          (time as Uint8Array)[at % 8] = (time[at % 8] as number) ^ mask;
          const value = time.readDoubleLE();
          if (Number.isNaN(value)) return db.close() && undefined; // SQLite keeps no such number
          db.prepare('UPDATE records SET time = ? WHERE sequence = ?').run(value, sequence);
        } else {
          const bytes = db.prepare(`SELECT CAST(${column} AS BLOB) FROM records WHERE sequence = ?`).pluck().get(sequence) as Buffer;
          (bytes as Uint8Array)[at % bytes.length] = (bytes[at % bytes.length] as number) ^ mask;
          db.prepare(`UPDATE records SET ${column} = CAST(? AS TEXT) WHERE sequence = ?`).run(bytes, sequence);
        }
        db.close();
        const report = verifyJournal(path);
        expect(report.damage?.sequence).toBe(sequence);
        expect(report.sequence).toBe(sequence - 1);
        expect(fault(() => [...recordsOf(path)])).toMatch(/^JRN_DAMAGED/);
      }),
      { numRuns: 300 },
    );
  });

  it('is found at its record when a byte of the file flips within a record', () => {
    const journal = open();
    for (let n = 1; n <= 400; n++) journal.append(record('bars', n));
    journal.close();
    const whole = readFileSync(path);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.nat({ max: 60 }), fc.integer({ min: 1, max: 255 }), (n, offset, mask) => {
        const bytes = Buffer.from(whole);
        // data and hash of the record; also where it stood before its page was divided
        for (let at = bytes.indexOf(`{"n":${n},`); at >= 0; at = bytes.indexOf(`{"n":${n},`, at + 90)) (bytes as Uint8Array)[at + offset] = (bytes[at + offset] as number) ^ mask;
        writeFileSync(path, bytes);
        expect(verifyJournal(path).damage?.sequence).toBe(n);
      }),
      { numRuns: 200 },
    );
  });

  it('never passes for whole when pages are overwritten', () => {
    const journal = open();
    for (let n = 1; n <= 400; n++) journal.append(record('bars', n));
    journal.close();
    const whole = readFileSync(path);
    for (let page = 1; page * 4096 < whole.length; page++) {
      const bytes = Buffer.from(whole);
      bytes.fill(0x5a, page * 4096, page * 4096 + 4096);
      writeFileSync(path, bytes);
      let found: unknown;
      try {
        found = verifyJournal(path).damage;
      } catch (thrown) {
        found = thrown;
      }
      expect(found).toBeDefined();
    }
  });

  it.each<[string, (good: readonly Row[]) => readonly Row[], number]>([
    ['a record in the middle is another', (good) => good.map((row) => (row.sequence === 3 ? { ...row, data: '{"n":33}' } : row)), 4],
    ['the first record is another', (good) => good.map((row) => (row.sequence === 1 ? { ...row, kind: 'bars' } : row)), 2],
    ['two records changed places', ([a, b, c, d, ...rest]) => [a, b, d, c, ...rest] as Row[], 3],
    ['a record was taken out and the rest moved up', (good) => good.filter(({ sequence }) => sequence !== 3), 3],
    ['a record was put in and the rest moved down', (good) => [...good.slice(0, 3), good[2] as Row, ...good.slice(3)], 4],
  ])('is found when %s, each with a hash of its own that fits', (_what, change, sequence) => {
    written('run', 'bars', 'decision', 'state', 'bars', 'decision');
    const good = rows();
    const forged = change(good).map((row, i) => {
      const before = good[row.sequence - 2]?.hash ?? '0'.repeat(64); // what stood before it when it was written
      return { ...row, sequence: i + 1, hash: hashOf(before, i + 1, row.time, row.kind, row.data) };
    });
    tamper('DELETE FROM records');
    for (const { sequence: n, time, kind, data, hash } of forged) put(n, time, kind, data, hash);
    expect(verifyJournal(path)).toMatchObject({ sequence: sequence - 1, damage: { sequence, found: `record ${sequence} does not follow from the one before` } });
    expect(fault(() => [...recordsOf(path)])).toMatch(/^JRN_DAMAGED/);
  });

  it.each([
    ['a record is taken out', 'DELETE FROM records WHERE sequence = 3', 3, 'records 3 to 3 are missing'],
    ['the end is taken off', 'DELETE FROM records WHERE sequence > 2', 3, 'records 3 to 5 are missing at the end'],
    ['the first is taken off', 'DELETE FROM records WHERE sequence = 1', 1, 'records 1 to 1 are missing'],
  ])('is found when %s', (_what, sql, sequence, found) => {
    written('run', 'bars', 'decision', 'state', 'bars');
    tamper(sql);
    expect(verifyJournal(path).damage).toEqual({ sequence, found });
  });

  it('goes on from the good records when what is behind the damage sent nothing, and keeps the whole file', () => {
    written('run', 'bars', 'intent', 'bars', 'decision', 'state');
    tamper("UPDATE records SET data = '{}' WHERE sequence = 5");
    const damaged = readFileSync(path);
    const journal = open();
    expect([...journal.read()]).toHaveLength(4);
    journal.append(record('bars', 7));
    journal.close();
    expect(kept()).toEqual([1, 2, 3, 4, 7]);
    expect(said).toEqual([`${count}.db was damaged (record 5 does not follow from the one before): going on from record 4. 2 records behind it, none of which sent an order, are kept in ${count}.db.damaged-5`]);
    const copy = `${path}.damaged-5`;
    expect(readFileSync(copy).length).toBe(damaged.length);
    expect(verifyJournal(copy).damage?.sequence).toBe(5);
    expect(verifyJournal(path).damage).toBeUndefined();
    const db = new Database(path);
    expect(() => db.exec('DELETE FROM records')).toThrow('append-only');
    db.close();
  });

  it.each([
    ['an order stands behind it', ['run', 'bars', 'decision', 'intent'], "UPDATE records SET data = '{}' WHERE sequence = 3", 'record 4 behind it sent an order (intent)'],
    ['it is an order', ['run', 'bars', 'intent', 'bars'], "UPDATE records SET data = '{}' WHERE sequence = 3", 'record 3 behind it sent an order (intent)'],
    ['its kind cannot be read', ['run', 'bars', 'intent', 'bars'], "UPDATE records SET kind = 'intenu' WHERE sequence = 3", 'record 3 may have sent an order'],
    ['a change stands behind it', ['run', 'bars', 'bars', 'change'], "UPDATE records SET time = 0 WHERE sequence = 2", 'record 4 behind it sent an order (change)'],
    ['records are missing', ['run', 'bars', 'bars', 'bars'], 'DELETE FROM records WHERE sequence = 3', 'records 3 to 3 may have sent orders'],
    ['the end is missing', ['run', 'bars', 'bars', 'bars'], 'DELETE FROM records WHERE sequence > 2', 'records 3 to 4 may have sent orders'],
  ] as const)('is left as it is when %s', (_what, kinds, sql, doubt) => {
    written(...kinds);
    tamper(sql);
    const before = readFileSync(path);
    const message = fault(() => open().read());
    expect(message).toContain('JRN_DAMAGED');
    expect(message).toContain(doubt);
    expect(message).toContain('keep the file');
    expect(kindsIn(path)).toEqual(kindsIn(path, before));
  });
});

/** Kinds of all rows, read without any check. */
function kindsIn(file: string, bytes?: Buffer): unknown[] {
  const db = bytes === undefined ? new Database(file, { readonly: true }) : new Database(bytes);
  try {
    return db.prepare('SELECT sequence, kind, data FROM records ORDER BY sequence').all();
  } finally {
    db.close();
  }
}
